// code: OUT-013
// cases: 5
// Bytes that a browser would take for a document or a script.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

#ifndef CASE
sp::Bytes<"image/png"> answer() { return std::string("\x89PNG"); }
sp::Bytes<"application/octet-stream"> column(const std::vector<unsigned char>& bytes) { return bytes; }
#elif CASE == 1
sp::Bytes<"text/html"> answer() { return std::string("<p>"); }
#elif CASE == 2
sp::Bytes<"image/svg+xml"> answer() { return std::string("<svg/>"); }
#elif CASE == 3
sp::Bytes<"application/json"> answer() { return std::string("{}"); }
#elif CASE == 4
sp::Bytes<"text/csv; charset=utf-8"> answer() { return std::string("a,b"); }
#elif CASE == 5
sp::Bytes<"text/javascript"> answer() { return std::string("1"); }
#endif
