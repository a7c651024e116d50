// The system's texts for its errors.
#include "net/failure.hpp"

#include <cstring>

namespace sallyport::net {

Failure system_failure(NetError error, int number) noexcept {
  const char* const words = ::strerrordesc_np(number);  // constant, where strerror() has one text for all
  return {error, words ? words : "an error that the system has no words for"};
}

}  // namespace sallyport::net
