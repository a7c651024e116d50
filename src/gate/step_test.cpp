// The runner of steps: order, what an answer means at each stage, waiting, exceptions, observing.
#include "gate/step.hpp"

#include <sallyport/database_error.hpp>
#include <sallyport/sleep.hpp>

#include "gate/refusal.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace sallyport::gate {
namespace {

std::string trace;  // what has run, by its letter

template <char letter>
Outcome pass(Exchange&) {
  trace += letter;
  return Outcome::next;
}

Outcome refuse_here(Exchange& exchange) {
  trace += 'R';
  refuse(exchange, problems::forbidden);
  return Outcome::answered;
}

Outcome greet(Exchange& exchange) {
  exchange.answer.status = 200;
  return Outcome::answered;
}

Task<void> nap(Exchange& exchange, Outcome outcome) {
  trace += 'w';
  co_await sleep_for(std::chrono::seconds(1));
  trace += 'W';
  exchange.position.outcome = outcome;
}

template <Outcome outcome>
Outcome wait(Exchange& exchange) {
  exchange.start(nap(exchange, outcome));
  return Outcome::waits;
}

constexpr Step step(Outcome (*run)(Exchange&), Stage stage = Stage::serving,
                    InObserveMode in_observe_mode = InObserveMode::enforced) {
  return {"a step", run, "why", stage, in_observe_mode};
}

constexpr Step passed_over(Outcome (*run)(Exchange&), Stage stage = Stage::serving) {
  return step(run, stage, InObserveMode::passed_over);
}

constexpr Step last_steps[] = {step(pass<'x'>, Stage::answering), step(pass<'y'>, Stage::answering),
                               step(pass<'p'>, Stage::sending), step(pass<'z'>, Stage::sent)};

/// A request that takes these steps, and then the last ones.
class StepsTest : public ::testing::Test {
 protected:
  StepsTest() { trace.clear(); }

  Progress run(std::initializer_list<Step> steps, const ops::Settings& settings = sallyport::testing::notes_settings(),
               bool observe = false) {
    rows_.assign(steps);
    rows_.insert(rows_.end(), std::begin(last_steps), std::end(last_steps));
    request_ = std::make_unique<sallyport::testing::GateRequest>(settings, rows_);
    request_->site.rules.observe = observe;
    return request_->site.head_complete(request_->get("/"));
  }
  [[nodiscard]] Exchange& exchange() { return request_->exchange; }
  [[nodiscard]] int status() { return exchange().answer.status; }
  void a_second_later() {
    request_->clock.advance(std::chrono::seconds(2));
    request_->events.wheel.advance(request_->clock.now());
  }

