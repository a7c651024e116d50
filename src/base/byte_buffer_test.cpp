// What is appended stands there in order, however the buffer grew.
#include "base/byte_buffer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace sallyport::base {
namespace {

TEST(ByteBuffer, HoldsWhatWasAppended) {
  ByteBuffer buffer;
  EXPECT_EQ(buffer.view(), "");
  buffer.append("");
  EXPECT_EQ(buffer.size(), 0u);
  buffer.append("HTTP/1.1 200 OK\r\n");
  buffer.append_field("Content-Type", "text/plain");
  buffer.append_field("Vary", "");
  buffer.append_number(0);
  buffer.append_number(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(buffer.view(), "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nVary: \r\n018446744073709551615");
}

// Every size at which it is full, for every way of appending: the sanitizer sees what is written behind the end.
TEST(ByteBuffer, GrowsInEveryWay) {
  for (std::size_t size = 0; size < 70; ++size) {
    ByteBuffer buffer;
    buffer.reserve_more(32);
    std::string expected(size, 'x');
    buffer.append(expected);
    buffer.append_field("name", "value");
    buffer.append("piece");
    const std::span<char> room = buffer.room(8);
    ASSERT_EQ(room.size(), 8u);
    std::fill(room.begin(), room.end(), 'r');
    buffer.commit(5);
    buffer.append_number(42);
    EXPECT_EQ(buffer.view(), expected + "name: value\r\npiecerrrrr42") << size;
  }
}

TEST(ByteBuffer, WhatWasReservedIsNotMoved) {
  ByteBuffer buffer;
  buffer.reserve_more(100);
  const char* const bytes = buffer.view().data();
  buffer.append(std::string(90, 'x'));
  buffer.append_field("abc", "def");  // 10 bytes
  EXPECT_EQ(buffer.view().data(), bytes);
  EXPECT_EQ(buffer.size(), 100u);
  buffer.reserve_more(0);
  EXPECT_EQ(buffer.view().data(), bytes);
  buffer.append("y");
  EXPECT_NE(buffer.view().data(), bytes);
}

TEST(ByteBuffer, ItGrowsWhenOneByteMoreIsAskedForThanIsLeft) {
  for (const bool more : {false, true}) {
    ByteBuffer buffer;
    buffer.reserve_more(100);
    const char* const bytes = buffer.view().data();
    buffer.append(std::string(60, 'x'));
    buffer.reserve_more(more ? 41 : 40);
    EXPECT_EQ(buffer.view().data() != bytes, more);
    buffer.append(std::string(more ? 41 : 40, 'x'));
    EXPECT_EQ(buffer.view().data() != bytes, more);
    EXPECT_EQ(buffer.view(), std::string(more ? 101 : 100, 'x'));
  }
}

// Many small appends copy each byte a bounded number of times.
TEST(ByteBuffer, GrowsByDoubling) {
  ByteBuffer buffer;
  int moves = 0;
  const char* bytes = nullptr;
  for (int i = 0; i < 4096; ++i) {
    buffer.append("x");
    if (buffer.view().data() != bytes) ++moves;
    bytes = buffer.view().data();
  }
  EXPECT_LE(moves, 14);
  EXPECT_EQ(buffer.view(), std::string(4096, 'x'));
}

TEST(ByteBuffer, ClearKeepsTheMemoryThatItMayKeep) {
  ByteBuffer buffer;
  buffer.reserve_more(100);
  const char* const bytes = buffer.view().data();
  buffer.append("abc");
  buffer.clear(100);
  EXPECT_EQ(buffer.view(), "");
  EXPECT_EQ(buffer.view().data(), bytes);
  buffer.append("abc");
  buffer.clear(99);
  EXPECT_EQ(buffer.view().data(), nullptr);
  buffer.append("a");
  buffer.append("bc");
  EXPECT_EQ(buffer.view(), "abc");
}

}  // namespace
}  // namespace sallyport::base
