// Paths: what is decoded, what is refused and why.
#include "gate/path_shape.hpp"

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
      {"/a;b", PathFault::forbidden_byte, ""},
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

TEST(PathShape, SegmentsAndLengthAreBounded) {
  std::string storage;
  std::string_view decoded;
  std::string path;
  for (std::size_t i = 0; i < max_path_segments; ++i) path += "/a";
  EXPECT_EQ(decode_path(path, storage, decoded), PathFault::none);
  EXPECT_EQ(decode_path(path + "/a", storage, decoded), PathFault::too_many_segments);
  EXPECT_EQ(decode_path("/" + std::string(70000, 'a'), storage, decoded), PathFault::too_long);
}

TEST(PathShape, EveryFaultHasAName) {
  for (int fault = 0; fault <= static_cast<int>(PathFault::too_long); ++fault) {
    EXPECT_NE(fault_name(static_cast<PathFault>(fault)), "path") << fault;
  }
}

}  // namespace
}  // namespace sallyport::gate
