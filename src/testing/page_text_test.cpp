// What a person sees of a page.
#include "testing/page_text.hpp"

#include <gtest/gtest.h>

namespace sallyport::test::detail {
namespace {

TEST(PageText, IsTheTextOutsideOfTags) {
  EXPECT_EQ(page_text("<!doctype html><title>T</title><h1>Your  notes</h1><p>Two\n bottles</p>"),
            "Your notes Two bottles");
  EXPECT_EQ(page_text("a<b>b</b>c<br>d<p>e"), "abc d e");
  EXPECT_EQ(page_text("<a title=\"x > y\" href='>'>z</a>"), "z");
}

TEST(PageText, HasNeitherScriptsNorStylesNorComments) {
  EXPECT_EQ(page_text("a<script>if (1 < 2) {}</script>b<style>p { }</style>c<!-- d -->e"), "a b ce");
  EXPECT_EQ(page_text("a<SCRIPT nonce=\"x\">b</script >c"), "a c");
  EXPECT_EQ(page_text("a<script>never ended"), "a");
}

TEST(PageText, HasItsCharacterReferencesDecoded) {
  EXPECT_EQ(page_text("Milk &amp; &lt;tea&gt; &quot;&#39;&#x2019;&#233;&#128512;"),
            "Milk & <tea> \"'\u2019\u00e9\U0001F600");
  EXPECT_EQ(page_text("a && b &nosuch; &#xZZ; 3 < 4 &"), "a && b &nosuch; &#xZZ; 3 < 4 &");
}

TEST(Folded, HasOneBlankWhereThereWereSeveral) {
  EXPECT_EQ(folded("  a \r\n\tb  "), "a b");
  EXPECT_EQ(folded(""), "");
}

}  // namespace
}  // namespace sallyport::test::detail
