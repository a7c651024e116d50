// An exchange that is reused holds nothing of the request before.
#include "gate/exchange_pool.hpp"

#include "support/gate_request.hpp"

#include <gtest/gtest.h>

namespace sallyport::gate {
namespace {

using base::IpAddress;

struct ExchangePoolTest : ::testing::Test, ExchangeOwner {
  void exchange_moved(Exchange&) noexcept override {}
  std::shared_ptr<void> hold() noexcept override { return {}; }

  ExchangeLease take(std::uint8_t last_byte) {
    return request.loop.exchanges.take(request.site, request.loop, *this, IpAddress::v4(192, 0, 2, last_byte));
  }

  sallyport::testing::GateRequest request;
};

TEST_F(ExchangePoolTest, UsesOneAgain) {
  ExchangeLease first = take(1);
  const Exchange* const used = first.get();
  first = nullptr;
  EXPECT_EQ(take(2).get(), used);
}

TEST_F(ExchangePoolTest, GivesTwoRequestsTwo) {
  const ExchangeLease first = take(1);
  const ExchangeLease second = take(1);
  EXPECT_NE(first.get(), second.get());
}

TEST_F(ExchangePoolTest, NothingOfARequestReachesTheNext) {
  constexpr std::string_view head =
      "POST /notes?q=secret HTTP/1.1\r\nHost: notes.example\r\nCookie: sid=secret\r\n\r\n";
  const RouteFacts route{.pattern = "/notes", .registered = {}, .limits = {}};
  ExchangeLease before = take(1);
  ASSERT_EQ(http::parse_request_head(head, before->head).state, http::ParseResult::State::complete);
  const std::string id(before->id());
  EXPECT_EQ(before->client_text(), "192.0.2.1");
  before->redirect_listener = true;
  before->started = before->ended = request.clock.now();
  before->decoded_path = before->edited_body = "secret";
  before->path = before->body = before->allow = "secret";
  before->body_ended = before->preflight = before->cors_path = before->csrf_token_wanted = true;
  before->facts = &route;
  before->user = Id<User>::random();
  before->body_limit = before->bytes_sent = before->counted_limits = before->charged_count = before->due.count = 1;
  before->general = LimitState::Charged{};
  before->cors.origin = "https://other.example";
  before->position = {.step = 3, .outcome = Outcome::ended, .answer_known = true, .observed = true};
  before->want_whole_body();
  Answer& answer = before->answer;
  answer.status = 201;
  answer.kind = ResponseClass::document;
  answer.body = answer.location = answer.etag = answer.nonce = answer.content_range = "secret";
  answer.content_type = answer.fixed_body = answer.content_coding = answer.allow = "secret";
  answer.source = BodySource::pieces;
  answer.events = answer.accepts_ranges = answer.varies_by_coding = answer.clear_site_data = answer.close = true;
  answer.length = answer.last_modified = answer.retry_after = 1;
  answer.cookies = {"sid=secret"};
  answer.fields.push_back({"X-Secret", "secret"});
  answer.file.size = answer.file.offset = answer.left_out = 1;
  answer.forwarded.push_back({.name = "X-Secret", .value = "secret"});
  before = nullptr;

  const ExchangeLease after = take(2);
  EXPECT_TRUE(after->head.fields().empty());
  EXPECT_FALSE(after->head.has(http::KnownHeader::cookie));
  for (const std::string_view view : {after->head.method_text, after->head.target, after->head.host, after->head.path,
                                      after->head.query, after->head.scheme}) {
    EXPECT_EQ(view, "");
  }
  EXPECT_NE(after->id(), id);
  EXPECT_EQ(after->client_text(), "192.0.2.2");
  EXPECT_EQ(after->peer, IpAddress::v4(192, 0, 2, 2));
  EXPECT_FALSE(after->redirect_listener);
  EXPECT_EQ(after->started, base::Clock::SteadyTime{});
  EXPECT_EQ(after->ended, base::Clock::SteadyTime{});
  for (const std::string_view view : {std::string_view(after->decoded_path), std::string_view(after->edited_body),
                                      after->path, after->body, after->allow, after->cors.origin}) {
    EXPECT_EQ(view, "");
  }
  EXPECT_FALSE(after->body_ended || after->preflight || after->cors_path || after->csrf_token_wanted);
  EXPECT_EQ(after->facts, nullptr);
  EXPECT_EQ(after->user, std::nullopt);
  EXPECT_EQ(after->body_limit + after->bytes_sent + after->counted_limits + after->charged_count + after->due.count,
            0U);
  EXPECT_FALSE(after->general);
  EXPECT_EQ(after->position.step, 0);
  EXPECT_EQ(after->position.outcome, Outcome::next);
  EXPECT_FALSE(after->position.answer_known || after->position.observed);
  EXPECT_EQ(after->body_wanted(), BodyWant::none);
  const Answer& fresh = after->answer;
  EXPECT_EQ(fresh.status, 0);
  EXPECT_EQ(fresh.kind, ResponseClass::api);
  EXPECT_EQ(fresh.source, BodySource::memory);
  for (const std::string_view view :
       {std::string_view(fresh.body), std::string_view(fresh.location), std::string_view(fresh.etag),
        std::string_view(fresh.nonce), std::string_view(fresh.content_range), fresh.content_type, fresh.fixed_body,
        fresh.content_coding, fresh.allow}) {
    EXPECT_EQ(view, "");
  }
  EXPECT_FALSE(fresh.events || fresh.accepts_ranges || fresh.varies_by_coding || fresh.clear_site_data || fresh.close);
  EXPECT_EQ(fresh.length, std::nullopt);
  EXPECT_EQ(fresh.last_modified, 0);
  EXPECT_EQ(fresh.retry_after, 0U);
  EXPECT_TRUE(fresh.cookies.empty());
  EXPECT_TRUE(fresh.fields.empty());
  EXPECT_TRUE(fresh.forwarded.empty());
  EXPECT_EQ(fresh.left_out, 0U);
  EXPECT_EQ(fresh.file.size + fresh.file.offset, 0U);
}

TEST_F(ExchangePoolTest, AnExchangeOfAnotherSiteIsNotUsed) {
  static_cast<void>(take(1));
  sallyport::testing::StepsSite other(sallyport::testing::notes_settings(), request.clock);
  const ExchangeLease theirs = request.loop.exchanges.take(other, request.loop, *this, IpAddress::v4(192, 0, 2, 1));
  EXPECT_EQ(&theirs->site, &other);
}

}  // namespace
}  // namespace sallyport::gate
