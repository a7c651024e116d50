// Writes a Page as a complete HTML document.
#include "html/document.hpp"

#include <algorithm>
#include <cstddef>

#include "html/escape.hpp"

namespace sallyport::markup {

namespace {

void append_integrity(std::string& out, std::string_view path, std::span<const Integrity> known) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const Integrity& one) { return one.path == path; });
  if (found != known.end()) out.append("\" integrity=\"").append(found->value);
}

}  // namespace

std::string render_document(const Page& page, std::string_view nonce, std::span<const Integrity> known,
                            std::string_view style) {
  constexpr std::size_t head_size = 512;  // the fixed parts and a few addresses
  std::string out;
  out.reserve(head_size + page.title.size() + page.description.size() + page.body.size() +
              128 * (page.stylesheets.size() + page.scripts.size()));

  out += "<!doctype html>\n<html lang=\"";
  append_escaped(out, page.lang);
  out +=
      "\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  append_escaped(out, page.title);
  out += "</title>\n";
  if (!page.description.empty()) {
    out += "<meta name=\"description\" content=\"";
    append_escaped(out, page.description);
    out += "\">\n";
  }
  if (page.icon) {
    out += "<link rel=\"icon\" href=\"";
    append_escaped(out, page.icon->view());
    out += "\">\n";
  }
  for (const LocalPath& sheet : page.stylesheets) {
    out += "<link rel=\"stylesheet\" href=\"";
    append_escaped(out, sheet.view());
    append_integrity(out, sheet.view(), known);
    out += "\">\n";
  }
  if (!style.empty()) out.append("<style>").append(style).append("</style>\n");
  for (const LocalPath& script : page.scripts) {
    out += "<script src=\"";
    append_escaped(out, script.view());
    append_integrity(out, script.view(), known);
    out += "\" nonce=\"";
    append_escaped(out, nonce);
    out += "\" defer></script>\n";
  }
  out += "</head>\n<body>\n";
  out += page.body.view();
  out += "\n</body>\n</html>\n";
  return out;
}

}  // namespace sallyport::markup
