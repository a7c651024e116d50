// What an HTTP/1.1 connection keeps between two requests, and what it says to who came to the wrong port.
#include "wire/http1_session.hpp"

#include "gate/refusal.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>

namespace sallyport::wire {
namespace {

gate::Outcome not_found(gate::Exchange& exchange) {
  gate::refuse(exchange, gate::problems::not_found);
  return gate::Outcome::answered;
}
gate::Outcome nothing(gate::Exchange&) { return gate::Outcome::next; }

constexpr gate::Step steps[] = {
    {"answer", not_found, "every request gets 404, and its body is not read"},
    {"piece", nothing, "no answer is made in pieces", gate::Stage::sending},
};
static_assert(gate::well_formed(steps));

class Http1SessionMemory : public ::testing::Test, private Session::Driver {
 protected:
  void receive(std::string_view bytes) {
    const auto space = session_.receive_space();
    ASSERT_GE(space.size(), bytes.size());
    std::memcpy(space.data(), bytes.data(), bytes.size());
    session_.received(bytes.size());
  }
  std::string send() {
    std::string sent;
    while (session_.next() == Session::Next::write) {
      const std::string_view output = session_.output();
      sent += output;
      session_.sent(output.size());
    }
    return sent;
  }
  [[nodiscard]] bool output_given_back() const { return request_.loop.spare_output.capacity() != 0; }

  sallyport::testing::GateRequest request_{sallyport::testing::notes_settings(), steps};
  Http1Session session_{request_.site, request_.loop, *this, base::IpAddress::v4(192, 0, 2, 1)};

 private:
  void session_moved() noexcept override {}
  std::shared_ptr<void> hold() noexcept override { return {}; }
  [[nodiscard]] bool can_send_files() const noexcept override { return false; }
};

TEST_F(Http1SessionMemory, IsGivenBackWhenAnAnswerHasBeenWritten) {
  receive("GET / HTTP/1.1\r\nHost: notes.example\r\n\r\n");
  EXPECT_FALSE(output_given_back());
  EXPECT_TRUE(send().starts_with("HTTP/1.1 404"));
  EXPECT_TRUE(output_given_back());
}

TEST_F(Http1SessionMemory, IsGivenBackWhenABodyHasBeenDrained) {
  receive("POST / HTTP/1.1\r\nHost: notes.example\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_TRUE(send().starts_with("HTTP/1.1 404"));
  EXPECT_FALSE(output_given_back()) << "the body is still to come";
  receive("llo");
  EXPECT_TRUE(output_given_back());
  receive("GET / HTTP/1.1\r\nHost: notes.example\r\n\r\n");
  EXPECT_TRUE(send().starts_with("HTTP/1.1 404"));
}

TEST_F(Http1SessionMemory, IsLargerForAClientThatDoesNotWaitForAnswers) {
  const std::string request = "GET / HTTP/1.1\r\nHost: notes.example\r\n\r\n";
  const std::size_t first = session_.receive_space().size();
  receive(request);
  send();
  EXPECT_LE(session_.receive_space().size(), first) << "one request at a time";
  receive(request + request);
  send();
  EXPECT_GE(session_.receive_space().size(), 16 * std::size_t{512}) << "the next sixteen requests are one read";
  session_.received(0);
  receive(request);
  EXPECT_TRUE(send().starts_with("HTTP/1.1 404"));
}

// A driver says so when a read finds nothing.
TEST_F(Http1SessionMemory, AnEmptyReadChangesNothingInTheMiddleOfARequest) {
  receive("GET / HTTP/1.1\r\nHost: note");
  session_.received(0);
  receive("s.example\r\n\r\n");
  EXPECT_TRUE(send().starts_with("HTTP/1.1 404"));
  session_.received(0);
  receive("GET / HTTP/1.1\r\nHost: notes.example\r\n\r\n");
  EXPECT_TRUE(send().starts_with("HTTP/1.1 404"));
}

using Http1SessionAtTheWrongPort = Http1SessionMemory;

TEST_F(Http1SessionAtTheWrongPort, LogsTls) {
  receive(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
  EXPECT_TRUE(send().starts_with("HTTP/1.1 400"));
  EXPECT_NE(request_.logged().find("tls/on_plain_port"), std::string::npos);
}

TEST_F(Http1SessionAtTheWrongPort, SaysThatHttpsIsSpoken) {
  session_.refuse(400, plain_http_rule);
  const std::string answer = send();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400"));
  EXPECT_NE(answer.find("Use https"), std::string::npos) << answer;
  EXPECT_NE(request_.logged().find("tls/plain_http"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::wire
