// Answers as bytes.
#include "testing/raw_answer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::test::detail {
namespace {

TEST(RawAnswer, IsReadWhenItsHeadIsThere) {
  EXPECT_FALSE(read_head("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"));
  const auto head = read_head("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->field("content-length"), "2");
  EXPECT_EQ(head->field("date"), "");
}

TEST(RawAnswer, HasTheBodyThatItsFieldsSay) {
  const std::string sized = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  EXPECT_EQ(read_body(*read_head(sized), sized, false, false), "hi");
  EXPECT_THROW(static_cast<void>(read_body(*read_head(sized), sized.substr(0, sized.size() - 1), false, true)),
               Failure);
  EXPECT_THROW(static_cast<void>(read_body(*read_head(sized), sized + "!", false, false)), Failure);
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n003\r\n yo\r\n0\r\n\r\n";
  EXPECT_EQ(read_body(*read_head(chunked), chunked, false, false), "hi yo");
  EXPECT_THROW(static_cast<void>(read_body(*read_head(chunked), chunked.substr(0, chunked.size() - 5), false, true)),
               Failure);
  const std::string none = "HTTP/1.1 204 No Content\r\n\r\n";
  EXPECT_EQ(read_body(*read_head(none), none, false, false), "");
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(read_body(*read_head(head), head, true, false), "");
}

TEST(RawAnswer, SaysWhatIsNoAnswer) {
  EXPECT_THROW(static_cast<void>(read_head("HTTP/1.0 200 OK\r\n\r\n")), Failure);
  EXPECT_THROW(static_cast<void>(read_head("HTTP/1.1 2x0 OK\r\n\r\n")), Failure);
  EXPECT_THROW(static_cast<void>(read_head("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")), Failure);
}

}  // namespace
}  // namespace sallyport::test::detail
