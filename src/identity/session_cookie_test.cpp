// The session cookie: the exact field that is sent, and which of the cookies that come back is ours.
#include "identity/session_cookie.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sallyport::identity {
namespace {

const std::string value(43, 'A');
const std::string ours = "__Host-Http-session=" + value;

TEST(SessionCookie, IsHardened) {
  EXPECT_EQ(session_cookie(value, {}), ours + "; Path=/; Secure; HttpOnly; SameSite=Strict");
}

TEST(SessionCookie, LaxIsASetting) {
  ops::SessionSettings settings;
  settings.same_site = ops::SameSite::lax;
  EXPECT_EQ(session_cookie(value, settings), ours + "; Path=/; Secure; HttpOnly; SameSite=Lax");
}

TEST(SessionCookie, IsExpiredWithTheAttributesItWasSetWith) {
  EXPECT_EQ(expired_session_cookie({}), "__Host-Http-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

TEST(SessionCookie, IsFoundAmongOthers) {
  EXPECT_EQ(session_cookie_of(ours), value);
  EXPECT_EQ(session_cookie_of("theme=dark; " + ours), value);
  EXPECT_EQ(session_cookie_of(ours + "; theme=dark; =x; y; ;"), value);
  EXPECT_EQ(session_cookie_of("a=b;\t" + ours + " ;c=d"), value);
  EXPECT_EQ(session_cookie_of("x=" + ours), "");
  EXPECT_EQ(session_cookie_of(""), "");
  EXPECT_EQ(session_cookie_of(";;; ;"), "");
  EXPECT_EQ(session_cookie_of("__Host-Http-session"), "");
}

TEST(SessionCookie, CookieTossingFindsNone) {
  EXPECT_EQ(session_cookie_of(ours + "; " + ours), "");
  EXPECT_EQ(session_cookie_of("__Host-Http-session=planted; " + ours), "");
  EXPECT_EQ(session_cookie_of(ours + "; __Host-Http-session=planted"), "");
  EXPECT_EQ(session_cookie_of(ours + "; a=b; __Host-Http-session="), "");
}

// Names that a browser lets a sibling domain set, since they do not begin with __Host-.
TEST(SessionCookie, OnlyTheExactNameCounts) {
  for (const char* const name :
       {"__host-http-session", "__Host-Http-Session", "__Host-Http-session ", "\xc2\xa0__Host-Http-session",
        "\xe2\x80\x80__Host-Http-session", "\"__Host-Http-session\"", "__Host-Http-session\x0b",
        "$Version=1,__Host-Http-session", "__Host-session"}) {
    EXPECT_EQ(session_cookie_of(std::string(name) + "=planted"), "") << name;
    EXPECT_EQ(session_cookie_of(std::string(name) + "=planted; " + ours), value) << name;
  }
}

TEST(SessionCookie, IsFoundAmongManyCookies) {
  std::string many;
  for (int i = 0; i < 180; ++i) many += "c=d; ";
  EXPECT_EQ(session_cookie_of(many + ours), value);
  EXPECT_EQ(session_cookie_of(ours + "; " + many + "c=d"), value);
}

}  // namespace
}  // namespace sallyport::identity
