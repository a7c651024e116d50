// Behind a proxy and beside one: which peers' forwarded client address is trusted.
#include "support/small_service.hpp"
#include "support/text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace sallyport::testing {
namespace {

constexpr const char* untrusted_reason = "forwarded field from an untrusted peer";

// The service behind the proxies 127.0.0.1, where the tests' requests come from, and 10.0.0.0/8.
class Proxied : public SmallService {
 public:
  explicit Proxied(const std::function<void(ops::Settings&)>& adjust = {})
      : SmallService([&](ops::Settings& settings) {
          for (const char* range : {"127.0.0.1", "10.0.0.0/8", "2001:db8:f::/48"}) {
            settings.server.trusted_proxies.push_back(*base::IpRange::parse(range));
          }
          if (adjust) adjust(settings);
        }) {}

  /// The status of `GET /` with these fields; for 200 the client as the access log has it.
  std::string get(const std::string& fields) {
    HttpClient client(port());
    client.send(head("GET /", fields));
    const auto response = client.receive();
    if (!response) return "closed";
    if (response->status != 200) return std::to_string(response->status);
    const std::string lines = log();
    const std::size_t begin = lines.rfind("\"src\":\"") + 7;
    return lines.substr(begin, lines.find('"', begin) - begin);
  }
  /// The same with `X-Forwarded-Proto: https`.
  std::string get_https(const std::string& fields) { return get("X-Forwarded-Proto: https\r\n" + fields); }
  std::string x_forwarded(const std::string& value) { return get_https("X-Forwarded-For: " + value + "\r\n"); }
  std::string forwarded(const std::string& value) { return get("Forwarded: " + value + "\r\n"); }
};

// cpp-httplib's pull request #2503: read from the left, the client chooses its address.
TEST(Proxy, CppHttplibPr2503TheClientIsTheFirstStrangerFromTheRight) {
  Proxied service;
  EXPECT_EQ(service.x_forwarded("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(service.x_forwarded("6.6.6.6, 203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(service.x_forwarded("6.6.6.6, 203.0.113.7, 10.0.0.2, 127.0.0.1"), "203.0.113.7");
  EXPECT_EQ(service.x_forwarded("10.0.0.9, 203.0.113.7, 10.0.0.2"), "203.0.113.7");
  EXPECT_EQ(service.x_forwarded("203.0.113.7:4711, [2001:db8:f::1]:80, ::ffff:10.0.0.2"), "203.0.113.7");
  EXPECT_EQ(service.x_forwarded("[2001:db8::7]:4711"), "2001:db8::7");
  EXPECT_EQ(service.x_forwarded("10.0.0.3, 10.0.0.2"), "10.0.0.3");  // nobody but proxies: the furthest of them
  EXPECT_EQ(
      service.get_https("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.7\r\nX-Forwarded-For: 10.0.0.2\r\n"),
      "203.0.113.7");
  EXPECT_EQ(service.forwarded(R"(for=6.6.6.6, for="203.0.113.7:80";proto=http, for=10.0.0.2;proto=https)"),
            "203.0.113.7");
  EXPECT_EQ(service.forwarded(R"(for="[2001:db8::7]";proto=https)"), "2001:db8::7");
  EXPECT_EQ(service.forwarded(R"(for="6.6.6.6, for=203.0.113.7;proto=https)"), "203.0.113.7");
}

// cpp-httplib's CVE-2026-46527: front() of an empty list.
TEST(Proxy, CppHttplibCve202646527AListOfNothing) {
  Proxied service;
  EXPECT_EQ(service.get_https(""), "127.0.0.1");  // the proxy asks for itself
  for (const std::string value : {"", ",", ",,,", "203.0.113.7,", " , "})
    EXPECT_EQ(service.x_forwarded(value), "400") << value;
  EXPECT_EQ(service.forwarded(""), "400");
  EXPECT_EQ(service.x_forwarded("6.6.6.6,,10.0.0.2"), "10.0.0.2");  // no step over a gap
  EXPECT_EQ(service.get_https(""), "127.0.0.1");
}

// What our own proxy writes is wrong with every request: that is refused, instead of counting all clients as one.
TEST(Proxy, RefusesNonsenseFromItsOwnProxy) {
  Proxied service;
  for (const std::string value :
       {"nonsense", "203.0.113.7, nonsense", "fe80::1%eth0", "1.2.3", "203.0.113.7 10.0.0.2", "unix:"}) {
    EXPECT_EQ(service.x_forwarded(value), "400") << value;
  }
  for (const std::string value : {"for=1.2.3;proto=https", "203.0.113.7", "for=203.0.113.7:80;proto=https",
                                  R"(for="203.0.113.7\";proto=https)", "proto=https;proto=https"}) {
    EXPECT_EQ(service.forwarded(value), "400") << value;
  }
  EXPECT_EQ(occurrences(service.log(), "a trusted proxy's own forwarded element is malformed"), 11U);
}

TEST(Proxy, StaysWithTheLastHostThatIsKnown) {
  Proxied service;
  EXPECT_EQ(service.x_forwarded("nonsense, 10.0.0.2"), "10.0.0.2");
  EXPECT_EQ(service.x_forwarded("6.6.6.6, unknown, 10.0.0.2"), "10.0.0.2");
  EXPECT_EQ(service.x_forwarded("6.6.6.6, unknown"), "127.0.0.1");
  EXPECT_EQ(service.forwarded("for=6.6.6.6, for=_hidden, for=10.0.0.2;proto=https"), "10.0.0.2");
  EXPECT_EQ(service.forwarded("for=6.6.6.6, proto=https"), "127.0.0.1");
  std::string hops = "6.6.6.6";
  for (int i = 0; i < 200; ++i) hops += ",10.0.0." + std::to_string(i);
  EXPECT_EQ(service.x_forwarded(hops), "10.0.0.150");
}

TEST(Proxy, RefusesTwoStories) {
  Proxied service;
  const std::string same = "Forwarded: for=203.0.113.7\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.7\r\n";
  EXPECT_EQ(service.get_https(same), "203.0.113.7");
  EXPECT_EQ(service.get_https("Forwarded: for=203.0.113.7\r\nX-Forwarded-For: 6.6.6.6\r\n"), "400");
  EXPECT_EQ(service.get_https("Forwarded: for=unknown\r\nX-Forwarded-For: 6.6.6.6\r\n"), "400");
  EXPECT_EQ(service.get_https("Forwarded: for=6.6.6.6\r\nX-Forwarded-For: unknown\r\n"), "400");
  EXPECT_EQ(occurrences(service.log(), "name different clients"), 3U);
}

TEST(Proxy, WantsToHearHttpsFromTheProxyNextToIt) {
  Proxied service;
  const std::string ok = "127.0.0.1";
  const std::pair<std::string, std::string> cases[] = {
      {"", "400"},
      {"X-Forwarded-Proto: http\r\n", "400"},
      {"X-Forwarded-Proto:\r\n", "400"},
      {"X-Forwarded-Proto: https, http\r\n", "400"},
      {"X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n", "400"},
      {"X-Forwarded-Proto: https,\r\n", "400"},
      {"X-Forwarded-Proto: httpss\r\n", "400"},
      {"X-Forwarded-Proto: http, https\r\n", ok},
      {"X-Forwarded-Proto: http\r\nX-Forwarded-Proto: HTTPS\r\n", ok},
      {"Forwarded: proto=https\r\n", ok},
      {"Forwarded: proto=http\r\n", "400"},
      {"Forwarded: proto=https, for=unknown\r\n", "400"},
      {"Forwarded: proto=http\r\nX-Forwarded-Proto: https\r\n", "400"},
      {"Forwarded: proto=https\r\nX-Forwarded-Proto: http\r\n", "400"},
  };
  for (const auto& [fields, expected] : cases) EXPECT_EQ(service.get(fields), expected) << fields;
}

TEST(Proxy, KnowsOnlyItsOwnHosts) {
  Proxied service;
  const std::string ours = service.authority();
  EXPECT_EQ(service.get_https("X-Forwarded-Host: " + ours + "\r\n"), "127.0.0.1");
  EXPECT_EQ(service.get_https("X-Forwarded-Host: evil.example, " + ours + "\r\n"), "127.0.0.1");
  EXPECT_EQ(service.get_https("X-Forwarded-Host: " + ours + ", evil.example\r\n"), "421");
  EXPECT_EQ(service.get_https("X-Forwarded-Host: evil.example\r\n"), "421");
  EXPECT_EQ(service.get_https("X-Forwarded-Host:\r\n"), "421");
  EXPECT_EQ(service.forwarded("proto=https;host=\"" + ours + "\""), "127.0.0.1");
  EXPECT_EQ(service.forwarded("proto=https;host=evil.example"), "421");
  EXPECT_EQ(occurrences(service.log(), "forwarded host is not ours"), 4U);
}

// The limit counts whom the proxy names, and a made-up address in front of that name is no way round it.
TEST(Proxy, CountsTheClientThatIsNamed) {
  Proxied service([](ops::Settings& settings) {
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 3;
  });
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(service.x_forwarded("6.6.6." + std::to_string(i) + ", 203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(service.x_forwarded("6.6.6.9, 203.0.113.7"), "429");
  EXPECT_EQ(service.x_forwarded("203.0.113.8"), "203.0.113.8");
}

// From a peer that is no proxy, nothing of it counts, and one line says so.
TEST(Proxy, AStrangersFieldsChangeNothingAndAreLoggedOnce) {
  for (const char* const proxy : {"10.0.0.2", "10.0.0.9"}) {
    SmallService service([&](ops::Settings& settings) {
      settings.limits.general_per_second = 1;
      settings.limits.general_burst = 100;
      settings.server.trusted_proxies = {*base::IpRange::parse(proxy)};
    });
    HttpClient client(service.port());
    const auto get = [&](const std::string& fields) {
      client.send(service.head("GET /", fields));
      const auto response = client.receive();
      return response ? response->status : 0;
    };
    EXPECT_EQ(get("X-Request-Id: 1\r\nVia: 1.1 a\r\n"), 200);
    EXPECT_EQ(occurrences(service.log(), untrusted_reason), 0U);
    for (const std::string field :
         {"X-Forwarded-For: 10.0.0.2", "X-Forwarded-For: ,", "Forwarded: for=10.0.0.2", "Forwarded: \"",
          "X-Forwarded-Proto: http", "X-Forwarded-Host: evil.example", "X-Forwarded-Port: 1", "X-Real-IP: 10.0.0.2"}) {
      EXPECT_EQ(get(field + "\r\n"), 200) << field;
    }
    std::string log = service.log();
    EXPECT_EQ(occurrences(log, untrusted_reason), 1U);
    EXPECT_EQ(occurrences(log, "malicious_extraneous"), 1U);
    EXPECT_EQ(occurrences(log, "\"src\":\"10.0.0.2\""), 0U);
    service.advance(std::chrono::minutes(59));
    HttpClient later(service.port());
    later.send(service.head("GET /", "X-Real-IP: 10.0.0.2\r\n"));
    later.receive();
    EXPECT_EQ(occurrences(service.log(), untrusted_reason), 1U);
    service.advance(std::chrono::minutes(1));
    HttpClient last(service.port());
    last.send(service.head("GET /", "X-Real-IP: 10.0.0.2\r\n"));
    last.receive();
    EXPECT_EQ(occurrences(service.log(), untrusted_reason), 2U);
  }
}

// Each of the fields alone is noticed.
TEST(Proxy, EveryFieldOfAStrangerIsNoticed) {
  for (const std::string field :
       {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-IP"}) {
    SmallService service(
        [](ops::Settings& settings) { settings.server.trusted_proxies = {*base::IpRange::parse("10.0.0.9")}; });
    EXPECT_EQ(service.browser().get("/", field + ": x\r\n").status, 200);
    EXPECT_EQ(occurrences(service.log(), untrusted_reason), 1U) << field;
  }
}

// Development mode is for one machine: a program that gives it to itself is of no use behind a proxy.
TEST(Proxy, BeforeAServiceInDevelopmentIsToldSo) {
  for (const std::string field : {"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"}) {
    SmallService service;
    EXPECT_EQ(service.browser().get("/").status, 200);
    const auto answer = service.browser().get("/", field + ": 1.1 x\r\n");
    EXPECT_EQ(answer.status, 421) << field;
    EXPECT_NE(answer.body.find("development mode"), std::string::npos) << answer.body;
    EXPECT_EQ(service.browser().get("/", field + ": 1.1 x\r\n").status, 421) << field;
    EXPECT_EQ(occurrences(service.log(), "this is development mode"), 1U) << field;
  }
}

}  // namespace
}  // namespace sallyport::testing
