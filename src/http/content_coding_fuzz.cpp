// Any Accept-Encoding, any content: nothing refused is chosen, one more refusal is kept, and what was compressed reads back.
#include "http/content_coding.hpp"

#include <zlib.h>

#include <cstdlib>
#include <string>

namespace {

using namespace sallyport::http;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr Coding codings[] = {Coding::br, Coding::gzip, Coding::identity};

void require_sound(const AcceptEncoding& accepted) {
  for (unsigned bits = 0; bits < 8; ++bits) {
    const CodingOffer offer{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
    const bool offered[] = {offer.br, offer.gzip, offer.identity};
    const auto best = accepted.best(offer);
    require(!best || (offered[static_cast<unsigned>(*best)] && accepted.quality(*best) > 0));
    for (const Coding coding : codings) {
      require(accepted.quality(coding) <= AcceptEncoding::best_quality);
      if (!offered[static_cast<unsigned>(coding)]) continue;
      require(accepted.quality(coding) <= (best ? accepted.quality(*best) : 0));
    }
  }
}

void require_reads_back(std::string_view content) {
  std::string bytes;
  if (!compress(Coding::gzip, content, bytes)) return;
  require(bytes.size() < content.size());
  std::string back(content.size() + 1, '\0');
  z_stream stream{};
  require(inflateInit2(&stream, 15 + 16) == Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(back.data());
  stream.avail_out = static_cast<uInt>(back.size());
  require(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  back.resize(stream.total_out);
  inflateEnd(&stream);
  require(back == content);
}

}  // namespace

/// The field's value, a line feed, the content.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string value(input.substr(0, input.find('\n')));
  const AcceptEncoding accepted = AcceptEncoding::parse(value);
  require_sound(accepted);

  // One more refusal is kept, whatever stands before it: by name, or because the whole counts for nothing.
  const AcceptEncoding without = AcceptEncoding::parse(value + ",br;q=0,gzip;q=0");
  require_sound(without);
  require(without.quality(Coding::br) == 0 && without.quality(Coding::gzip) == 0);
  // Two fields' values joined: the weights of a coding named in both only fall.
  const AcceptEncoding twice = AcceptEncoding::parse(value + "," + value);
  for (const Coding coding : codings) require(twice.quality(coding) == accepted.quality(coding));

  const std::string_view content = input.substr(std::min(value.size() + 1, input.size()));
  require_reads_back(content);
  std::string bytes;
  require(!compress(Coding::br, content, bytes) || bytes.size() < content.size());
  return 0;
}
