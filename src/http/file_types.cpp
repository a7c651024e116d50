// The table of file types: what web sites serve, with the names of the IANA registry and the WHATWG MIME standard.
#include "http/file_types.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "base/character_class.hpp"

namespace sallyport::http {
namespace {

struct Entry {
  std::string_view extension;
  FileType type;
};

constexpr FileType other{"application/octet-stream"};
constexpr FileType packed(std::string_view content_type) noexcept { return {content_type}; }
constexpr FileType plain(std::string_view content_type) noexcept { return {content_type, true}; }
constexpr FileType active(std::string_view content_type) noexcept { return {content_type, true, true}; }

constexpr Entry table[] = {
    {"aac", packed("audio/aac")},
    {"atom", active("application/atom+xml; charset=utf-8")},
    {"avif", packed("image/avif")},
    {"bmp", plain("image/bmp")},
    {"cjs", plain("text/javascript; charset=utf-8")},
    {"css", plain("text/css; charset=utf-8")},
    {"csv", plain("text/csv; charset=utf-8")},
    {"docx", packed("application/vnd.openxmlformats-officedocument.wordprocessingml.document")},
    {"epub", packed("application/epub+zip")},
    {"flac", packed("audio/flac")},
    {"geojson", plain("application/geo+json")},
    {"gif", packed("image/gif")},
    {"glb", plain("model/gltf-binary")},
    {"gltf", plain("model/gltf+json")},
    {"gz", packed("application/gzip")},
    {"htm", active("text/html; charset=utf-8")},
    {"html", active("text/html; charset=utf-8")},
    {"ico", plain("image/vnd.microsoft.icon")},
    {"ics", plain("text/calendar; charset=utf-8")},
    {"jpeg", packed("image/jpeg")},
    {"jpg", packed("image/jpeg")},
    {"js", plain("text/javascript; charset=utf-8")},
    {"json", plain("application/json")},
    {"jxl", packed("image/jxl")},
    {"m3u8", plain("application/vnd.apple.mpegurl")},
    {"m4a", packed("audio/mp4")},
    {"map", plain("application/json")},
    {"md", plain("text/markdown; charset=utf-8")},
    {"mjs", plain("text/javascript; charset=utf-8")},
    {"mp3", packed("audio/mpeg")},
    {"mp4", packed("video/mp4")},
    {"mpd", active("application/dash+xml")},
    {"ogg", packed("audio/ogg")},
    {"ogv", packed("video/ogg")},
    {"opus", packed("audio/ogg")},
    {"otf", plain("font/otf")},
    {"pdf", packed("application/pdf")},
    {"png", packed("image/png")},
    {"pptx", packed("application/vnd.openxmlformats-officedocument.presentationml.presentation")},
    {"rss", active("application/rss+xml; charset=utf-8")},
    {"svg", active("image/svg+xml; charset=utf-8")},
    {"tar", plain("application/x-tar")},
    {"ttf", plain("font/ttf")},
    {"txt", plain("text/plain; charset=utf-8")},
    {"vcf", plain("text/vcard; charset=utf-8")},
    {"vtt", plain("text/vtt; charset=utf-8")},
    {"wasm", plain("application/wasm")},
    {"wav", plain("audio/wav")},
    {"webm", packed("video/webm")},
    {"webmanifest", plain("application/manifest+json")},
    {"webp", packed("image/webp")},
    {"woff", packed("font/woff")},
    {"woff2", packed("font/woff2")},
    {"xhtml", active("application/xhtml+xml; charset=utf-8")},
    {"xlsx", packed("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")},
    {"xml", active("text/xml; charset=utf-8")},
    {"xsl", active("text/xsl; charset=utf-8")},
    {"zip", packed("application/zip")},
};
static_assert(std::ranges::is_sorted(table, {}, &Entry::extension));

constexpr std::size_t longest_extension =
    std::ranges::max(table, {}, [](const Entry& entry) { return entry.extension.size(); }).extension.size();

constexpr bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr bool is_small(char c) noexcept { return c >= 'a' && c <= 'z'; }

bool is_hexadecimal_hash(std::string_view text) noexcept {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'f'; };
  const auto digits = static_cast<std::size_t>(std::ranges::count_if(text, base::is_digit));
  const auto letters = static_cast<std::size_t>(std::ranges::count_if(text, is_letter));
  return text.size() >= 8 && text.size() <= 64 && digits > 0 && letters > 0 && digits + letters == text.size();
}

constexpr std::size_t base64url_hash_size = 8;

bool is_base64url_hash(std::string_view text) noexcept {
  if (text.size() != base64url_hash_size) return false;
  const auto kind = [](char c) { return is_capital(c) ? 0 : is_small(c) ? 1 : base::is_digit(c) ? 2 : 3; };
  int changes = 0;
  for (std::size_t i = 1; i < text.size(); ++i) changes += kind(text[i]) != kind(text[i - 1]);
  return changes >= 4 && std::ranges::any_of(text, is_capital) && std::ranges::any_of(text, base::is_digit) &&
         std::ranges::all_of(text, [&](char c) { return kind(c) != 3 || c == '-' || c == '_'; });
}

bool is_hash(std::string_view text) noexcept { return is_hexadecimal_hash(text) || is_base64url_hash(text); }

/// Whether a part of a name is `something-hash`. A base64url hash may itself hold a hyphen.
bool ends_with_hash(std::string_view part) noexcept {
  const std::size_t hyphen = part.rfind('-');
  if (hyphen != part.npos && hyphen > 0 && is_hexadecimal_hash(part.substr(hyphen + 1))) return true;
  if (part.size() < base64url_hash_size + 2) return false;
  const std::size_t start = part.size() - base64url_hash_size;
  return part[start - 1] == '-' && is_base64url_hash(part.substr(start));
}

}  // namespace

const FileType& file_type(std::string_view name) noexcept {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos || name.size() - dot - 1 > longest_extension) return other;
  std::array<char, longest_extension> lower;
  const auto end = std::ranges::transform(name.substr(dot + 1), lower.begin(), base::to_lower).out;
  const std::string_view extension(lower.data(), static_cast<std::size_t>(end - lower.begin()));
  const Entry* const found = std::ranges::lower_bound(table, extension, {}, &Entry::extension);
  return found != std::end(table) && found->extension == extension ? found->type : other;
}

bool is_hashed_name(std::string_view path) noexcept {
  std::string_view name = path.substr(path.rfind('/') + 1);
  const FileType& type = file_type(name);
  if (type.active && !type.content_type.starts_with("image/")) return false;
  std::size_t dot = name.find('.');
  if (dot == name.npos) return false;
  if (ends_with_hash(name.substr(0, dot))) return true;
  while (true) {  // every part between two dots
    name.remove_prefix(dot + 1);
    dot = name.find('.');
    if (dot == name.npos) return false;
    const std::string_view part = name.substr(0, dot);
    if (is_hash(part) || ends_with_hash(part)) return true;
  }
}

}  // namespace sallyport::http
