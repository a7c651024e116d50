// Guessing passwords from many places, at many accounts, for a long time; and what it does to the owner.
#include "support/notes_service.hpp"

#include <sallyport/detail/own_tables.hpp>

#include <gtest/gtest.h>

#include <charconv>
#include <string>
#include <vector>

namespace sallyport::testing {
namespace {

using namespace std::chrono_literals;

// The example behind a proxy on this machine, so that clients come from any address.
class SignIn : public ::testing::Test {
 protected:
  NotesService service{
      [](ops::Settings& settings) { settings.server.trusted_proxies = {*base::IpRange::parse("127.0.0.1")}; }};

  HttpResponse post(const std::string& path, const std::string& json, const std::string& address,
                    const std::string& cookies = {}) {
    std::string fields =
        "Sec-Fetch-Site: same-origin\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: " + address + "\r\n";
    if (!cookies.empty()) fields += "Cookie: " + cookies + "\r\n";
    return service.visitor().send("POST", path, "application/json", json, fields);
  }
  HttpResponse sign_in(const std::string& email, const std::string& password, const std::string& address,
                       const std::string& cookies = {}) {
    return post("/api/login", R"({"email":")" + email + R"(","password":")" + password + R"("})", address, cookies);
  }
  void sign_up(const std::string& email, const std::string& address) {
    ASSERT_EQ(post("/api/users",
                   R"({"name":"Some One","email":")" + email + R"(","password":")" + NotesService::password + R"("})",
                   address)
                  .status,
              201);
  }
  // Guesses until one is refused; how many were looked at.
  int guesses(const std::string& email, const std::string& address) {
    for (int count = 0; count < 20; ++count) {
      if (sign_in(email, "wrong password indeed", address).status != 401) return count;
    }
    return 20;
  }
  static std::string address(int number) {
    return "198.51." + std::to_string(100 + number / 200) + "." + std::to_string(1 + number % 200);
  }
  // A cookie that an answer sets, as a browser sends it back.
  static std::string cookie(const HttpResponse& response, const std::string& name) {
    for (const auto& [field, value] : response.fields) {
      if (field == "set-cookie" && value.starts_with(name + "=")) return value.substr(0, value.find(';'));
    }
    return {};
  }
  static int retry_after(const HttpResponse& response) {
    int seconds = 0;
    const std::string text = response.field("retry-after");
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds;
  }
};

TEST_F(SignIn, HundredAddressesOnOneAccount) {
  sign_up("victim@example.org", "192.0.2.1");
  int looked_at = 0;
  for (int i = 0; i < 100; ++i) {
    if (sign_in("victim@example.org", "wrong password indeed", address(i)).status == 401) ++looked_at;
  }
  EXPECT_EQ(looked_at, 5);
}

TEST_F(SignIn, OneAddressOnHundredAccounts) {
  int looked_at = 0;
  for (int i = 0; i < 100; ++i) {
    const auto answer = sign_in("someone" + std::to_string(i) + "@example.org", "wrong password indeed", "192.0.2.9");
    if (answer.status == 401) ++looked_at;
  }
  EXPECT_EQ(looked_at, 20);
}

// 15 minutes, half an hour, an hour, an hour …: the delay grows, and stops growing.
TEST_F(SignIn, DelayGrowsAndIsCapped) {
  sign_up("victim@example.org", "192.0.2.1");
  int round = 0;
  for (const auto expected : {15min, 30min, 60min, 60min, 60min}) {
    EXPECT_EQ(guesses("victim@example.org", address(++round)), 5) << round;
    const auto refused = sign_in("victim@example.org", NotesService::password, address(round));
    EXPECT_EQ(refused.status, 429);
    EXPECT_NEAR(retry_after(refused), static_cast<double>(std::chrono::seconds(expected).count()), 1) << round;
    service.advance(expected - 1s);
    EXPECT_EQ(sign_in("victim@example.org", NotesService::password, address(round)).status, 429) << round;
    service.advance(2s);
  }
  EXPECT_EQ(sign_in("victim@example.org", NotesService::password, "192.0.2.1").status, 200) << "never for good";
}

TEST_F(SignIn, SuccessTakesTheDelayBack) {
  sign_up("victim@example.org", "192.0.2.1");
  EXPECT_EQ(guesses("victim@example.org", address(1)), 5);
  service.advance(16min);
  EXPECT_EQ(sign_in("victim@example.org", NotesService::password, "192.0.2.1").status, 200);
  EXPECT_EQ(guesses("victim@example.org", address(2)), 5);
  EXPECT_NEAR(retry_after(sign_in("victim@example.org", "wrong password indeed", address(2))), 900, 1)
      << "15 minutes again, not 30";
}

// Attackers lock the account for unknown browsers. The owner's browser has signed in before.
TEST_F(SignIn, StrangersDoNotLockTheOwnerOut) {
  sign_up("owner@example.org", "192.0.2.1");
  const auto first = sign_in("owner@example.org", NotesService::password, "192.0.2.1");
  ASSERT_EQ(first.status, 200);
  const std::string device = cookie(first, "__Host-Http-device");
  ASSERT_NE(device, "");
  for (int hour = 0; hour < 3; ++hour) {
    EXPECT_EQ(guesses("owner@example.org", address(hour)), 5);
    EXPECT_EQ(sign_in("owner@example.org", NotesService::password, "192.0.2.77").status, 429) << "from a new browser";
    const auto again = sign_in("owner@example.org", NotesService::password, "192.0.2.77", device);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(cookie(again, "__Host-Http-device"), "") << "it has one";
    service.advance(1h + 1s);
  }
}

// What a browser keeps when its owner signs out: a whole account that is guessed at all the time would else be lost with it.
TEST_F(SignIn, SigningOutLeavesTheDevice) {
  sign_up("owner@example.org", "192.0.2.1");
  const auto first = sign_in("owner@example.org", NotesService::password, "192.0.2.1");
  const std::string device = cookie(first, "__Host-Http-device");
  ASSERT_NE(device, "");
  std::string session;
  for (const std::string& set : first.fields_named("set-cookie")) {
    if (!set.starts_with("__Host-Http-device=")) session = set.substr(0, set.find(';'));
  }
  const auto out = post("/api/logout", "", "192.0.2.1", session + "; " + device);
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(out.field("clear-site-data"), R"("cache", "storage")") << "not \"cookies\"";
  const auto ended = out.fields_named("set-cookie");
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_TRUE(ended[0].starts_with(session.substr(0, session.find('=')) + "=;")) << ended[0];
  EXPECT_EQ(guesses("owner@example.org", address(1)), 5);
  EXPECT_EQ(sign_in("owner@example.org", NotesService::password, "192.0.2.77").status, 429);
  EXPECT_EQ(sign_in("owner@example.org", NotesService::password, "192.0.2.77", device).status, 200);
}

// The device's own attempts are counted, and its cookie is for one account only.
TEST_F(SignIn, StolenDeviceHasFiveGuessesAndNoMore) {
  sign_up("owner@example.org", "192.0.2.1");
  sign_up("other@example.org", "192.0.2.1");
  const std::string device =
      cookie(sign_in("owner@example.org", NotesService::password, "192.0.2.1"), "__Host-Http-device");
  int looked_at = 0;
  for (int i = 0; i < 30; ++i) {
    if (sign_in("owner@example.org", "wrong password indeed", address(i), device).status == 401) ++looked_at;
  }
  EXPECT_EQ(looked_at, 5);
  looked_at = 0;
  for (int i = 0; i < 30; ++i) {
    if (sign_in("other@example.org", "wrong password indeed", address(i), device).status == 401) ++looked_at;
  }
  EXPECT_EQ(looked_at, 5) << "counted by the account, as without the cookie";
  EXPECT_EQ(sign_in("other@example.org", NotesService::password, address(99), device).status, 429);
}

// What `sallyport users unlock` writes.
TEST_F(SignIn, AnAccountThatIsUnlocked) {
  sign_up("owner@example.org", "192.0.2.1");
  const std::string device =
      cookie(sign_in("owner@example.org", NotesService::password, "192.0.2.1"), "__Host-Http-device");
  const auto unlock = [&] {
    const std::int64_t now = service.clock().wall().time_since_epoch() / 1ms;
    service.database().run_blocking([&](Transaction& tx) {
      tx.run(detail::own_sql<"UPDATE sallyport_users SET unlocked_at = ? WHERE email = 'owner@example.org'">, now);
    });
  };
  EXPECT_EQ(guesses("owner@example.org", address(1)), 5);
  for (int i = 0; i < 5; ++i) static_cast<void>(sign_in("owner@example.org", "a wrong one", address(9), device));
  EXPECT_EQ(sign_in("owner@example.org", NotesService::password, address(9), device).status, 429);
  unlock();
  EXPECT_EQ(sign_in("owner@example.org", NotesService::password, address(9), device).status, 200) << "known browsers";
  // Who goes on guessing shuts it for himself.
  EXPECT_EQ(guesses("owner@example.org", address(1)), 5);
  EXPECT_EQ(sign_in("owner@example.org", NotesService::password, "192.0.2.77").status, 200) << "and unknown ones";
  // And from many addresses fifty guesses are all there are.
  int looked_at = 5;
  for (int i = 2; i < 100; ++i) {
    if (sign_in("owner@example.org", "wrong password indeed", address(i)).status == 401) ++looked_at;
  }
  EXPECT_EQ(looked_at, 50);
  // After a quarter of an hour it is an account as every other.
  service.advance(16min);
  EXPECT_EQ(guesses("owner@example.org", address(101)), 5);
  EXPECT_EQ(sign_in("owner@example.org", NotesService::password, address(102)).status, 429);
  unlock();
  EXPECT_EQ(sign_in("owner@example.org", NotesService::password, address(102)).status, 200) << "again";
}

// A table of attempts holds neither accounts nor addresses.
TEST_F(SignIn, AttemptsAreInTheDatabaseAndNameNobody) {
  sign_up("victim@example.org", "192.0.2.1");
  EXPECT_EQ(guesses("victim@example.org", address(1)), 5);
  const std::int64_t rows = service.database().run_blocking(
      [](Transaction& tx) { return tx.one<std::int64_t>(detail::own_sql<"SELECT count(*) FROM sallyport_attempts">); });
  EXPECT_EQ(rows, 4) << "an address and an account, of sign-ups and of sign-ins";
}

// One answer, whether or not somebody has an account; and as many of them.
TEST_F(SignIn, SigningUpTellsNobodyWhoHasAnAccount) {
  sign_up("known@example.org", "192.0.2.1");
  service.advance(1h);
  const auto form = [&](const std::string& email, const std::string& from) {
    std::string named = email;
    named.replace(named.find('@'), 1, "%40");
    const std::string fields =
        "Sec-Fetch-Site: same-origin\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: " + from + "\r\n";
    return service.visitor().send("POST", "/signup", "application/x-www-form-urlencoded",
                                  "name=Some+One&email=" + named + "&password=another+walk+by+the+river", fields);
  };
  const auto shape = [](const HttpResponse& answer) {
    std::string text = std::to_string(answer.status) + "\n";
    for (const auto& [name, value] : answer.fields) text += name + ": " + (name == "date" ? "" : value) + "\n";
    return text + answer.body;
  };
  EXPECT_EQ(shape(form("known@example.org", "192.0.2.11")), shape(form("fresh@example.org", "192.0.2.12")));
  const auto with = [](std::string text, const std::string& name) {
    const std::size_t at = text.find(name);
    return at == text.npos ? text : text.replace(at, name.size(), "$");
  };
  const auto json = [&](const std::string& email, const std::string& from) {
    return post("/api/users", R"({"name":"A","email":")" + email + R"(","password":"another walk by the river"})",
                from);
  };
  EXPECT_EQ(with(shape(json("known@example.org", "192.0.2.13")), "known"),
            with(shape(json("newer@example.org", "192.0.2.14")), "newer"));
  EXPECT_EQ(sign_in("fresh@example.org", "another walk by the river", "192.0.2.1").status, 200);
  EXPECT_EQ(sign_in("known@example.org", "another walk by the river", "192.0.2.1").status, 401)
      << "nothing of an account was changed";
  EXPECT_EQ(sign_in("known@example.org", NotesService::password, "192.0.2.1").status, 200);
  service.advance(1h);
  std::string known;
  std::string fresh;
  for (int i = 0; i < 8; ++i) {
    known += std::to_string(json("known@example.org", address(i)).status) + ' ';
    fresh += std::to_string(json("newest@example.org", address(i)).status) + ' ';
  }
  EXPECT_EQ(known, fresh) << "the counters do not tell either";
}

TEST_F(SignIn, ForgedDevicesAreStrangers) {
  sign_up("owner@example.org", "192.0.2.1");
  int looked_at = 0;
  for (int i = 0; i < 30; ++i) {
    const std::string forged =
        "__Host-Http-device=" + std::string(22, static_cast<char>('A' + i % 26)) + "." + std::string(43, 'A');
    if (sign_in("owner@example.org", "wrong password indeed", address(i), forged).status == 401) ++looked_at;
  }
  EXPECT_EQ(looked_at, 5);
}

// Proxies, and clients that translate HTTP/2, send several Cookie lines over HTTP/1.1; a site may have set dozens of cookies.
TEST_F(SignIn, TheSessionIsFoundAmongAllCookies) {
  sign_up("owner@example.org", "192.0.2.1");
  const std::string session =
      cookie(sign_in("owner@example.org", NotesService::password, "192.0.2.1"), "__Host-Http-session");
  ASSERT_NE(session, "");
  std::string many;
  for (int i = 0; i < 180; ++i) many += "c" + std::to_string(i) + "=d; ";
  const auto status = [&](const std::string& lines) {
    return service.visitor()
        .send("GET", "/api/me", "", "", "X-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.1\r\n" + lines)
        .status;
  };
  EXPECT_EQ(status("Cookie: a=b\r\nCookie: " + session + "\r\nCookie: c=d\r\n"), 200);
  EXPECT_EQ(status("Cookie: " + many + session + "\r\n"), 200);
  EXPECT_EQ(status("Cookie: " + session + "\r\nCookie: " + session + "\r\n"), 401) << "one of them was planted";
  EXPECT_EQ(status("Cookie: a=b\r\nCookie: c=d\r\n"), 401);
}

// Two guesses at each of many accounts, from as many addresses: nobody's limit is reached.
TEST_F(SignIn, GuessesFromEverywhereAreTold) {
  for (int i = 0; i < 60; ++i) {
    const std::string email = "user" + std::to_string(i) + "@example.org";
    EXPECT_EQ(sign_in(email, "wrong password indeed", address(i)).status, 401);
    if (i == 40) {
      EXPECT_EQ(service.log().find("authn_login_fail_spread"), std::string::npos);
    }
  }
  const std::string log = service.log();
  const std::size_t at = log.find(R"("event":"authn_login_fail_spread")");
  ASSERT_NE(at, log.npos);
  EXPECT_EQ(log.find(R"("event":"authn_login_fail_spread")", at + 1), log.npos) << "once";
  EXPECT_NE(log.find("passwords are guessed: 5", at), log.npos) << log.substr(at, 400);
}

// Each account costs a hash, a row and perhaps a mail: those that are made count as those that fail.
TEST_F(SignIn, OneAddressMakesFewAccounts) {
  int made = 0;
  for (int i = 0; i < 40; ++i) {
    const auto answer = post("/api/users",
                             R"({"name":"Some One","email":"n)" + std::to_string(i) + R"(@example.org","password":")" +
                                 NotesService::password + R"("})",
                             "192.0.2.9");
    made += answer.status == 201 ? 1 : 0;
    if (answer.status != 201) {
      EXPECT_EQ(answer.status, 429);
    }
  }
  EXPECT_EQ(made, 20);
  sign_up("another@example.org", "192.0.2.10");
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(sign_in("another@example.org", NotesService::password, "192.0.2.9").status, 200)
        << "signing in is another count";
  service.advance(16min);
  sign_up("later@example.org", "192.0.2.9");
}

