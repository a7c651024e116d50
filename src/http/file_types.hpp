// What a file is, by the end of its name.
#pragma once

#include <string_view>

namespace sallyport::http {

struct FileType {
  std::string_view content_type;
  bool compressible = false;  ///< text and the like: gzip and brotli make it shorter
  /// A browser that opens it runs what is in it (HTML, SVG, all XML): it needs the headers of a document, not of an asset.
  bool active = false;
};

/// By what follows the last dot, in either case: Content-Type, with `charset=utf-8` for text. Everything that is not
/// listed is `application/octet-stream`, which together with `nosniff` a browser saves and never opens.
[[nodiscard]] const FileType& file_type(std::string_view name) noexcept;

/// Whether the name has a hash of the content in it, so that the file of that name never changes and may be cached without
/// limit. A mistake shows people old content for a year, so in doubt it is none, which costs a revalidation. Between the
/// name and the extensions, after `-` or `.`, must stand (`app.3f9a1c2b.js`, `app-3f9a1c2b.min.css`,
/// `app.3f9a1c2b.js.map`)
/// - 8 to 64 digits and lower-case letters of a hexadecimal number, at least one of each: no date, counter or word; or
/// - 8 characters of base64url (Vite, Rollup, esbuild) with a capital and a digit that change their kind (capital, small,
///   digit, other) four times or more: no word with a number. Some hashes of this form are not recognised.
/// Pages (HTML, XML) never count: their names are what people remember.
[[nodiscard]] bool is_hashed_name(std::string_view path) noexcept;

}  // namespace sallyport::http
