// The scanner finds each frame of HTTP/2 once, however its bytes arrive (RFC 9113 4.1).
#include "http/frame_header_scanner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace sallyport::http {
namespace {

using namespace std::string_literals;

struct Found {
  std::size_t end;  // of the bytes that were looked at when it began
  int type;
  std::int32_t stream;
  bool operator==(const Found&) const = default;
};

// As bytes arrive, `part` at a time.
std::vector<Found> scan(std::string_view bytes, std::size_t part) {
  FrameHeaderScanner scanner;
  std::vector<Found> found;
  std::size_t done = 0;
  while (done < bytes.size()) {
    std::string_view input = bytes.substr(done, part);
    while (!input.empty()) {
      bool begins = false;
      const std::size_t used = scanner.step(input, begins);
      EXPECT_GT(used, 0u);
      EXPECT_LE(used, input.size());
      if (used == 0 || used > input.size()) return found;
      done += used;
      input.remove_prefix(used);
      if (begins) found.push_back({done, scanner.frame().type, scanner.frame().stream});
    }
  }
  return found;
}

const std::string preface(http2_preface);
const std::string settings = "\x00\x00\x06\x04\x00\x00\x00\x00\x00"s + "\x00\x03\x00\x00\x00\x64"s;
const std::string acknowledged = "\x00\x00\x00\x04\x01\x00\x00\x00\x00"s;
// The reserved bit is no part of the number (RFC 9113 4.1).
const std::string headers = "\x00\x00\x03\x01\x05\x80\x01\x02\x03"s + "abc"s;
const std::string data = "\x01\x01\x04\x00\x01\x7f\xff\xff\xff"s + std::string(0x010104, 'd');

TEST(FrameHeaderScanner, FindsEachFrame) {
  const std::string bytes = preface + settings + acknowledged + headers + data + acknowledged;
  const std::size_t first = preface.size();
  const std::size_t third = first + settings.size() + acknowledged.size();
  const std::vector<Found> expected = {
      {first + settings.size(), 4, 0},
      {third, 4, 0},
      {third + headers.size(), 1, 0x010203},
      {third + headers.size() + data.size(), 0, 0x7fffffff},
      {bytes.size(), 4, 0},
  };
  EXPECT_EQ(scan(bytes, bytes.size()), expected);
}

TEST(FrameHeaderScanner, FindsTheSameHoweverTheBytesArrive) {
  const std::string bytes = preface + settings + acknowledged + headers + settings + headers + acknowledged;
  const std::vector<Found> whole = scan(bytes, bytes.size());
  ASSERT_EQ(whole.size(), 6u);
  for (std::size_t part = 1; part < bytes.size(); ++part) {
    const std::vector<Found> found = scan(bytes, part);
    ASSERT_EQ(found.size(), whole.size()) << part;
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].type, whole[i].type) << part;
      EXPECT_EQ(found[i].stream, whole[i].stream) << part;
      EXPECT_LE(found[i].end, whole[i].end) << part;
    }
  }
}

TEST(FrameHeaderScanner, ThePrefaceIsNoFrame) {
  EXPECT_EQ(preface.size(), 24u);
  EXPECT_TRUE(scan(preface, 5).empty());
  EXPECT_TRUE(scan(preface + acknowledged.substr(0, 8), 100).empty());
  EXPECT_EQ(scan(preface + acknowledged, 100), (std::vector<Found>{{33, 4, 0}}));
}

}  // namespace
}  // namespace sallyport::http
