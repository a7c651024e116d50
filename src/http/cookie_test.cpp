// Cookies are found by their exact name; two of one name are none.
#include "http/cookie.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::http {
namespace {

TEST(Cookie, FindsTheValue) {
  struct Case {
    std::string_view field, value;
  };
  for (const Case& c : {
           Case{"id=1", "1"},
           Case{"a=1; id=2; b=3", "2"},
           Case{"a=1;id=2;b=3", "2"},
           Case{"a=1; b=2; id=3", "3"},
           Case{" \t id=1 \t ; a=2", "1"},
           Case{"id=a=b", "a=b"},      // only the first `=` divides
           Case{"id=a b", "a b"},      // inside a value blanks stay
           Case{"id=\"q\"", "\"q\""},  // and so do quotes
           Case{"id=", ""},
           Case{"flag; id=1", "1"},
           Case{";; id=1;", "1"},
       }) {
    EXPECT_EQ(cookie_value(c.field, "id"), c.value) << c.field;
  }
}

TEST(Cookie, NamesAreComparedExactly) {
  for (const std::string_view field : {"", "id", "Id=1", "ID=1", "xid=1", "idx=1", "id =1", "i=d=1", "=1", "\vid=1"}) {
    EXPECT_EQ(cookie_value(field, "id"), "") << field;
  }
}

// Cookie tossing: a neighbour's host plants one that is sent beside ours, before or behind it.
TEST(Cookie, TwoOfOneNameAreNone) {
  EXPECT_EQ(cookie_value("id=1; id=2", "id"), "");
  EXPECT_EQ(cookie_value("id=2; a=1; id=1", "id"), "");
  EXPECT_EQ(cookie_value("id=1; id=1", "id"), "");
  EXPECT_EQ(cookie_value("id=; id=1", "id"), "");
}

// A browser keeps 180 cookies of a site: whoever sets the 51st must not sign anybody out.
TEST(Cookie, IsFoundAmongAnyNumber) {
  std::string field;
  for (std::size_t i = 1; i < 4000; ++i) field += "a" + std::to_string(i) + "=x; ";
  EXPECT_EQ(cookie_value(field + "id=1", "id"), "1");
  EXPECT_EQ(cookie_value("id=1; " + field, "id"), "1");
  EXPECT_EQ(cookie_value("id=1; " + field + "id=2", "id"), "");
}

}  // namespace
}  // namespace sallyport::http
