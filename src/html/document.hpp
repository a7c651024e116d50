// Writes a Page as a complete HTML document.
#pragma once

#include <string>
#include <string_view>

#include <sallyport/page.hpp>

namespace sallyport::markup {

/// The document of `page`. `nonce` (base64) is the one in the `script-src` of the same response; it goes into the script
/// tags written here and nowhere else.
std::string render_document(const Page& page, std::string_view nonce);

}  // namespace sallyport::markup
