// Accept-Encoding is read strictly; compression goes into a buffer that is shorter than what goes in, or fails.
#include "http/content_coding.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <new>

#include "base/character_class.hpp"

namespace sallyport::http {
namespace {

/// qvalue, RFC 9110 12.4.2, in thousandths: `0`, `1`, up to three decimals, nothing above 1.
std::optional<std::uint16_t> read_quality(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  unsigned value = text[0] == '1' ? 1000 : 0;
  unsigned unit = 100;
  for (const char c : text.substr(std::min<std::size_t>(text.size(), 2))) {
    if (!base::is_digit(c)) return std::nullopt;
    value += static_cast<unsigned>(c - '0') * unit;
    unit /= 10;
  }
  if (value > AcceptEncoding::best_quality) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

/// codings [ weight ]
struct Preference {
  std::string_view name;
  std::uint16_t quality = AcceptEncoding::best_quality;
};

std::optional<Preference> read_preference(std::string_view text) noexcept {
  Preference preference;
  const std::size_t semicolon = text.find(';');
  preference.name = base::trim_blanks(text.substr(0, semicolon));
  if (preference.name.empty()) return std::nullopt;
  if (!std::ranges::all_of(preference.name, [](char c) { return base::is_in(base::token_class, c); })) {
    return std::nullopt;
  }
  if (semicolon == text.npos) return preference;
  const std::string_view weight = base::trim_blanks(text.substr(semicolon + 1));
  if (!base::equal_ignoring_case(weight.substr(0, 2), "q=")) return std::nullopt;
  const auto quality = read_quality(weight.substr(2));
  if (!quality) return std::nullopt;
  preference.quality = *quality;
  return preference;
}

bool gzip(std::string_view content, std::string& out) noexcept {
  // Level 4 costs a few per cent of length against the usual 6, and bounds the search for content made to be slow.
  constexpr int level = 4, gzip_window = 15 + 16, memory_level = 8;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  // zlib does not write to its input, and says so only when ZLIB_CONST is defined before every inclusion.
  stream.next_in = const_cast<Bytef*>(  // NOLINT(cppcoreguidelines-pro-type-const-cast)
      reinterpret_cast<const Bytef*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool complete = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  const std::size_t size = out.size() - stream.avail_out;
  deflateEnd(&stream);
  out.resize(complete ? size : 0);
  return complete;
}

bool brotli(std::string_view content, std::string& out) noexcept {
  constexpr int quality = 5, smallest_window = 16, largest_window = 18;
  const int window = std::clamp(static_cast<int>(std::bit_width(content.size())), smallest_window, largest_window);
  std::size_t size = out.size();
  const bool complete = BrotliEncoderCompress(quality, window, BROTLI_MODE_GENERIC, content.size(),
                                              reinterpret_cast<const std::uint8_t*>(content.data()), &size,
                                              reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE;
  out.resize(complete ? size : 0);
  return complete;
}

}  // namespace

// Reads line after line, as if they were one.
class AcceptEncoding::Reader {
 public:
  void read(std::string_view value) noexcept {
    while (!value.empty()) {
      const std::string_view item = value.substr(0, value.find(','));
      value.remove_prefix(std::min(item.size() + 1, value.size()));
      if (base::trim_blanks(item).empty()) continue;  // RFC 9110 5.6.1.2
      const auto preference = read_preference(item);
      if (!preference) malformed_ = true;
      if (malformed_) return;
      const auto is = [&](std::string_view name) { return base::equal_ignoring_case(preference->name, name); };
      std::optional<std::uint16_t>* place = nullptr;
      if (is("br")) place = &named_[0];
      if (is("gzip") || is("x-gzip")) place = &named_[1];
      if (is("identity")) place = &named_[2];
      if (is("*")) place = &star_;
      if (place) *place = std::min(place->value_or(best_quality), preference->quality);
    }
  }
  [[nodiscard]] AcceptEncoding accepted() const noexcept {
    AcceptEncoding accepted;
    if (malformed_) return accepted;
    accepted.br_ = named_[0].value_or(star_.value_or(0));
    accepted.gzip_ = named_[1].value_or(star_.value_or(0));
    accepted.identity_ = named_[2].value_or(star_.value_or(1));
    return accepted;
  }

 private:
  std::optional<std::uint16_t> star_;
  std::array<std::optional<std::uint16_t>, 3> named_;  // by Coding
  bool malformed_ = false;
};

AcceptEncoding AcceptEncoding::parse(std::string_view value) noexcept {
  Reader reader;
  reader.read(value);
  return reader.accepted();
}

AcceptEncoding AcceptEncoding::of(const RequestHead& head) noexcept {
  const KnownField field = head.known(KnownHeader::accept_encoding);
  if (!field) return {};
  if (!field.repeated) return parse(field.value);
  Reader reader;
  for (const HeaderField& line : head.fields()) {
    if (line.known == KnownHeader::accept_encoding) reader.read(line.value);
  }
  return reader.accepted();
}

std::optional<Coding> AcceptEncoding::best(CodingOffer offer) const noexcept {
  std::optional<Coding> best;
  const auto consider = [&](bool offered, Coding coding) {
    if (offered && quality(coding) > (best ? quality(*best) : 0)) best = coding;
  };
  consider(offer.br, Coding::br);
  consider(offer.gzip, Coding::gzip);
  consider(offer.identity, Coding::identity);
  return best;
}

bool compress(Coding coding, std::string_view content, std::string& out) noexcept {
  out.clear();
  if (coding == Coding::identity || content.empty() || content.size() > max_compressible_size) return false;
  try {
    out.resize(content.size() - 1);
  } catch (const std::bad_alloc&) {
    return false;
  }
  return coding == Coding::br ? brotli(content, out) : gzip(content, out);
}

}  // namespace sallyport::http
