// Tests of the chunked decoder: the grammar of RFC 9112 7.1, its limits, and the ways around it that have been sold as CVEs.
#include "http/chunked_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::http {
namespace {

using State = ChunkedDecoder::State;
using namespace std::string_literals;

struct Decoded {
  State state = State::need_more;
  ChunkError error = ChunkError::none;
  std::size_t consumed = 0;
  std::string data;

  friend bool operator==(const Decoded&, const Decoded&) = default;
};

std::ostream& operator<<(std::ostream& out, const Decoded& d) {
  return out << "state " << static_cast<int>(d.state) << " rule " << rule_name(d.error) << " consumed " << d.consumed
             << " data '" << d.data << "'";
}

// Feeds `bytes` in pieces of `step` bytes.
Decoded decode(std::string_view bytes, std::size_t step = std::string_view::npos) {
  ChunkedDecoder decoder;
  Decoded all;
  while (!bytes.empty()) {
    std::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    for (;;) {
      const auto result = decoder.feed(piece);
      all.state = result.state;
      all.error = result.error;
      all.consumed += result.consumed;
      all.data += result.data;
      piece.remove_prefix(result.consumed);
      if (result.state != State::data) break;
    }
    if (all.state == State::done || all.state == State::error) break;
  }
  return all;
}

struct Good {
  const char* name;
  std::string bytes;
  std::string data;
};

std::string repeat(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::vector<Good> good_bodies() {
  return {
      {"empty", "0\r\n\r\n", ""},
      {"one_chunk", "5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"two_chunks", "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"},
      {"hex_of_both_cases", "a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a"},
      {"leading_zeros", "0000000000000005\r\nhello\r\n000\r\n\r\n", "hello"},
      {"data_may_look_like_framing", "7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n\r\n"},
      {"extension_name", "5;a\r\nhello\r\n0;b\r\n\r\n", "hello"},
      {"extension_value", "5;a=b;c=\"d e\"\r\nhello\r\n0\r\n\r\n", "hello"},
      {"extension_of_256", "5;" + std::string(255, 'x') + "\r\nhello\r\n0\r\n\r\n", "hello"},
      {"extension_with_blanks", "5; a \t= b ; c\t=\t\"d\\\"e\\\\\" ;f\r\nhello\r\n0\r\n\r\n", "hello"},
      {"extension_empty_text", "5;a=\"\"\r\nhello\r\n0\r\n\r\n", "hello"},
      {"trailer", "1\r\nx\r\n0\r\nDigest: abc\r\nX:\r\n\r\n", "x"},
      {"trailer_framing_field_is_dropped", "0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", ""},
      {"trailer_64_fields", "0\r\n" + repeat("a:b\r\n", 64) + "\r\n", ""},
      {"trailer_8_kib", "0\r\na:" + std::string(8 * 1024 - 4, 'x') + "\r\n\r\n", ""},
      {"one_long_extension", "1;" + std::string(255, 'x') + "\r\nx\r\n" + repeat("1\r\nx\r\n", 1000) + "0\r\n\r\n",
       std::string(1001, 'x')},
      {"many_one_byte_chunks", repeat("1\r\nx\r\n", 20'000) + "0\r\n\r\n", std::string(20'000, 'x')},
  };
}

struct Bad {
  const char* name;
  std::string bytes;
  ChunkError error;
};

std::vector<Bad> bad_bodies() {
  return {
      {"size_empty", "\r\n", ChunkError::size_syntax},
      {"size_plus", "+5\r\nhello\r\n", ChunkError::size_syntax},
      {"size_minus", "-5\r\n", ChunkError::size_syntax},
      {"size_0x", "0x5\r\nhello\r\n", ChunkError::size_syntax},
      {"size_leading_space", " 5\r\nhello\r\n", ChunkError::size_syntax},
      {"size_trailing_space", "5 \r\nhello\r\n", ChunkError::size_syntax},
      {"size_trailing_tab", "5\t\r\nhello\r\n", ChunkError::size_syntax},
      {"size_space_before_extension", "5 ;a\r\nhello\r\n", ChunkError::size_syntax},
      {"size_not_hex", "5g\r\n", ChunkError::size_syntax},
      {"size_underscore", "1_0\r\n", ChunkError::size_syntax},
      {"size_comma", "5,5\r\n", ChunkError::size_syntax},
      {"size_nul", "5\0\r\n"s, ChunkError::size_syntax},
      {"size_high_byte", "5\xB2\r\n", ChunkError::size_syntax},
      {"chunk_overflow", "10000000000000000\r\n", ChunkError::size_overflow},
      {"chunk_overflow_of_zeros", "00000000000000005\r\nhello\r\n", ChunkError::size_overflow},
      {"chunk_bare_lf", "5\nhello\r\n", ChunkError::bare_lf},  // CVE-2025-22871
      {"chunk_bare_lf_last", "0\n\r\n", ChunkError::bare_lf},
      {"chunk_bare_lf_after_data", "5\r\nhello\n0\r\n\r\n", ChunkError::bare_lf},
      {"chunk_bare_lf_at_end", "0\r\n\n", ChunkError::bare_lf},
      {"chunk_bare_cr", "5\rhello\r\n", ChunkError::bare_cr},
      {"chunk_bare_cr_after_data", "5\r\nhello\rX", ChunkError::bare_cr},
      {"chunk_bare_cr_at_end", "0\r\n\rX", ChunkError::bare_cr},
      {"chunk_ext_lf", "5;a\nhello\r\n0\r\n\r\n", ChunkError::bare_lf},  // CVE-2025-55315
      {"chunk_ext_lf_quoted", "5;a=\"\n\"\r\nhello\r\n", ChunkError::bare_lf},
      {"chunk_ext_cr", "5;a\rb\r\nhello\r\n", ChunkError::bare_cr},
      {"chunk_ext_cr_cr_lf", "5;a\r\r\nhello\r\n", ChunkError::bare_cr},
      {"chunk_ext_nul", "5;a\0\r\nhello\r\n"s, ChunkError::extension_byte},
      {"chunk_ext_delete", "5;a\x7F\r\nhello\r\n", ChunkError::extension_byte},
      {"chunk_ext_high_byte", "5;a\x80\r\nhello\r\n", ChunkError::extension_byte},
      {"chunk_ext_empty", "5;\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_blank", "5; \r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_two_marks", "5;;a\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_ends_in_mark", "5;a;\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_blank_at_end", "5;a \r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_blank_after_value", "5;a=b \r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_blank_after_text", "5;a=\"b\" \r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_no_name", "5;=b\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_no_value", "5;a=\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_no_value_but_another", "5;a=;b\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_two_names", "5;a b\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_two_values", "5;a=b=c\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_name_in_quotes", "5;\"a\"\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_value_no_token", "5;a=b@c\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_open_quote", "5;a=\"b\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_escaped_quote", "5;a=\"b\\\"\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_escaped_end", "5;a=\"b\\\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_text_and_token", "5;a=\"b\"c\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_token_and_text", "5;a=b\"c\"\r\nhello\r\n", ChunkError::extension_syntax},
      {"chunk_ext_of_257", "5;" + std::string(256, 'x'), ChunkError::extension_too_long},
      {"data_longer_than_said", "5\r\nhello!\r\n0\r\n\r\n", ChunkError::data_not_ended},
      {"data_shorter_than_said", "5\r\nhell\r\n0\r\n\r\n", ChunkError::bare_lf},
      {"too_much_framing", repeat("1;" + std::string(255, 'x') + "\r\nx\r\n", 80), ChunkError::too_much_framing},
      {"trailer_no_colon", "0\r\nfoo\r\n\r\n", ChunkError::trailer_syntax},
      {"trailer_space_before_colon", "0\r\nfoo : bar\r\n\r\n", ChunkError::trailer_syntax},
      {"trailer_empty_name", "0\r\n: bar\r\n\r\n", ChunkError::trailer_syntax},
      {"trailer_obs_fold", "0\r\nfoo: bar\r\n baz\r\n\r\n", ChunkError::trailer_syntax},
      {"trailer_nul", "0\r\nfoo: b\0r\r\n\r\n"s, ChunkError::trailer_syntax},
      {"trailer_bare_lf_in_name", "0\r\nfoo\n\r\n", ChunkError::bare_lf},
      {"trailer_bare_lf", "0\r\nfoo: bar\n\r\n", ChunkError::bare_lf},
      {"trailer_bare_cr", "0\r\nfoo: bar\rbaz\r\n\r\n", ChunkError::bare_cr},
      {"trailer_65_fields", "0\r\n" + repeat("a:b\r\n", 64) + "a", ChunkError::trailer_too_many},
      {"trailer_8_kib_and_one", "0\r\na:" + std::string(8 * 1024 - 3, 'x'), ChunkError::trailer_too_large},
  };
}

TEST(ChunkedDecoder, good_bodies) {
  for (const Good& body : good_bodies()) {
    const Decoded expected{State::done, ChunkError::none, body.bytes.size(), body.data};
    EXPECT_EQ(decode(body.bytes), expected) << body.name;
    EXPECT_EQ(decode(body.bytes + "GET / HTTP/1.1\r\n"), expected) << body.name << ", with a request behind it";
  }
}

TEST(ChunkedDecoder, good_bodies_cut_anywhere) {
  for (const Good& body : good_bodies()) {
    const Decoded expected{State::done, ChunkError::none, body.bytes.size(), body.data};
    for (const std::size_t step : {1U, 2U, 3U, 5U, 7U}) EXPECT_EQ(decode(body.bytes, step), expected) << body.name;
    if (body.bytes.size() > 1000) continue;
    for (std::size_t cut = 0; cut < body.bytes.size(); ++cut) {
      const Decoded part = decode(std::string_view{body.bytes}.substr(0, cut));
      EXPECT_EQ(part.state, State::need_more) << body.name << " cut at " << cut;
      EXPECT_EQ(part.consumed, cut) << body.name;
      EXPECT_TRUE(body.data.starts_with(part.data)) << body.name;
    }
  }
}

// Each bad body is refused at the byte that makes it bad, however it is cut.
TEST(ChunkedDecoder, bad_bodies) {
  for (const Bad& body : bad_bodies()) {
    const Decoded whole = decode(body.bytes);
    EXPECT_EQ(whole.state, State::error) << body.name;
    EXPECT_EQ(whole.error, body.error) << body.name << ": " << rule_name(whole.error);
    EXPECT_EQ(decode(body.bytes, 1), whole) << body.name;
    EXPECT_EQ(decode(std::string_view{body.bytes}.substr(0, whole.consumed - 1)).state, State::need_more) << body.name;
  }
}

TEST(ChunkedDecoder, every_mutation_decodes_the_same_whole_and_byte_by_byte) {
  const std::string body = "5;a=\"b\"\r\nhello\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n";
  for (std::size_t at = 0; at < body.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string mutant = body;
      mutant[at] = static_cast<char>(byte);
      ASSERT_EQ(decode(mutant), decode(mutant, 1)) << "byte " << byte << " at " << at;
    }
  }
}

TEST(ChunkedDecoder, data_is_a_view_into_the_input) {
  ChunkedDecoder decoder;
  const std::string body = "5\r\nhello\r\n";
  const auto piece = decoder.feed(body);
  EXPECT_EQ(piece.state, State::data);
  EXPECT_EQ(piece.data.data(), body.data() + 3);
}

TEST(ChunkedDecoder, largest_size_is_declared_before_its_data) {
  ChunkedDecoder decoder;
  EXPECT_EQ(decoder.feed("ffffffffffffffff\r\n").state, State::need_more);
  EXPECT_EQ(decoder.chunk_remaining(), 0xFFFFFFFFFFFFFFFFU);
  EXPECT_EQ(decoder.feed("xyz").state, State::data);
  EXPECT_EQ(decoder.chunk_remaining(), 0xFFFFFFFFFFFFFFFCU);
}

// Each chunk of one byte with an extension of `extension` costs framing of 1 + extension + 4 bytes and pays for 18 of them.
TEST(ChunkedDecoder, framing_that_is_not_paid_for_has_an_exact_cap) {
  const auto chunks = [](std::size_t extension, std::size_t count) {
    return repeat("1;" + std::string(extension - 1, 'x') + "\r\nx\r\n", count);
  };
  constexpr std::size_t paid = 18;
  constexpr std::size_t cap = ChunkedDecoder::max_excess_framing;
  static_assert(cap % 64 == 0);
  // 64 bytes too many in each: 256 such chunks reach the cap, and the next goes over it.
  const std::size_t extension = 64 + paid - 5;
  EXPECT_EQ(decode(chunks(extension, cap / 64)).error, ChunkError::none);
  EXPECT_EQ(decode(chunks(extension, cap / 64 + 1)).error, ChunkError::too_much_framing);
  // What a chunk pays for itself is never added up.
  EXPECT_EQ(decode(chunks(paid - 5, 100'000)).error, ChunkError::none);
  // Data pays off what came before.
  const std::string large = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
  EXPECT_EQ(decode(chunks(extension, cap / 64) + large + chunks(extension, cap / 64)).error, ChunkError::none);
}

TEST(ChunkedDecoder, an_error_and_an_end_are_final) {
  ChunkedDecoder failed;
  EXPECT_EQ(failed.feed("x").state, State::error);
  EXPECT_EQ(failed.feed("0\r\n\r\n").state, State::error);
  EXPECT_EQ(failed.feed("0\r\n\r\n").error, ChunkError::size_syntax);
  ChunkedDecoder ended;
  EXPECT_EQ(ended.feed("0\r\n\r\n").state, State::done);
  EXPECT_EQ(ended.feed("5\r\nhello").state, State::done);
  EXPECT_EQ(ended.feed("5\r\nhello").consumed, 0U);
}

TEST(ChunkedDecoder, every_rule_has_a_case_and_a_name) {
  const auto cases = bad_bodies();
  for (std::size_t i = 1; i < static_cast<std::size_t>(ChunkError::count); ++i) {
    const auto error = static_cast<ChunkError>(i);
    EXPECT_TRUE(std::ranges::any_of(cases, [error](const Bad& body) { return body.error == error; }))
        << rule_name(error);
    EXPECT_FALSE(rule_name(error).empty());
    EXPECT_GE(status_of(error), 400);
  }
}

TEST(ChunkedDecoder, TakesNothingBehindAnErrorOrTheEnd) {
  ChunkedDecoder broken;
  ASSERT_EQ(broken.feed("x").state, ChunkedDecoder::State::error);
  const auto again = broken.feed("5\r\nhello");
  EXPECT_EQ(again.state, ChunkedDecoder::State::error);
  EXPECT_EQ(again.error, ChunkError::size_syntax);
  EXPECT_EQ(again.consumed, 0U);
  ChunkedDecoder done;
  ASSERT_EQ(done.feed("0\r\n\r\n").state, ChunkedDecoder::State::done);
  EXPECT_EQ(done.feed("GET").consumed, 0U);
}

}  // namespace
}  // namespace sallyport::http
