// Writes a Page as a complete HTML document.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <sallyport/page.hpp>

namespace sallyport::markup {

/// What a style sheet or script at a path of this service has to hash to (Subresource Integrity, W3C).
struct Integrity {
  std::string_view path;
  std::string_view value;  ///< `sha384-…`
};

/// The document of `page`. `nonce` (base64) is the one in the `script-src` of the same response; it goes into the script
/// tags written here and nowhere else. Style sheets and scripts that `known` names get its `integrity`. `style` is a text of the framework's
/// that stands in the document itself.
std::string render_document(const Page& page, std::string_view nonce, std::span<const Integrity> known = {},
                            std::string_view style = {});

}  // namespace sallyport::markup
