// An upstream's fields beside ours: each row of the table, what two spellings of one matter do to each other, and the bytes that leave.
#include "gate/header_merge.hpp"

#include "gate/answer_fields.hpp"
#include "gate/headers.hpp"
#include "gate/refusal.hpp"
#include "support/gate_request.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::gate {
namespace {

using Sent = std::vector<std::pair<std::string_view, std::string_view>>;

// What goes on to the client, `name: value|` after each other, and what of ours is left out.
class Merged {
 public:
  explicit Merged(const Sent& sent, const MergeTable& table = merge_table) {
    std::vector<http::HeaderField> fields;
    for (const auto& [name, value] : sent) fields.push_back({name, value, {}});
    merge_fields(answer_, fields, table);
  }
  [[nodiscard]] std::string forwarded() const {
    std::string text;
    for (const http::HeaderField& field : answer_.forwarded) {
      text.append(field.name).append(": ").append(field.value).append("|");
    }
    return text;
  }
  [[nodiscard]] bool sends_ours(std::string_view name) const { return (answer_.left_out & row_of(name)) == 0; }

 private:
  Answer answer_;
};

TEST(HeaderMerge, EachRowIsFoundByItsNameInAnyCase) {
  for (std::size_t row = 0; row < merge_table.size(); ++row) {
    std::string name(merge_table[row].name);
    if (name.back() == '*') name.back() = 'x';
    EXPECT_EQ(row_of(name), MergeRows{1} << row) << name;
    std::transform(name.begin(), name.end(), name.begin(), base::to_lower);
    EXPECT_EQ(row_of(name), MergeRows{1} << row) << name;
  }
  EXPECT_EQ(row_of("X-RateLimit-Reset"), row_of("x-ratelimit-limit"));
  EXPECT_EQ(row_of("Content-Disposition"), 0U);
  EXPECT_EQ(row_of("X-Frame-Option"), 0U);
  EXPECT_EQ(row_of("X-Frame-Options2"), 0U);
  EXPECT_EQ(row_of(""), 0U);
}

TEST(HeaderMerge, WhatHasNoRowGoesOnInItsOrder) {
  const Merged merged({{"ETag", "\"1\""}, {"Set-Cookie", "a=1"}, {"x-own", ""}, {"Set-Cookie", "b=2"}});
  EXPECT_EQ(merged.forwarded(), "ETag: \"1\"|Set-Cookie: a=1|x-own: |Set-Cookie: b=2|");
}

TEST(HeaderMerge, WhereTheUpstreamSendsNothingOursIsSent) {
  const Merged merged({});
  for (const MergeRule& rule : merge_table) {
    EXPECT_EQ(merged.sends_ours(rule.name), rule.merge != Merge::keep) << rule.name;
  }
}

TEST(HeaderMerge, AGoodValueStandsInForOurs) {
  const Sent good{
      {"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
      {"Strict-Transport-Security", "max-age=63072000; includeSubDomains; preload"},
      {"strict-transport-security", "includeSubDomains; MAX-AGE=\"0\""},
      {"Content-Security-Policy", "default-src 'self'"},
      {"Content-Security-Policy-Report-Only", "default-src 'self'"},
      {"X-Frame-Options", "deny"},
      {"X-Frame-Options", "SAMEORIGIN"},
      {"Referrer-Policy", "no-referrer, strict-origin-when-cross-origin"},
      {"Referrer-Policy", "newer-than-we, origin"},
      {"Cross-Origin-Opener-Policy", "same-origin-allow-popups; report-to=\"coop\""},
      {"Cross-Origin-Resource-Policy", "cross-origin"},
      {"Cross-Origin-Embedder-Policy", "credentialless"},
      {"Content-Security-Policy", "Default-Src 'none'"},
      {"Content-Security-Policy", "x, frame-ancestors 'none'"},
      {"Content-Security-Policy", "upgrade-insecure-requests"},
      {"Permissions-Policy", "camera=()"},
      {"Permissions-Policy", "camera=*, geolocation=self, usb=(self \"https://a.example\");report-to=x"},
      {"Cache-Control", "no-such, PRIVATE"},
      {"Cross-Origin-Opener-Policy", "same-origin; report-to=\"coop\"; x; y-1=?0"},
      {"Origin-Agent-Cluster", "?0"},
      {"X-Permitted-Cross-Domain-Policies", "master-only"},
      {"X-XSS-Protection", "0"},
      {"X-DNS-Prefetch-Control", "on"},
      {"X-Download-Options", "noopen"},
      {"Cache-Control", "public, max-age=60"},
      {"Clear-Site-Data", "\"cookies\""},
      {"WWW-Authenticate", "Basic realm=\"x\""},
      {"RateLimit-Remaining", "3"},
      {"X-RateLimit-Limit", "100"},
  };
  for (const auto& field : good) {
    const Merged merged({field});
    EXPECT_EQ(merged.forwarded(), std::string(field.first) + ": " + std::string(field.second) + "|");
    EXPECT_FALSE(merged.sends_ours(field.first)) << field.first;
  }
}

TEST(HeaderMerge, WhatProtectsNobodyIsDroppedForOurs) {
  const Sent bad{
      {"Date", "yesterday"},
      {"Date", "Mon, 06 Nov 1994 08:49:37 GMT"},  // it was a Sunday
      {"Strict-Transport-Security", "includeSubDomains"},
      {"Strict-Transport-Security", "max-age=forever"},
      {"Strict-Transport-Security", "max-age="},
      {"Strict-Transport-Security", "max-age=\""},
      {"Strict-Transport-Security", "max-age=\"12"},
      {"Strict-Transport-Security", "max-age=12\""},
      {"Strict-Transport-Security", "max-age=1; max-age=2"},
      {"Strict-Transport-Security", ""},
      {"X-Content-Type-Options", "sniff"},
      {"Strict-Transport-Security", "x=\";max-age=0;\""},
      {"Content-Security-Policy", ""},
      {"Content-Security-Policy", ";"},
      {"Content-Security-Policy", ","},
      {"Content-Security-Policy", "no-such-directive 'self'"},
      {"Content-Security-Policy-Report-Only", "x; y"},
      {"Permissions-Policy", "((("},
      {"Permissions-Policy", "camera"},
      {"Permissions-Policy", "Camera=()"},
      {"Permissions-Policy", "camera=(), geolocation"},
      {"Permissions-Policy", "camera=((self)"},
      {"Permissions-Policy", "camera=none"},
      {"Permissions-Policy", "camera=(); ="},
      {"Cache-Control", "x"},
      {"Cache-Control", ", ="},
      {"Cross-Origin-Opener-Policy", "same-origin; ="},
      {"Cross-Origin-Opener-Policy", "same-origin;"},
      {"Cross-Origin-Opener-Policy", "same-origin; report-to=\"coop"},
      {"Cross-Origin-Opener-Policy", "same-origin; report-to="},
      {"Origin-Agent-Cluster", "?1;"},
      {"X-Sendfile", "/etc/passwd"},
      {"X-Sendfile2", "/etc/passwd 1-2"},
      {"X-LIGHTTPD-send-file", "/etc/passwd"},
      {"X-LiteSpeed-Location", "/etc/passwd"},
      {"X-Frame-Options", "ALLOWALL"},
      {"X-Frame-Options", "ALLOW-FROM https://partner.example"},
      {"X-Frame-Options", "DENY, SAMEORIGIN"},
      {"Referrer-Policy", "unsafe-url"},
      {"Referrer-Policy", "no-referrer, Unsafe-URL"},
      {"Referrer-Policy", "newer-than-we"},
      {"Referrer-Policy", ","},
      {"Cross-Origin-Opener-Policy", ""},
      {"Cross-Origin-Resource-Policy", ""},
      {"X-Permitted-Cross-Domain-Policies", ""},
      {"Cross-Origin-Opener-Policy", "Same-Origin"},  // a structured token: its case counts
      {"Cross-Origin-Resource-Policy", "same-party"},
      {"Origin-Agent-Cluster", "1"},
      {"X-Permitted-Cross-Domain-Policies", "some"},
      {"X-XSS-Protection", "1; mode=block"},
  };
  for (const auto& field : bad) {
    const Merged merged({field});
    EXPECT_EQ(merged.forwarded(), "") << field.first << ": " << field.second;
    EXPECT_TRUE(merged.sends_ours(field.first)) << field.first << ": " << field.second;
  }
}

TEST(HeaderMerge, WhatIsKeptIsNeverAdded) {
  for (const std::string_view value : {"yes", ""}) {
    const Merged bad({{"Cross-Origin-Embedder-Policy", value}});
    EXPECT_EQ(bad.forwarded(), "");
    EXPECT_FALSE(bad.sends_ours("Cross-Origin-Embedder-Policy"));
  }
}

TEST(HeaderMerge, NothingOfTheUpstreamsConnectionGoesOn) {
  const Merged merged({{"Connection", "keep-alive"},
                       {"Keep-Alive", "timeout=5"},
                       {"Proxy-Status", "internal.example"},
                       {"TE", "trailers"},
                       {"Trailer", "Expires"},
                       {"Transfer-Encoding", "chunked"},
                       {"Upgrade", "h2c"},
                       {"HTTP2-Settings", "AAMAAABkAAQAAP__"},
                       {"Content-Length", "5"},
                       {"Content-Type", "text/html"},
                       {"Content-Encoding", "gzip"},
                       {"Server", "internal/1.2.3"},
                       {"X-Powered-By", "Express"},
                       {"X-AspNetMvc-Version", "5"},
                       {"X-Accel-Redirect", "/internal/file"},
                       {"Via", "1.1 internal"},
                       {"Alt-Svc", "h3=\":3000\""},
                       {"X-Dev-Mode", "0"},
                       {"Public-Key-Pins-Report-Only", "max-age=1"},
                       {"Expect-CT", "max-age=1"},
                       {"ETag", "\"1\""}});
  EXPECT_EQ(merged.forwarded(), "ETag: \"1\"|");
}

TEST(HeaderMerge, WhatConnectionNamesDoesNotGoOnEither) {
  const Merged merged({{"X-Hop", "1"},
                       {"X-Frame-Options", "SAMEORIGIN"},
                       {"Connection", "close ,x-hop"},
                       {"connection", "\tx-frame-options"},
                       {"X-Hope", "1"}});
  EXPECT_EQ(merged.forwarded(), "X-Hope: 1|");
  EXPECT_TRUE(merged.sends_ours("X-Frame-Options"));
}

TEST(HeaderMerge, OneFieldOfAKind) {
  const Merged same({{"X-Frame-Options", "DENY"}, {"ETag", "\"1\""}, {"x-frame-options", "DENY"}});
  EXPECT_EQ(same.forwarded(), "X-Frame-Options: DENY|ETag: \"1\"|");
  EXPECT_FALSE(same.sends_ours("X-Frame-Options"));

  const Merged differs({{"X-Frame-Options", "DENY"}, {"ETag", "\"1\""}, {"x-frame-options", "SAMEORIGIN"}});
  EXPECT_EQ(differs.forwarded(), "ETag: \"1\"|");
  EXPECT_TRUE(differs.sends_ours("X-Frame-Options"));

  const Merged two_dates({{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Date", "Sun, 06 Nov 1994 08:49:38 GMT"}});
  EXPECT_EQ(two_dates.forwarded(), "");
  EXPECT_TRUE(two_dates.sends_ours("Date"));

  const Merged one_bad({{"X-Frame-Options", "ALLOWALL"}, {"X-Frame-Options", "DENY"}});
  EXPECT_EQ(one_bad.forwarded(), "X-Frame-Options: DENY|");
}

TEST(HeaderMerge, LinesOfAListAllGoOn) {
  const Merged merged({{"Content-Security-Policy", "default-src 'self'"},
                       {"Content-Security-Policy", ""},
                       {"Content-Security-Policy", "img-src *"}});
  EXPECT_EQ(merged.forwarded(), "Content-Security-Policy: default-src 'self'|Content-Security-Policy: img-src *|");
  EXPECT_FALSE(merged.sends_ours("Content-Security-Policy"));
}

// Browsers that know frame-ancestors do not look at X-Frame-Options: ours beside the upstream's would contradict it, in one of them.
TEST(HeaderMerge, WhoMayFrameIsSaidByOneOfTheTwo) {
  const Merged by_policy({{"Content-Security-Policy", "img-src *; Frame-Ancestors https://partner.example"}});
  EXPECT_FALSE(by_policy.sends_ours("X-Frame-Options"));
  const Merged in_a_list({{"Content-Security-Policy", "img-src *, frame-ancestors 'self'"}});
  EXPECT_FALSE(in_a_list.sends_ours("X-Frame-Options"));
  const Merged by_bad_field({{"X-Frame-Options", "ALLOWALL"}, {"Content-Security-Policy", "frame-ancestors 'self'"}});
  EXPECT_EQ(by_bad_field.forwarded(), "Content-Security-Policy: frame-ancestors 'self'|");
  EXPECT_FALSE(by_bad_field.sends_ours("X-Frame-Options"));
  const Merged by_neither({{"Content-Security-Policy", "img-src frame-ancestors.example"}});
  EXPECT_TRUE(by_neither.sends_ours("X-Frame-Options"));
  const Merged tried_out({{"Content-Security-Policy-Report-Only", "frame-ancestors 'self'"}});
  EXPECT_TRUE(tried_out.sends_ours("X-Frame-Options"));

  MergeTable strict = merge_table;
  for (MergeRule& rule : strict) {
    if (rule.name == "X-Frame-Options") rule.merge = Merge::replace;
  }
  const Merged by_us({{"Content-Security-Policy", "frame-ancestors 'self'"}}, strict);
  EXPECT_TRUE(by_us.sends_ours("X-Frame-Options"));
}

TEST(HeaderMerge, ASiteMayChangeWhatARowSays) {
  MergeTable in_clear = merge_table;
  for (MergeRule& rule : in_clear) {
    if (rule.name == "Strict-Transport-Security") rule.merge = Merge::replace;
  }
  const Merged merged({{"Strict-Transport-Security", "max-age=1"}}, in_clear);
  EXPECT_EQ(merged.forwarded(), "");
  EXPECT_TRUE(merged.sends_ours("Strict-Transport-Security"));
}

// The Access-Control fields that a client gets for an upstream's `sent`, where we have granted https://app.example.
std::string cors_fields(const Sent& sent, const MergeTable& table = merge_table) {
  testing::GateRequest request;
  Exchange& exchange = request.get("/");
  exchange.cors.origin = "https://app.example";
  exchange.cors.expose = "X-Total";
  std::vector<http::HeaderField> fields;
  for (const auto& [name, value] : sent) fields.push_back({name, value, {}});
  merge_fields(exchange.answer, fields, table);
  std::string text;
  gate::for_each_field(exchange, [&](std::string_view name, std::string_view value) {
    if (base::equal_ignoring_case(name.substr(0, 15), "Access-Control-"))
      text.append(name).append(": ").append(value).append("|");
  });
  return text;
}

// Browsers refuse an answer with two Access-Control-Allow-Origin, and one side's credentials beside the other's origin would be a
// grant that nobody has made.
TEST(HeaderMerge, OneGrantOfCors) {
  constexpr std::string_view ours =
      "Access-Control-Allow-Origin: https://app.example|Access-Control-Expose-Headers: X-Total|";
  EXPECT_EQ(cors_fields({}), ours);
  EXPECT_EQ(cors_fields({{"Access-Control-Allow-Origin", "*"}}), ours);
  EXPECT_EQ(cors_fields({{"access-control-allow-origin", "https://evil.example"},
                         {"Access-Control-Allow-Credentials", "true"},
                         {"Access-Control-Allow-Private-Network", "true"}}),
            ours);

  MergeTable theirs = merge_table;  // of a site that leaves CORS to the upstream
  for (MergeRule& rule : theirs) {
    if (rule.name == "Access-Control-*") rule.merge = Merge::add_if_absent;
  }
  EXPECT_EQ(cors_fields({}, theirs), ours);
  EXPECT_EQ(cors_fields({{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Max-Age", "5"}}, theirs),
            "Access-Control-Allow-Origin: *|Access-Control-Max-Age: 5|");
}

TEST(HeaderMerge, NoRowOfATableIsPassedOver) {
  for (std::size_t row = 0; row < merge_table.size(); ++row) {
    MergeTable table = merge_table;
    table[row].merge = Merge::keep;
    EXPECT_FALSE(Merged({}, table).sends_ours(table[row].name)) << table[row].name;
  }
}

TEST(HeaderMerge, ARefusalInsteadHasNone) {
  testing::GateRequest request;
  Exchange& exchange = request.get("/");
  const http::HeaderField fields[]{{"X-Frame-Options", "SAMEORIGIN", {}}};
  merge_fields(exchange.answer, fields);
  refuse(exchange, problems::internal);
  EXPECT_TRUE(exchange.answer.forwarded.empty());
  EXPECT_EQ(exchange.answer.left_out, 0U);
}

}  // namespace
}  // namespace sallyport::gate
