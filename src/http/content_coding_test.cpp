// Content codings: the RFC's examples of Accept-Encoding, what is malformed, and bytes that decompress to what went in.
#include "http/content_coding.hpp"

#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace sallyport::http {
namespace {

constexpr CodingOffer all{true, true, true};

/// br, gzip and identity in thousandths.
std::string qualities(const AcceptEncoding& accepted) {
  return std::to_string(accepted.quality(Coding::br)) + ' ' + std::to_string(accepted.quality(Coding::gzip)) + ' ' +
         std::to_string(accepted.quality(Coding::identity));
}
std::string qualities(std::string_view value) { return qualities(AcceptEncoding::parse(value)); }

std::optional<Coding> best(std::string_view value, CodingOffer offer = all) {
  return AcceptEncoding::parse(value).best(offer);
}

TEST(AcceptEncoding, TheExamplesOf12_5_3) {
  EXPECT_EQ(qualities("compress, gzip"), "0 1000 1");
  EXPECT_EQ(qualities(""), "0 0 1");
  EXPECT_EQ(qualities("*"), "1000 1000 1000");
  EXPECT_EQ(qualities("compress;q=0.5, gzip;q=1.0"), "0 1000 1");
  EXPECT_EQ(qualities("gzip;q=1.0, identity; q=0.5, *;q=0"), "0 1000 500");
}

TEST(AcceptEncoding, Weights) {
  EXPECT_EQ(qualities("gzip, deflate, br, zstd"), "1000 1000 1");
  EXPECT_EQ(qualities("GZIP;Q=0.25,Br ; q=0.1"), "100 250 1");
  EXPECT_EQ(qualities("x-gzip;q=0.75"), "0 750 1");
  EXPECT_EQ(qualities("br;q=0.001, gzip;q=0.999, identity;q=0"), "1 999 0");
  EXPECT_EQ(qualities("br;q=0, gzip;q=0.000, identity;q=0."), "0 0 0");
  EXPECT_EQ(qualities("br;q=1, gzip;q=1.000, identity;q=1."), "1000 1000 1000");
  EXPECT_EQ(qualities("*;q=0.3, gzip;q=0.7"), "300 700 300");
  EXPECT_EQ(qualities("gzip;q=0.7, *;q=0"), "0 700 0");
  EXPECT_EQ(qualities("gzip;q=0.7, gzip, gzip;q=0.2"), "0 200 1") << "the lower one of a repeated coding";
  EXPECT_EQ(qualities("gzip, gzip;q=0, x-gzip"), "0 0 1");
  EXPECT_EQ(qualities("gzip;q=0,5"), "0 0 1") << "a decimal comma: gzip refused, and a coding called 5";
  EXPECT_EQ(qualities("\t, ,gzip ,, br\t;\tq=1 ,"), "1000 1000 1");
}

TEST(AcceptEncoding, MalformedCountsForNothing) {
  for (const std::string_view value :
       {"gzip;q",     "gzip;q=",    "gzip;q=2",  "gzip;q=1.001", "gzip;q=0.1234", "gzip;q=-1",      "gzip;q=.5",
        "gzip;q=00",  "gzip;q=0x1", "gzip;q= 1", "gzip;q =1",    "gzip;;q=1",     "gzip;q=1;q=0",   "gzip;level=9",
        "gzip;",      ";q=1",       "gzip br",   "gz(ip",        "\"gzip\"",      "gzip, br;q=nan", "identity;q=0, br;",
        "gzip;q=1 br"}) {
    EXPECT_EQ(qualities(value), "0 0 1000") << value;
  }
  EXPECT_EQ(qualities(AcceptEncoding::parse({"gzip\0", 5})), "0 0 1000");
}

TEST(AcceptEncoding, OfTheLinesOfARequest) {
  const auto of = [](std::string_view lines) {
    const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(lines) + "\r\n";
    RequestHead head;
    EXPECT_EQ(parse_request_head(bytes, head, {}).state, ParseResult::State::complete);
    return qualities(AcceptEncoding::of(head));
  };
  EXPECT_EQ(of(""), "0 0 1000");
  EXPECT_EQ(of("Accept-Encoding: br\r\n"), "1000 0 1");
  EXPECT_EQ(of("Accept-Encoding: br\r\nAccept: */*\r\nAccept-Encoding: gzip;q=0.5\r\n"), "1000 500 1");
  EXPECT_EQ(of("Accept-Encoding: br\r\nAccept-Encoding: br;q=0\r\n"), "0 0 1");
  EXPECT_EQ(of("Accept-Encoding: br\r\nAccept-Encoding: gz(ip\r\n"), "0 0 1000");
}

TEST(AcceptEncoding, TheBestOfWhatIsOffered) {
  EXPECT_EQ(best("gzip, deflate, br"), Coding::br);
  EXPECT_EQ(best("gzip, deflate, br", {.gzip = true}), Coding::gzip);
  EXPECT_EQ(best("gzip, deflate, br", {}), Coding::identity);
  EXPECT_EQ(best("br;q=0.5, gzip"), Coding::gzip);
  EXPECT_EQ(best("br;q=0.5, gzip;q=0.4, identity"), Coding::identity);
  EXPECT_EQ(best("deflate"), Coding::identity);
  EXPECT_EQ(best("br;q=0.001"), Coding::br);
  EXPECT_EQ(best("*"), Coding::br);
  EXPECT_EQ(best("identity;q=0", {}), std::nullopt);
  EXPECT_EQ(best("*;q=0"), std::nullopt);
  EXPECT_EQ(best("gzip, *;q=0"), Coding::gzip);
  EXPECT_EQ(best("gzip, *;q=0", {.br = true}), std::nullopt);
}

std::string gunzip(std::string_view bytes, std::size_t size) {
  std::string content(size + 1, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string input(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = static_cast<uInt>(content.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  content.resize(stream.total_out);
  inflateEnd(&stream);
  return content;
}

std::string unbrotli(std::string_view bytes, std::size_t size) {
  std::string content(size + 1, '\0');
  std::size_t got = content.size();
  EXPECT_EQ(BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()), &got,
                                    reinterpret_cast<std::uint8_t*>(content.data())),
            BROTLI_DECODER_RESULT_SUCCESS);
  content.resize(got);
  return content;
}

std::string page(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) text += "<li><a href=\"/notes/" + std::to_string(i) + "\">Note</a></li>\n";
  text.resize(size);
  return text;
}

TEST(Compress, ReadsBack) {
  std::string out;
  for (const std::size_t size : {200U, 1000U, 65'535U, 65'536U, 300'000U, 1'048'576U}) {
    const std::string content = page(size);
    ASSERT_TRUE(compress(Coding::gzip, content, out)) << size;
    EXPECT_LT(out.size(), size);
    EXPECT_EQ(gunzip(out, size), content);
    ASSERT_TRUE(compress(Coding::br, content, out)) << size;
    EXPECT_LT(out.size(), size);
    EXPECT_EQ(unbrotli(out, size), content);
  }
}

TEST(Compress, GivesWhatIsShorterByAByteAndNothingElse) {
  std::string out;
  for (const Coding coding : {Coding::gzip, Coding::br}) {
    std::size_t gained = 0;
    for (std::size_t size = 1; size < 200; ++size) {
      if (!compress(coding, page(size), out)) continue;
      EXPECT_LT(out.size(), size);
      ++gained;
    }
    EXPECT_GT(gained, 0U);
  }
}

TEST(Compress, IsTheSameEveryTimeAndTellsNeitherTimeNorName) {
  std::string one, other;
  for (const Coding coding : {Coding::gzip, Coding::br}) {
    ASSERT_TRUE(compress(coding, page(5000), one));
    ASSERT_TRUE(compress(coding, page(5000), other));
    EXPECT_EQ(one, other);
  }
  ASSERT_TRUE(compress(Coding::gzip, page(5000), one));
  EXPECT_EQ(one.substr(0, 8), std::string_view("\x1f\x8b\x08\0\0\0\0\0", 8));  // no flags, no time (RFC 1952 2.3)
}

TEST(Compress, FailsWhereItDoesNotGain) {
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 4000; ++i)
    noise.push_back(static_cast<char>((x = x * 1664525 + 1013904223) >> 24));
  const std::string too_long(max_compressible_size + 1, 'a');
  for (const Coding coding : {Coding::gzip, Coding::br, Coding::identity}) {
    for (const std::string_view content : {std::string_view{}, std::string_view{"a"}, std::string_view{"abc"},
                                           std::string_view{noise}, std::string_view{too_long}}) {
      std::string out = "before";
      EXPECT_FALSE(compress(coding, content, out)) << content.size();
      EXPECT_TRUE(out.empty());
    }
  }
  std::string out;
  EXPECT_FALSE(compress(Coding::identity, page(5000), out));
}

}  // namespace
}  // namespace sallyport::http