// The operator sees which account is attacked, and that it is one; not whose it is.
TEST_F(SignIn, TheLogTellsAccountsApartAndNamesNone) {
  sign_up("victim@example.org", "192.0.2.1");
  ASSERT_EQ(guesses("Victim@Example.org", address(1)), 5);
  ASSERT_EQ(sign_in("other@example.org", "wrong password indeed", address(2)).status, 401);
  const std::string log = service.log();
  const auto accounts = [&](const std::string& event) {
    std::vector<std::string> found;
    for (std::size_t at = log.find(event); at != log.npos; at = log.find(event, at + 1)) {
      const std::string line = log.substr(at, log.find('\n', at) - at);
      found.push_back(json_text(line, "account"));
    }
    return found;
  };
  const auto failed = accounts(R"("event":"authn_login_fail")");
  ASSERT_EQ(failed.size(), 6U);
  EXPECT_EQ(failed[0].size(), 16U);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(failed[i], failed[0]) << i;
  EXPECT_NE(failed[5], failed[0]);
  EXPECT_EQ(accounts(R"("event":"authn_login_lock")"), std::vector<std::string>{failed[0]});
  EXPECT_EQ(accounts(R"("event":"user_created")"), std::vector<std::string>{failed[0]});
  EXPECT_EQ(log.find("victim@"), log.npos);
}

}  // namespace
}  // namespace sallyport::testing
