// Any bytes as a Cookie field: what is found is in the field, under our name, and only once.
#include "identity/session_cookie.hpp"

#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace sallyport::identity;
  const std::string_view field{reinterpret_cast<const char*>(data), size};
  const std::string_view found = session_cookie_of(field);
  if (found.empty()) return 0;
  const std::string pair = std::string(session_cookie_name) + "=" + std::string(found);
  if (field.find(pair) == field.npos || found.find(';') != found.npos) std::abort();
  if (session_cookie_of(pair) != found) std::abort();
  if (!session_cookie_of(pair + ";" + std::string(field)).empty()) std::abort();
  return 0;
}
