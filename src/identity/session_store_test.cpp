// Sessions: found only by the cookie that was handed out, ended by time, sign-out, displacement or disabling.
#include "identity/session_store.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/base64url.hpp"
#include "crypto/master_key.hpp"
#include "identity/principal.hpp"
#include "identity/test_support.hpp"

namespace sallyport::identity {
namespace {

using namespace std::chrono_literals;
using detail::operator""_own;
using test::run_blocking;

crypto::Key<crypto::purpose::SessionMac> key() {
  crypto::KeyFinding finding{};
  const auto master = crypto::MasterKey::parse(
      crypto::bytes_of("4f1d9c0be2a7538861d3f05a9be74c12d8063fa5917e2cb4406d8af3c75e1b92"), finding);
  return master.value().derive<crypto::purpose::SessionMac>();
}

class SessionStoreTest : public ::testing::Test {
 protected:
  Id<User> add_user(std::string_view address = "ada@example.org") {
    const auto id = Id<User>::random();
    on.change(
        "INSERT INTO sallyport_users (id, email, email_shown, name, password, role, created_at) VALUES (?, ?, ?, "
        "'Ada', 'x', 'editor', 0)"_own,
        id, address, address);
    return id;
  }
  std::string begin(Id<User> user, std::string_view old = {}) { return run_blocking(sessions.begin(user, old)); }
  std::optional<detail::Principal> find(std::string_view cookie) { return run_blocking(sessions.find(cookie)); }
  std::int64_t rows() { return on.number("SELECT count(*) FROM sallyport_sessions"_own); }

