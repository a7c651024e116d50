// Paths: what is decoded, what is refused and why.
#include "gate/path_shape.hpp"

#include "gate/checks.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

namespace sallyport::gate {
namespace {

struct Case {
  std::string raw;
  PathFault fault;
  std::string decoded;
};

TEST(PathShape, Table) {
  const Case cases[] = {
      {"/", PathFault::none, "/"},
      {"/a/b-c_d.e~f", PathFault::none, "/a/b-c_d.e~f"},
      {"/a/", PathFault::none, "/a/"},
      {"/caf%C3%A9", PathFault::none, "/caf\xc3\xa9"},
      {"/a%20b", PathFault::none, "/a b"},
      {"/%41", PathFault::none, "/A"},
      {"/...", PathFault::none, "/..."},
      {"", PathFault::not_absolute, ""},
      {"a", PathFault::not_absolute, ""},
      {"//", PathFault::empty_segment, ""},
      {"/a//b", PathFault::empty_segment, ""},
      {"/.", PathFault::dot_segment, ""},
      {"/a/..", PathFault::dot_segment, ""},
      {"/%2e%2E/a", PathFault::dot_segment, ""},
      {"/%", PathFault::bad_escape, ""},
      {"/%4", PathFault::bad_escape, ""},
      {"/%4g", PathFault::bad_escape, ""},
      {"/a%2Fb", PathFault::encoded_delimiter, ""},
      {"/a%5cb", PathFault::encoded_delimiter, ""},
      {"/a%2541", PathFault::encoded_delimiter, ""},
      {"/a%00", PathFault::encoded_delimiter, ""},
      {"/a%3Bb", PathFault::encoded_delimiter, ""},
      {"/a;b", PathFault::semicolon, ""},
      {"/a\\b", PathFault::forbidden_byte, ""},
      {"/a%0d", PathFault::forbidden_byte, ""},
      {"/a%7F", PathFault::forbidden_byte, ""},
      {"/%C2%85", PathFault::forbidden_byte, ""},
      {"/%C0%AE", PathFault::not_utf8, ""},
      {"/%ED%A0%80", PathFault::not_utf8, ""},
      {"/%FF", PathFault::not_utf8, ""},
  };
  for (const Case& c : cases) {
    std::string storage;
    std::string_view decoded;
    EXPECT_EQ(decode_path(c.raw, storage, decoded), c.fault) << c.raw;
    if (c.fault == PathFault::none) {
      EXPECT_EQ(decoded, c.decoded) << c.raw;
    }
  }
}

TEST(PathShape, WhatAProxyMayBear) {
  constexpr PathLeniency all{
      .empty_segments = true, .semicolons = true, .encoded_delimiters = true, .bad_escapes = true, .not_utf8 = true};
  const Case cases[] = {
      {"/a//b", PathFault::none, "/a//b"},
      {"/a;v=1/b", PathFault::none, "/a;v=1/b"},
      {"/group%2Fproject%20x", PathFault::none, "/group%2Fproject x"},
      {"/100%25", PathFault::none, "/100%25"},
      {"/a%3bb", PathFault::none, "/a%3bb"},
      // A percent sign that escapes nothing reads as one that was escaped.
      {"/100%", PathFault::none, "/100%25"},
      {"/50%-off", PathFault::none, "/50%25-off"},
      {"/a%2", PathFault::none, "/a%252"},
      {"/a%zz%20b", PathFault::none, "/a%25zz b"},
      // Latin-1 and Shift_JIS, of before the web was UTF-8.
      {"/caf%E9", PathFault::none, "/caf\xe9"},
      {"/%83e%83X%83g", PathFault::none,
       "/\x83"
       "e\x83X\x83g"},
      {"/%C0", PathFault::none, "/\xc0"},
      // Never.
      {"/a%5Cb", PathFault::encoded_delimiter, ""},
      {"/a%00", PathFault::encoded_delimiter, ""},
      {"/a\\b", PathFault::forbidden_byte, ""},
      {"/a//..", PathFault::dot_segment, ""},
      {"/a%2F..%2Fb", PathFault::dot_segment, ""},
      {"/a%2f%2e%2e", PathFault::dot_segment, ""},
      {"/%252e%252e/a", PathFault::dot_segment, ""},
      {"/a%252F%252e%252e%252Fb", PathFault::dot_segment, ""},
      {"/a%255C..%255Cb", PathFault::dot_segment, ""},
      {"/a%2F.%2Fb", PathFault::dot_segment, ""},
      {"/a%2F.", PathFault::dot_segment, ""},
      {"/a%252/%252e%252e", PathFault::dot_segment, ""},
      // Two readers behind us may decode once more each; who decodes three times is not reckoned with.
      {"/%25252e%25252e/a", PathFault::none, "/%25252e%25252e/a"},
      // An escape that only appears when its parts are decoded.
      {"/%%32e%%32e/a", PathFault::dot_segment, ""},
      {"/a%%32F..%%32Fb", PathFault::dot_segment, ""},
      // A dot, a slash and a backslash in more bytes than they need, which is no UTF-8 either.
      {"/%C0%AE%C0%AE/a", PathFault::not_utf8, ""},
      {"/a%c0%af..", PathFault::not_utf8, ""},
      {"/%C1%9Ca", PathFault::not_utf8, ""},
      {"/%E0%80%AE", PathFault::not_utf8, ""},
      {"/%F0%80%80%AE", PathFault::not_utf8, ""},
      {"/%25C0%25AE", PathFault::dot_segment, ""},
      {"/%F8%80%80%80%AE", PathFault::not_utf8, ""},
      {"/%FC%80%80%80%80%AE", PathFault::not_utf8, ""},
      {"/%25F8%2580%2580%2580%25AE", PathFault::dot_segment, ""},
      // The same to decoders that do not look whether a byte may follow another.
      {"/%C0%2E%C0%2E/a", PathFault::dot_segment, ""},
      {"/a/.%C0n", PathFault::dot_segment, ""},
      {"/..%C0%2Fa", PathFault::dot_segment, ""},
      {"/..%C0/a", PathFault::dot_segment, ""},
      {"/%E0%40%2E", PathFault::dot_segment, ""},
      {"/..%F0%40%40%2Fa", PathFault::dot_segment, ""},
      {"/..%C0@a", PathFault::dot_segment, ""},
      {"/%C0%252e/a", PathFault::dot_segment, ""},
      {"/%C0%252e%C0%252e/a", PathFault::dot_segment, ""},
      {"/%C0.%E9", PathFault::none, "/\xc0.\xe9"},
      {"/..%C0", PathFault::none, "/..\xc0"},
      // The escapes of IIS.
      {"/%u002e%u002E/a", PathFault::dot_segment, ""},
      {"/a/..%U002fb", PathFault::dot_segment, ""},
      {"/a/..%u005cb", PathFault::dot_segment, ""},
      {"/%25u002e%2e/a", PathFault::dot_segment, ""},
      {"/%u0025u002e/a", PathFault::dot_segment, ""},
      {"/%u012e%u012e/a", PathFault::none, "/%25u012e%25u012e/a"},
      {"/%u002", PathFault::none, "/%25u002"},
      {"/caf%E9/%0a", PathFault::forbidden_byte, ""},
      {"/%C2%85", PathFault::forbidden_byte, ""},
      // To who takes what follows a semicolon for a parameter these climb (RFC 3986 3.3).
      {"/..;/a", PathFault::dot_segment, ""},
      {"/a/..;x=1/b", PathFault::dot_segment, ""},
      {"/.;/a", PathFault::dot_segment, ""},
      {"/%2e%2e;/a", PathFault::dot_segment, ""},
      {"/..%3B/a", PathFault::dot_segment, ""},
      {"/a;/...;x", PathFault::none, "/a;/...;x"},
  };
  for (const Case& c : cases) {
    std::string storage;
    std::string_view decoded;
    EXPECT_EQ(decode_path(c.raw, storage, decoded, all), c.fault) << c.raw;
    if (c.fault == PathFault::none) {
      EXPECT_EQ(decoded, c.decoded) << c.raw;
    }
  }
}

// Every byte, as it is and escaped.
TEST(PathShape, EveryByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool control = byte < 0x20 || byte == 0x7f;
    std::string storage;
    std::string_view decoded;
    std::string raw = std::string("/a") + c + "b";
    PathFault expected = control || c == '\\' ? PathFault::forbidden_byte
                         : c == ';'           ? PathFault::semicolon
                         : c == '%'           ? PathFault::bad_escape
                                              : PathFault::none;
    if (byte < 0x80) {  // the parsers of heads let no other byte through
      EXPECT_EQ(decode_path(raw, storage, decoded), expected) << byte;
      if (expected == PathFault::none) {
        EXPECT_EQ(decoded, raw);
        EXPECT_EQ(decoded.data(), raw.data()) << "was copied";
      }
    }

    raw = std::string("/a%") + "0123456789ABCDEF"[byte / 16] + "0123456789abcdef"[byte % 16] + "b";
    expected = std::string_view("/%;\\\0", 5).find(c) != std::string_view::npos ? PathFault::encoded_delimiter
               : control                                                        ? PathFault::forbidden_byte
               : byte >= 0x80                                                   ? PathFault::not_utf8
                                                                                : PathFault::none;
    EXPECT_EQ(decode_path(raw, storage, decoded), expected) << byte;
    if (expected == PathFault::none) {
      EXPECT_EQ(decoded, std::string("/a") + c + "b");
    }
  }
}

TEST(PathShape, C1ControlsEndBeforeTheNoBreakSpace) {
  std::string storage;
  std::string_view decoded;
  for (const std::string_view path : {"/%C2%80", "/%C2%9F", "/a%C2%9Fb", "/%C3%A9%C2%80"}) {
    EXPECT_EQ(decode_path(path, storage, decoded), PathFault::forbidden_byte) << path;
  }
  for (const std::string_view path : {"/%C2%A0", "/%C3%80", "/%E2%82%AC"}) {
    EXPECT_EQ(decode_path(path, storage, decoded), PathFault::none) << path;
  }
}

// Bytes that decoders of old took for ASCII, at both ends of each range (RFC 3629 3 and 10).
TEST(PathShape, OverlongFormsNeverPass) {
  constexpr PathLeniency bytes{.not_utf8 = true};
  std::string storage;
  std::string_view decoded;
  for (const std::string_view path : {"/%C0%80", "/%C0%AE", "/%C0%BF", "/%C1%80", "/%C1%BF", "/%E0%80%AE", "/%E0%9F%BF",
                                      "/%F0%80%80%AE", "/%F0%8F%BF%BF", "/%FF%C0%AE", "/a%E9%C0%AF"}) {
    EXPECT_EQ(decode_path(path, storage, decoded, bytes), PathFault::not_utf8) << path;
  }
  for (const std::string_view path : {"/%FF", "/caf%E9", "/%C0", "/%C0a", "/%C1%7E", "/%C0%C0", "/%E0%A0", "/%F0%90",
                                      "/%E1%80", "/%EF%9F", "/%F1%80", "/%C2%FF", "/%BF%80"}) {
    EXPECT_EQ(decode_path(path, storage, decoded, bytes), PathFault::none) << path;
  }
}

TEST(PathShape, EachLeniencyIsForItsOwnFault) {
  std::string storage;
  std::string_view decoded;
  struct Own {
    std::string_view raw;
    bool PathLeniency::*leniency;
    PathFault fault;
  };
  const Own cases[] = {
      {"/a//b", &PathLeniency::empty_segments, PathFault::empty_segment},
      {"/a;b", &PathLeniency::semicolons, PathFault::semicolon},
      {"/a%2Fb", &PathLeniency::encoded_delimiters, PathFault::encoded_delimiter},
      {"/a%", &PathLeniency::bad_escapes, PathFault::bad_escape},
      {"/%E9", &PathLeniency::not_utf8, PathFault::not_utf8},
  };
  for (const Own& c : cases) {
    PathLeniency only;
    only.*c.leniency = true;
    PathLeniency all_others{true, true, true, true, true};
    all_others.*c.leniency = false;
    EXPECT_EQ(decode_path(c.raw, storage, decoded, only), PathFault::none) << c.raw;
    EXPECT_EQ(decode_path(c.raw, storage, decoded, all_others), c.fault) << c.raw;
  }
}

TEST(PathShape, SegmentsAndLengthAreBounded) {
  std::string storage;
  std::string_view decoded;
  std::string path;
  for (std::size_t i = 0; i < max_path_segments; ++i) path += "/a";
  EXPECT_EQ(decode_path(path, storage, decoded), PathFault::none);
  EXPECT_EQ(decode_path(path + "/a", storage, decoded), PathFault::too_many_segments);
  EXPECT_EQ(decode_path(path + "/", storage, decoded), PathFault::too_many_segments);
  EXPECT_EQ(decode_path("/" + std::string(65'534, 'a'), storage, decoded), PathFault::none);
  EXPECT_EQ(decode_path("/" + std::string(65'535, 'a'), storage, decoded), PathFault::too_long);
}

TEST(PathShapeStep, DecodesForTheStepsBehindIt) {
  sallyport::testing::GateRequest request;
  Exchange& exchange = request.get("/a%20b?q=1");
  EXPECT_TRUE(path_shape(exchange));
  EXPECT_EQ(exchange.path, "/a b");
}

TEST(PathShapeStep, RefusesFaultsAndLongQueries) {
  ops::Settings settings = sallyport::testing::notes_settings();
  settings.limits.query = 8;
  sallyport::testing::GateRequest request(settings);
  EXPECT_FALSE(path_shape(request.get("/a//b")));
  EXPECT_EQ(request.exchange.answer.status, 400);
  EXPECT_TRUE(path_shape(request.get("/?12345678")));
  EXPECT_FALSE(path_shape(request.get("/?123456789")));
  EXPECT_EQ(request.exchange.answer.status, 414);
}

TEST(PathShapeStep, OptionsOfTheWholeServerHasNoPath) {
  sallyport::testing::GateRequest request;
  Exchange& exchange = request.parse("OPTIONS * HTTP/1.1\r\nHost: notes.example\r\n\r\n");
  EXPECT_TRUE(path_shape(exchange));
  EXPECT_EQ(exchange.path, "*");
}

TEST(PathShapeStep, OptionsOfAPathIsCheckedLikeAnyOther) {
  sallyport::testing::GateRequest request;
  EXPECT_FALSE(path_shape(request.parse("OPTIONS /a//b HTTP/1.1\r\nHost: notes.example\r\n\r\n")));
  EXPECT_EQ(request.exchange.answer.status, 400);
}

TEST(PathShapeStep, GoesByTheRulesOfItsSite) {
  sallyport::testing::GateRequest request;
  request.site.rules.path.empty_segments = true;
  EXPECT_TRUE(path_shape(request.get("/a//b")));
  EXPECT_EQ(request.exchange.path, "/a//b");
}

TEST(PathShape, FaultsAreLoggedByTheirNames) {
  EXPECT_EQ(fault_name(PathFault::not_absolute), "path/not_absolute");
  EXPECT_EQ(fault_name(PathFault::dot_segment), "path/dot_segment");
  EXPECT_EQ(fault_name(PathFault::too_long), "path/too_long");
}

TEST(PathShape, EveryFaultHasAName) {
  for (int fault = 0; fault <= static_cast<int>(PathFault::too_long); ++fault) {
    EXPECT_NE(fault_name(static_cast<PathFault>(fault)), "path") << fault;
  }
}

}  // namespace
}  // namespace sallyport::gate
