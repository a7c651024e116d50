// Bytes: an answer of a media type of its own, whole in memory.
#pragma once

#include <sallyport/attachment.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/stream.hpp>

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

/// A picture, a document, a font: bytes that the service has made or read, as one answer.
///
///     sp::Task<sp::Bytes<"image/png">> picture(sp::Owned<Photo> photo, const sp::Db& db) {
///       co_return co_await db.one<std::vector<unsigned char>>("SELECT png FROM photos WHERE id = ?", photo.id());
///     }
///
/// It has an ETag made of the bytes, and by it 304 for clients that have them; ranges; and `Cache-Control: private, no-cache`, so that a browser
/// keeps it and asks each time, or what `sp::cache` says. With a name, `{bytes, sp::attachment("plan.pdf")}`, the browser saves it. The media
/// types are those of a `Stream`: none that browsers could take for a document or a script (OUT-013). What is larger than
/// `limits.answer_bytes` is a `Stream`.
template <detail::FixedString MediaType>
class [[nodiscard]] Bytes {
  static_assert(
      detail::may_be_streamed(MediaType.view()) && detail::stream_of(MediaType.view()) == detail::StreamOf::bytes,
      "OUT-013: Bytes have an inert media type (\"image/png\", \"application/pdf\", \"application/octet-stream\"): a "
      "document is a Page, JSON a value with a view, CSV a Stream of sp::csv_line, SVG and scripts are assets");

 public:
  static constexpr std::string_view media_type = MediaType.view();

  Bytes(std::string bytes) noexcept
      : bytes_(std::move(bytes)) {}  // NOLINT(google-explicit-constructor): `co_return bytes;`
  template <class Binary>
    requires(std::convertible_to<const Binary&, std::span<const unsigned char>> && !std::same_as<Binary, std::string>)
  Bytes(const Binary& bytes)  // NOLINT(google-explicit-constructor): a column that holds them
      : Bytes(copy(bytes)) {}
  /// Saved by the browser under this name.
  Bytes(std::string bytes, const attachment& name) : bytes_(std::move(bytes)), disposition_(name.field()) {}
  template <class Binary>
    requires(std::convertible_to<const Binary&, std::span<const unsigned char>> && !std::same_as<Binary, std::string>)
  Bytes(const Binary& bytes, const attachment& name) : Bytes(copy(bytes), name) {}

  // For the kernel.
  [[nodiscard]] std::string& bytes() noexcept { return bytes_; }
  [[nodiscard]] const std::string& disposition() const noexcept { return disposition_; }

 private:
  static std::string copy(std::span<const unsigned char> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::string bytes_;
  std::string disposition_;
};

namespace detail {
template <class R>
inline constexpr bool is_bytes = false;
template <FixedString MediaType>
inline constexpr bool is_bytes<Bytes<MediaType>> = true;
}  // namespace detail

}  // namespace sallyport