  TestDatabase on;
  StubbornEngine engine{on.database.own_engine()};
  Db db{engine};
  ops::SessionSettings settings;
  SessionStore sessions{db, key(), settings, on.clock};
};

TEST_F(SessionStoreTest, TellsWhoseItIs) {
  const auto user = add_user();
  const std::string cookie = begin(user);
  EXPECT_EQ(cookie.size(), 43U);
  const auto found = find(cookie);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, user);
  EXPECT_EQ(found->name, "Ada");
  EXPECT_EQ(found->email, "ada@example.org");
  EXPECT_EQ(found->role, "editor");
}

TEST_F(SessionStoreTest, TheTableHoldsNothingThatCanBeSentAsACookie) {
  const std::string cookie = begin(add_user());
  std::vector<unsigned char> secret(32);
  ASSERT_EQ(crypto::decode_base64url(cookie, secret), 32U);
  EXPECT_EQ(on.number("SELECT count(*) FROM sallyport_sessions WHERE id = ?"_own, secret), 0);
  const auto stored = on.database.run_blocking(
      [](Transaction& tx) { return tx.one<std::vector<unsigned char>>("SELECT id FROM sallyport_sessions"_own); });
  EXPECT_FALSE(find(crypto::encode_base64url(stored)));
}

TEST_F(SessionStoreTest, UnderAnotherKeyNoCookieIsKnown) {
  const std::string cookie = begin(add_user());
  crypto::KeyFinding finding{};
  const auto master = crypto::MasterKey::parse(
      crypto::bytes_of("b3e8170c5fd24a9961ce70d84215fba6039d7ce41f5a862bc8704e9d13a6f05b"), finding);
  SessionStore other{db, master.value().derive<crypto::purpose::SessionMac>(), settings, on.clock};
  EXPECT_FALSE(run_blocking(other.find(cookie)));
}

TEST_F(SessionStoreTest, OneCookieHasOneSpelling) {
  const std::string cookie = begin(add_user());
  const std::string last_bits_set = cookie.substr(0, 42) + static_cast<char>(cookie[42] + 1);
  for (const std::string& other :
       {cookie + "=", cookie + "A", cookie.substr(0, 42), " " + cookie, cookie.substr(0, 42) + "=", last_bits_set,
        std::string(), std::string(43, '\0'), std::string(43, '+'), std::string(5000, 'A')}) {
    EXPECT_FALSE(find(other)) << other;
  }
  EXPECT_TRUE(find(cookie));
}

TEST_F(SessionStoreTest, WhatIsNoSessionIdCostsNoQuery) {
  class NoDatabase final : public detail::Engine {
    detail::JobQueue& queue(detail::Access) noexcept override { return queue_; }
    detail::Session& session(detail::Access, std::size_t) noexcept override { std::abort(); }
    FullQueue queue_;
  } none;
  Db nothing{none};
  SessionStore store{nothing, key(), settings, on.clock};
  EXPECT_FALSE(run_blocking(store.find("x")));
  EXPECT_NO_THROW(run_blocking(store.end("x")));
  EXPECT_THROW(run_blocking(store.find(std::string(43, 'A'))), Overloaded);
}

TEST_F(SessionStoreTest, SessionFixationAnUnknownIdIsNeverAdopted) {
  const auto user = add_user();
  const std::string planted(43, 'A');
  EXPECT_FALSE(find(planted));
  const std::string cookie = begin(user, planted);
  EXPECT_NE(cookie, planted);
  EXPECT_FALSE(find(planted));
  EXPECT_EQ(rows(), 1);
}

TEST_F(SessionStoreTest, SigningInDestroysTheOldSessionOfThisBrowser) {
  const auto ada = add_user();
  const auto bob = add_user("bob@example.org");
  const std::string first = begin(ada);
  const std::string second = begin(bob, first);
  EXPECT_FALSE(find(first));
  EXPECT_EQ(find(second)->id, bob);
  EXPECT_EQ(rows(), 1);
}

TEST_F(SessionStoreTest, EndsWhenIdle) {
  const std::string cookie = begin(add_user());
  on.clock.advance(30min - 1ms);
  EXPECT_TRUE(find(cookie));
  on.clock.advance(30min - 1ms);
  EXPECT_TRUE(find(cookie));
  on.clock.advance(30min);
  EXPECT_FALSE(find(cookie));
  EXPECT_EQ(rows(), 0) << "an ended session is deleted when it is met";
}

TEST_F(SessionStoreTest, EndsEightHoursAfterItBeganHoweverItIsUsed) {
  const std::string cookie = begin(add_user());
  for (int i = 1; i < 8 * 4; ++i) {
    on.clock.advance(15min);
    ASSERT_TRUE(find(cookie)) << i;
  }
  on.clock.advance(15min - 1ms);
  EXPECT_TRUE(find(cookie));
  on.clock.advance(1ms);
  EXPECT_FALSE(find(cookie));
  EXPECT_EQ(rows(), 0);
}

TEST_F(SessionStoreTest, TheLimitsAreSettings) {
  settings.idle_minutes = 5;
  settings.absolute_hours = 1;
  SessionStore strict{db, key(), settings, on.clock};
  const std::string cookie = begin(add_user());
  for (int i = 0; i < 14; ++i) {
    on.clock.advance(4min);
    ASSERT_TRUE(run_blocking(strict.find(cookie)));
  }
  on.clock.advance(4min);
  EXPECT_FALSE(run_blocking(strict.find(cookie)));
}

TEST_F(SessionStoreTest, TellsOfManyWhichHaveNotEnded) {
  const auto user = add_user();
  const auto other = add_user("bob@example.org");
  const auto id_of = [&](const std::string& cookie) { return *sessions.stored_id(cookie); };
  const std::string first = begin(user);
  on.clock.advance(20min);
  const std::string second = begin(user);
  const std::string his = begin(other);
  const std::vector<SessionStore::StoredId> all{id_of(first), id_of(second), id_of(his), SessionStore::StoredId{}};
  const auto living = [&] { return run_blocking(sessions.living(all)); };
  EXPECT_EQ(living().size(), 3U);
  on.clock.advance(10min);
  EXPECT_EQ(living().size(), 2U) << "the first is idle, and asking was no use of it";
  run_blocking(sessions.end(his));
  const auto left = living();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left.front(), (SessionStore::Living{id_of(second), user, "editor"}));
  on.change("UPDATE sallyport_users SET disabled_at = 1 WHERE TRUE"_own);
  EXPECT_EQ(living().size(), 0U);
}

