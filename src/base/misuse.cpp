// Misuse: what ends a request, and what says so where there is none.
#include <sallyport/detail/misuse.hpp>

#include <cstdio>
#include <string>

namespace sallyport::detail {

void misused(const char* what, std::string_view detail) {
  if (current_context && !current_context->over()) {
    current_context->note_misuse({what, detail});
  } else {
    std::string line("sallyport: misused outside of a request: ");
    line.append(what);
    if (!detail.empty()) line.append(": ").append(detail);
    static_cast<void>(std::fputs(line.append("\n").c_str(), stderr));
  }
  throw Misuse(what);
}

}  // namespace sallyport::detail
