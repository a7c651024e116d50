// What is said to Redis, byte for byte, and what is made of everything that may come back.
#include "limits/redis_protocol.hpp"

#include <gtest/gtest.h>

namespace sallyport::limits {
namespace {

using State = RedisReplies::State;
using Type = RedisReply::Type;

TEST(RedisProtocol, CommandsCarryTheLengthOfEachWord) {
  RedisArguments arguments;
  arguments.add("a\r\n$1\r\nb");
  arguments.add(std::uint64_t{18'446'744'073'709'551'615U});
  arguments.add("");
  std::string out = "before";
  arguments.append_to(out, {"EVALSHA", "x"});
  EXPECT_EQ(out,
            "before*5\r\n$7\r\nEVALSHA\r\n$1\r\nx\r\n$8\r\na\r\n$1\r\nb\r\n$20\r\n18446744073709551615\r\n$0\r\n\r\n");
}

TEST(RedisProtocol, AnswersAreReadHoweverTheyAreCut) {
  const std::string stream =
      "+OK\r\n-ERR no\r\n:-7\r\n$3\r\na\r\n\r\n*3\r\n:1\r\n:2\r\n:3\r\n$-1\r\n*0\r\n*-1\r\n+end\r\n";
  constexpr const char* names[] = {"nothing ", "text ", "error ", "numbers "};
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    RedisReplies replies;
    std::string seen;
    for (std::size_t at = 0; at < stream.size(); at += size) {
      replies.feed(std::string_view(stream).substr(at, size));
      while (replies.next() == State::complete) {
        const RedisReply& reply = replies.reply();
        seen += names[static_cast<std::size_t>(reply.type)];
        seen += reply.text;
        for (const std::int64_t number : reply.list()) seen += std::to_string(number) + ",";
        seen += ";";
      }
    }
    EXPECT_EQ(seen, "text OK;error ERR no;numbers -7,;text a\r\n;numbers 1,2,3,;nothing ;numbers ;nothing ;text end;")
        << size;
    EXPECT_FALSE(replies.pending());
  }
}

TEST(RedisProtocol, WhatIsLeftOverIsNoticed) {
  RedisReplies replies;
  replies.feed("+OK\r\n+");
  EXPECT_EQ(replies.next(), State::complete);
  EXPECT_TRUE(replies.pending());
  EXPECT_EQ(replies.next(), State::incomplete);
  EXPECT_TRUE(replies.pending());
  replies.feed("OK\r\n*2\r\n:1\r\n");
  EXPECT_EQ(replies.next(), State::complete);
  EXPECT_EQ(replies.next(), State::incomplete);
  EXPECT_TRUE(replies.pending());
}

TEST(RedisProtocol, NonsenseIsBrokenAndStaysSo) {
  for (const char* stream : {"nonsense\r\n", "HTTP/1.1 400 Bad Request\r\n", ":\r\n", ":x\r\n", "*1\r\n+text\r\n",
                             "*1\r\n*1\r\n:1\r\n", "*1\r\n$-1\r\n", "*4294967297\r\n", "*99999999999999999999\r\n",
                             "*-2\r\n", "$-2\r\n", "$99999999999999999999\r\n"}) {
    RedisReplies replies;
    replies.feed(stream);
    EXPECT_EQ(replies.next(), State::broken) << stream;
    replies.feed("+OK\r\n");
    EXPECT_EQ(replies.next(), State::broken) << stream;
  }
}

TEST(RedisProtocol, AnnouncedLengthsTakeNoMemory) {
  for (const char* stream : {"*2147483647\r\n", "*1000000\r\n", "*41\r\n"}) {
    RedisReplies replies;
    replies.feed(stream);
    EXPECT_EQ(replies.next(), State::broken) << stream;
  }
  RedisReplies replies;
  replies.feed("$536870912\r\n");
  const std::string chunk(16'384, 'x');
  State state = State::incomplete;
  std::size_t fed = 0;
  while (state == State::incomplete && fed < 1'000'000) {
    state = replies.next();
    replies.feed(chunk);
    fed += chunk.size();
  }
  EXPECT_EQ(state, State::broken);
  EXPECT_LE(fed, RedisReplies::max_pending + 2 * chunk.size());
}

TEST(RedisProtocol, TakesAsManyNumbersAndBytesAsItSaysAndNoMore) {
  RedisReplies replies;
  std::string list = "*" + std::to_string(RedisReply::max_numbers) + "\r\n";
  for (std::size_t i = 0; i < RedisReply::max_numbers; ++i) list += ":7\r\n";
  replies.feed(list);
  ASSERT_EQ(replies.next(), State::complete);
  EXPECT_EQ(replies.reply().list().size(), RedisReply::max_numbers);

  const std::string announced = "$536870912\r\n";
  replies.feed(announced + std::string(RedisReplies::max_pending - announced.size(), 'x'));
  EXPECT_EQ(replies.next(), State::incomplete);
  replies.feed("x");
  EXPECT_EQ(replies.next(), State::broken);
}

TEST(RedisProtocol, LongTextsAreCut) {
  RedisReplies replies;
  replies.feed("-" + std::string(5000, 'x') + "\r\n");
  ASSERT_EQ(replies.next(), State::complete);
  EXPECT_EQ(replies.reply().text, std::string(RedisReply::max_text, 'x'));
}

TEST(RedisProtocol, ManyAnswersAtOnceAreNoLongOne) {
  RedisReplies replies;
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += ":1\r\n";
  replies.feed(many);
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(replies.next(), State::complete) << i;
  EXPECT_EQ(replies.next(), State::incomplete);
  EXPECT_FALSE(replies.pending());
}

}  // namespace
}  // namespace sallyport::limits
