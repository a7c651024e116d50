// Content codings (RFC 9110 8.4.1, 12.5.3): which of them a client takes, and gzip and brotli made of an answer in memory.
//
// Never compress an answer that holds a secret beside something the client chose: the length reveals the secret
// (BREACH).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/http1_parser.hpp"

namespace sallyport::http {

/// In the order of preference among those that a client likes equally well.
enum class Coding : std::uint8_t { br, gzip, identity };

/// The name for Content-Encoding; empty for identity, which is not sent.
[[nodiscard]] constexpr std::string_view coding_name(Coding coding) noexcept {
  return coding == Coding::br ? "br" : coding == Coding::gzip ? "gzip" : "";
}

/// What the server could send.
struct CodingOffer {
  bool br = false;
  bool gzip = false;
  bool identity = true;
};

/// What a client takes, from its Accept-Encoding. An answer that depends on it needs `Vary: Accept-Encoding`, also where
/// identity was chosen.
class AcceptEncoding {
 public:
  static constexpr unsigned best_quality = 1000;

  /// Identity only: what a client without the field gets. It could take anything (12.5.3); some can't.
  constexpr AcceptEncoding() noexcept = default;

  /// A malformed value counts for nothing, since a refusal may be in what was not understood. A coding that is named twice
  /// has its lower weight; `x-gzip` is gzip (8.4.1.3); identity that is not named comes after all that is.
  [[nodiscard]] static AcceptEncoding parse(std::string_view value) noexcept;

  /// What all lines of the field say together (RFC 9110 5.3).
  [[nodiscard]] static AcceptEncoding of(const RequestHead& head) noexcept;

  /// The weight in thousandths; 0 is "not acceptable".
  [[nodiscard]] constexpr unsigned quality(Coding coding) const noexcept {
    return coding == Coding::br ? br_ : coding == Coding::gzip ? gzip_ : identity_;
  }

  /// The best of what is offered; nothing if the client takes none of it. The answer to that is 406, or identity all the
  /// same (12.1 allows to disregard a preference that can't be met).
  [[nodiscard]] std::optional<Coding> best(CodingOffer offer) const noexcept;

 private:
  class Reader;
  std::uint16_t br_ = 0;
  std::uint16_t gzip_ = 0;
  std::uint16_t identity_ = best_quality;
};

/// Longer content is not compressed in memory. With this much the slowest content that was found takes 20 ms (gzip) and
/// 50 ms (brotli) of a core.
inline constexpr std::size_t max_compressible_size = std::size_t{1} << 20;

/// Replaces `out` with `content` in gzip (RFC 1952, level 4) or brotli (RFC 7932, quality 5, a window of at most 256 KiB).
/// False, with `out` empty, when that would not be shorter, when memory runs out, above max_compressible_size, and for
/// identity. The same content becomes the same bytes: a gzip header without name and time is written.
///
/// Memory while it runs, measured at the largest size: that of the content for `out`, and 0.3 MiB for gzip, 5 MiB for brotli.
[[nodiscard]] bool compress(Coding coding, std::string_view content, std::string& out) noexcept;

}  // namespace sallyport::http