  std::vector<Step> rows_;
  std::unique_ptr<sallyport::testing::GateRequest> request_;
};

TEST_F(StepsTest, RunInOrderAndThenThoseOfEveryAnswer) {
  EXPECT_EQ(run({step(pass<'a'>, Stage::unlimited), step(pass<'b'>), step(pass<'c'>)}), Progress::answered);
  EXPECT_EQ(trace, "abcxy");
  request_->site.sent(exchange());
  EXPECT_EQ(trace, "abcxyz");
}

TEST_F(StepsTest, TheFirstAnswerEndsThem) {
  EXPECT_EQ(run({step(pass<'a'>), step(refuse_here), step(pass<'b'>)}), Progress::answered);
  EXPECT_EQ(trace, "aRxy");
  EXPECT_EQ(status(), 403);
}

TEST_F(StepsTest, AnAnswerBeforeTheGeneralLimitIsCountedByIt) {
  ops::Settings settings = sallyport::testing::notes_settings();
  settings.limits.general_per_second = 1;
  settings.limits.general_burst = 2;
  run({step(refuse_here, Stage::unlimited)}, settings);
  EXPECT_EQ(status(), 403);
  for (const int expected : {403, 429}) {
    request_->site.head_complete(request_->get("/"));
    EXPECT_EQ(status(), expected);
  }
  run({step(refuse_here)}, settings);
  for (int i = 0; i < 5; ++i) request_->site.head_complete(request_->get("/"));
  EXPECT_EQ(status(), 403) << "behind the limit it has been counted already";
}

TEST_F(StepsTest, AStepThatWaitsIsGoneOnFrom) {
  EXPECT_EQ(run({step(pass<'a'>), step(wait<Outcome::next>), step(pass<'b'>)}), Progress::waiting);
  EXPECT_EQ(trace, "aw");
  a_second_later();
  EXPECT_EQ(request_->moved, 1);
  EXPECT_EQ(request_->site.resumed(exchange()), Progress::answered);
  EXPECT_EQ(trace, "awWbxy");
}

TEST_F(StepsTest, AStepThatWaitsMayAnswer) {
  EXPECT_EQ(run({step(wait<Outcome::answered>), step(pass<'b'>)}), Progress::waiting);
  a_second_later();
  EXPECT_EQ(request_->site.resumed(exchange()), Progress::answered);
  EXPECT_EQ(trace, "wWxy");
}

TEST_F(StepsTest, GoOnWhenTheBodyIsThere) {
  const auto want = +[](Exchange& exchange) {
    exchange.want_whole_body();
    return Outcome::wants_body;
  };
  EXPECT_EQ(run({step(pass<'a'>), step(want), step(pass<'b'>)}), Progress::wants_body);
  EXPECT_EQ(trace, "a");
  exchange().body = "all of it";
  EXPECT_EQ(request_->site.body_arrived(exchange()), Progress::answered);
  EXPECT_EQ(trace, "abxy");
}

template <class E>
Outcome fail(Exchange&) {
  if constexpr (std::is_same_v<E, Problem>) {
    throw problems::conflict;
  } else if constexpr (std::is_same_v<E, std::runtime_error>) {
    throw E("the secret cause");
  } else {
    throw E();
  }
}

TEST_F(StepsTest, ExceptionsBecomeAnswersWithoutTheirText) {
  struct Case {
    Outcome (*run)(Exchange&);
    int status;
  };
  for (const auto& [failing, expected] : {Case{fail<Problem>, 409}, Case{fail<Overloaded>, 503},
                                          Case{fail<std::runtime_error>, 500}, Case{fail<int>, 500}}) {
    trace.clear();
    EXPECT_EQ(run({step(pass<'a'>), step(failing), step(pass<'b'>)}), Progress::answered);
    EXPECT_EQ(trace, "axy") << "the steps of every answer run for these, too";
    EXPECT_EQ(status(), expected);
    EXPECT_EQ(exchange().answer.body.find("secret"), std::string::npos);
  }
}

template <DatabaseError::Kind kind>
Outcome fail_in_database(Exchange&) {
  throw DatabaseError(kind, "the secret cause");
}
Outcome fail_as_conflict(Exchange&) { throw Conflict("the secret cause"); }
Outcome fail_as_broken_reference(Exchange&) { throw BrokenReference("the secret cause"); }

TEST_F(StepsTest, WhatADatabaseThrowsBecomesAnAnswer) {
  using Kind = DatabaseError::Kind;
  struct Case {
    Outcome (*run)(Exchange&);
    int status;
    std::uint32_t retry_after;
  };
  const Case cases[] = {
      {fail_as_conflict, 409, 0},
      {fail_in_database<Kind::busy>, 503, 1},
      {fail_in_database<Kind::full>, 503, 1},
      {fail_as_broken_reference, 409, 0},
      {fail_in_database<Kind::timed_out>, 503, 5},
      {fail_in_database<Kind::other>, 500, 0},
  };
  for (const auto& [failing, expected, retry_after] : cases) {
    trace.clear();
    EXPECT_EQ(run({step(pass<'a'>), step(failing), step(pass<'b'>)}), Progress::answered);
    EXPECT_EQ(trace, "axy");
    EXPECT_EQ(status(), expected);
    EXPECT_EQ(exchange().answer.retry_after, retry_after);
    EXPECT_EQ(exchange().answer.body.find("secret"), std::string::npos);
    const std::string log = request_->logged();
    EXPECT_NE(log.find("\"event\":\"http_error\""), std::string::npos) << log;
    EXPECT_NE(log.find("the secret cause"), std::string::npos) << "the log says it, for whoever serves: " << log;
  }
}

TEST_F(StepsTest, AnExceptionAfterTheHeadBreaksTheAnswer) {
  rows_ = {step(greet), step(fail<std::runtime_error>, Stage::sending)};
  sallyport::testing::GateRequest request(sallyport::testing::notes_settings(), rows_);
  EXPECT_EQ(request.site.head_complete(request.get("/")), Progress::answered);
  EXPECT_EQ(request.site.next_piece(request.exchange), Progress::broken);
  EXPECT_EQ(request.exchange.answer.status, 200) << "its head has gone: nothing can be said any more";
}

TEST_F(StepsTest, ObservingPassesRefusalsOver) {
  EXPECT_EQ(run({passed_over(refuse_here, Stage::unlimited), passed_over(refuse_here), step(pass<'b'>)},
                sallyport::testing::notes_settings(), true),
            Progress::answered);
  EXPECT_EQ(trace, "RRbxy");
  EXPECT_EQ(status(), 0);
  EXPECT_FALSE(exchange().position.observed);
}

TEST_F(StepsTest, ObservingKeepsAnswersThatAreNoRefusal) {
  run({passed_over(greet), step(pass<'b'>)}, sallyport::testing::notes_settings(), true);
  EXPECT_EQ(trace, "xy");
  EXPECT_EQ(status(), 200);
}

TEST_F(StepsTest, ObservingEnforcesWhatIsNotMarked) {
  run({step(refuse_here), step(pass<'b'>)}, sallyport::testing::notes_settings(), true);
  EXPECT_EQ(trace, "Rxy");
  EXPECT_EQ(status(), 403);
}

TEST_F(StepsTest, ObservingPassesOverARefusalThatTookTime) {
  const auto refuse_later = +[](Exchange& exchange) {
    refuse(exchange, problems::too_many);
    return wait<Outcome::answered>(exchange);
  };
  EXPECT_EQ(run({passed_over(refuse_later), step(pass<'b'>)}, sallyport::testing::notes_settings(), true),
            Progress::waiting);
  EXPECT_TRUE(exchange().position.observed) << "what it logs until it has decided is observed, too";
  a_second_later();
  EXPECT_EQ(request_->site.resumed(exchange()), Progress::answered);
  EXPECT_EQ(trace, "wWbxy");
  EXPECT_EQ(status(), 0);
  EXPECT_FALSE(exchange().position.observed);
}

TEST_F(StepsTest, ObservingDoesNotLetTheGeneralLimitReplaceAnAnswer) {
  ops::Settings settings = sallyport::testing::notes_settings();
  settings.limits.general_per_second = 1;
  settings.limits.general_burst = 1;
  run({step(refuse_here, Stage::unlimited)}, settings, true);
  for (int i = 0; i < 3; ++i) request_->site.head_complete(request_->get("/"));
  EXPECT_EQ(status(), 403);
}

TEST_F(StepsTest, ObservingStillAnswersExceptions) {
  run({passed_over(fail<std::runtime_error>), step(pass<'b'>)}, sallyport::testing::notes_settings(), true);
  EXPECT_EQ(trace, "xy");
  EXPECT_EQ(status(), 500);
  EXPECT_FALSE(exchange().position.observed);
}

}  // namespace
}  // namespace sallyport::gate
