// Byte ranges: the RFC's examples on its representation of 10,000 bytes, and everything that is no single range.
#include "http/byte_range.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>

namespace sallyport::http {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

/// `whole`, or what the answer's Content-Range would be.
std::string answer(std::string_view field, std::uint64_t length) {
  const ByteRange range = read_byte_range(field, length);
  std::array<char, max_content_range_size> text;
  const std::string_view written = content_range(range, length, text);
  EXPECT_EQ(written.empty(), range.kind == ByteRange::Kind::whole);
  EXPECT_EQ(range.length() != 0, range.kind == ByteRange::Kind::partial);
  return written.empty() ? "whole" : std::string(written);
}

TEST(ByteRange, TheExamplesOf14_1_2) {
  EXPECT_EQ(answer("bytes=0-499", 10'000), "bytes 0-499/10000");
  EXPECT_EQ(answer("bytes=500-999", 10'000), "bytes 500-999/10000");
  EXPECT_EQ(answer("bytes=-500", 10'000), "bytes 9500-9999/10000");
  EXPECT_EQ(answer("bytes=9500-", 10'000), "bytes 9500-9999/10000");
  EXPECT_EQ(read_byte_range("bytes=500-999", 10'000).length(), 500U);
}

TEST(ByteRange, StaysWithinTheLength) {
  EXPECT_EQ(answer("bytes=0-", 10), "bytes 0-9/10");
  EXPECT_EQ(answer("bytes=0-0", 10), "bytes 0-0/10");
  EXPECT_EQ(answer("bytes=9-9", 10), "bytes 9-9/10");
  EXPECT_EQ(answer("bytes=9-10", 10), "bytes 9-9/10");
  EXPECT_EQ(answer("bytes=5-18446744073709551615", 10), "bytes 5-9/10");
  EXPECT_EQ(answer("bytes=5-18446744073709551616", 10), "bytes 5-9/10");
  EXPECT_EQ(answer("bytes=5-999999999999999999999999999999", 10), "bytes 5-9/10");
  EXPECT_EQ(answer("bytes=0000000000000000000000000000000005-6", 10), "bytes 5-6/10");
  EXPECT_EQ(answer("bytes=-10", 10), "bytes 0-9/10");
  EXPECT_EQ(answer("bytes=-11", 10), "bytes 0-9/10");
  EXPECT_EQ(answer("bytes=-1", 10), "bytes 9-9/10");
  EXPECT_EQ(answer("bytes=-99999999999999999999999999", 10), "bytes 0-9/10");
  EXPECT_EQ(answer("bytes=0-", largest), "bytes 0-18446744073709551614/18446744073709551615");
  EXPECT_EQ(answer("bytes=18446744073709551614-18446744073709551614", largest).size(), max_content_range_size);
  EXPECT_EQ(answer("BYTES=1-2", 10), "bytes 1-2/10");
}

TEST(ByteRange, EndsWhereItsTextEnds) {
  EXPECT_EQ(answer(std::string_view("bytes=1-49").substr(0, 9), 100), "bytes 1-4/100");
}

TEST(ByteRange, WhatLiesBehindTheEndIsUnsatisfiable) {
  EXPECT_EQ(answer("bytes=10-", 10), "bytes */10");
  EXPECT_EQ(answer("bytes=10-20", 10), "bytes */10");
  EXPECT_EQ(answer("bytes=18446744073709551615-", 10), "bytes */10");
  EXPECT_EQ(answer("bytes=18446744073709551616-", largest), "bytes */18446744073709551615");
  EXPECT_EQ(answer("bytes=-0", 10), "bytes */10");
  EXPECT_EQ(answer("bytes=-000", 10), "bytes */10");
}

TEST(ByteRange, EverythingElseIsIgnored) {
  for (const std::string_view field : {"",
                                       "bytes",
                                       "bytes=",
                                       "bytes=-",
                                       "bytes=--1",
                                       "bytes=1",
                                       "bytes=2-1",
                                       "bytes=5-4",
                                       "bytes=a-b",
                                       "bytes=1-b",
                                       "bytes=0x1-2",
                                       "bytes=+1-2",
                                       "bytes=1-+2",
                                       "bytes=1--2",
                                       "bytes=1-2-3",
                                       "bytes= 1-2",
                                       "bytes=1 -2",
                                       "bytes=1- 2",
                                       "bytes=1-2 ",
                                       " bytes=1-2",
                                       "bytes =1-2",
                                       "bytes:1-2",
                                       "byte=1-2",
                                       "bytess=1-2",
                                       "items=1-2",
                                       "1-2",
                                       "bytes=1.0-2",
                                       "bytes=0-0,-1",
                                       "bytes=0-,0-,0-,0-,0-",
                                       "bytes=,1-2",
                                       "bytes=1-2,",
                                       "bytes=5-4,1-2",
                                       "bytes=\x30\xd9\xa0-"}) {
    EXPECT_EQ(answer(field, 10), "whole") << field;
  }
  EXPECT_EQ(answer(std::string_view("bytes=1-2\0", 10), 10), "whole");
}

TEST(ByteRange, AnEmptyRepresentationIsAlwaysWhole) {
  for (const std::string_view field : {"bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0", "bytes=5-"}) {
    EXPECT_EQ(answer(field, 0), "whole") << field;
  }
}

}  // namespace
}  // namespace sallyport::http