TEST_F(SessionStoreTest, UseIsNotedOnceAMinute) {
  const std::string cookie = begin(add_user());
  const auto seen_at = [&] { return on.number("SELECT seen_at FROM sallyport_sessions"_own); };
  const std::int64_t began = seen_at();
  on.clock.advance(59s);
  ASSERT_TRUE(find(cookie));
  EXPECT_EQ(seen_at(), began);
  on.clock.advance(1s);
  ASSERT_TRUE(find(cookie));
  EXPECT_EQ(seen_at(), began + 60'000);
  on.clock.advance(59s);
  ASSERT_TRUE(find(cookie));
  EXPECT_EQ(seen_at(), began + 60'000);
}

TEST_F(SessionStoreTest, ABusyWriterFailsNoRequestThatReads) {
  const std::string cookie = begin(add_user());
  engine.writer_full = true;
  on.clock.advance(2min);
  EXPECT_TRUE(find(cookie));
  on.clock.advance(30min);
  EXPECT_FALSE(find(cookie));
  EXPECT_THROW(run_blocking(sessions.end(cookie)), Overloaded) << "but nobody is told signed out who is not";
}

TEST_F(SessionStoreTest, OfADisabledAccountIsNoSession) {
  const auto user = add_user();
  const std::string cookie = begin(user);
  on.change("UPDATE sallyport_users SET disabled_at = 1 WHERE id = ?"_own, user);
  EXPECT_FALSE(find(cookie));
  on.change("UPDATE sallyport_users SET disabled_at = NULL WHERE id = ?"_own, user);
  EXPECT_FALSE(find(cookie)) << "ended for good";
}

TEST_F(SessionStoreTest, GoesWithItsAccount) {
  const auto user = add_user();
  const std::string cookie = begin(user);
  on.change("DELETE FROM sallyport_users WHERE id = ?"_own, user);
  EXPECT_EQ(rows(), 0);
  EXPECT_FALSE(find(cookie));
  EXPECT_THROW(begin(user), DatabaseError);
}

TEST_F(SessionStoreTest, AClockSetBackEndsSessionsOfTheFuture) {
  const std::string cookie = begin(add_user());
  on.clock.set_wall(on.clock.wall() - 30s);
  EXPECT_TRUE(find(cookie)) << "clocks are adjusted";
  on.clock.set_wall(on.clock.wall() - 24h);
  EXPECT_FALSE(find(cookie));
}

TEST_F(SessionStoreTest, AnAccountHasTenAtMostAndLosesThoseUnusedForLongest) {
  const auto user = add_user();
  const std::string other = begin(add_user("bob@example.org"));
  std::vector<std::string> cookies;
  for (int i = 0; i < 10; ++i) {
    cookies.push_back(begin(user));
    on.clock.advance(1min);
  }
  ASSERT_TRUE(find(cookies[0]));  // in use: now the second is the one unused for longest
  const std::string eleventh = begin(user);
  EXPECT_FALSE(find(cookies[1]));
  EXPECT_TRUE(find(cookies[0]));
  for (std::size_t i = 2; i < 10; ++i) EXPECT_TRUE(find(cookies[i])) << i;
  EXPECT_TRUE(find(eleventh));
  EXPECT_TRUE(find(other));
}

TEST_F(SessionStoreTest, OneSessionPerAccountIsASetting) {
  settings.per_account = 1;
  SessionStore single{db, key(), settings, on.clock};
  const auto user = add_user();
  const std::string first = run_blocking(single.begin(user, {}));
  const std::string second = run_blocking(single.begin(user, {}));
  EXPECT_FALSE(find(first));
  EXPECT_TRUE(find(second));
}

TEST_F(SessionStoreTest, ASignInThatFailsLeavesTheOldSession) {
  const std::string old = begin(add_user());
  EXPECT_THROW(begin(Id<User>::random(), old), DatabaseError);  // no such account
  EXPECT_TRUE(find(old));
}

TEST_F(SessionStoreTest, SigningOutDestroysThisSessionOnly) {
  const auto user = add_user();
  const std::string here = begin(user);
  const std::string there = begin(user);
  run_blocking(sessions.end(here));
  run_blocking(sessions.end(here));
  EXPECT_FALSE(find(here));
  EXPECT_TRUE(find(there));
}

TEST_F(SessionStoreTest, EndAllDestroysAllOfOneAccount) {
  const auto ada = add_user();
  const auto bob = add_user("bob@example.org");
  const std::string a = begin(ada), b = begin(ada), c = begin(bob);
  EXPECT_EQ(run_blocking(sessions.end_all(ada)), 2);
  EXPECT_FALSE(find(a));
  EXPECT_FALSE(find(b));
  EXPECT_TRUE(find(c));
}

TEST_F(SessionStoreTest, EachNewSessionTakesSomeThatAreOverAlong) {
  const auto user = add_user();
  on.database.run_blocking([&](Transaction& tx) {
    for (unsigned char i = 0; i < 50; ++i) {
      std::array<unsigned char, 32> id{};
      id[0] = i;
      tx.run("INSERT INTO sallyport_sessions (id, account, created_at, seen_at) VALUES (?, ?, ?, ?)"_own, id, user,
             1000, 1000);
    }
  });
  const auto bob = add_user("bob@example.org");
  (void)begin(bob);
  EXPECT_EQ(rows(), 31);
  (void)begin(bob);
  EXPECT_EQ(rows(), 12);
  const std::string third = begin(bob);
  EXPECT_EQ(rows(), 3);
  on.clock.advance(30min - 1ms);
  EXPECT_TRUE(find(third));
  const std::string fourth = begin(add_user("eve@example.org"));
  EXPECT_TRUE(find(third)) << "sessions that are alive stay";
  EXPECT_TRUE(find(fourth));
}

TEST_F(SessionStoreTest, SignInsOfOneAccountAtOnceStayWithinTheLimit) {
  const auto user = add_user();
  std::vector<std::thread> browsers;
  for (int i = 0; i < 4; ++i) {
    browsers.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        const std::string cookie = begin(user);
        (void)find(cookie);
      }
    });
  }
  for (auto& browser : browsers) browser.join();
  EXPECT_EQ(rows(), 10);
}

}  // namespace
}  // namespace sallyport::identity
