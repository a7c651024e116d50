// Templates: the bytes that come out of every kind of slot.
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <sallyport/html.hpp>

namespace sallyport {
namespace {

struct Title {  // as the schema's text types are
  std::string value;
  std::string_view view() const { return value; }
};
struct Key {  // as the typed ids are
  std::string text() const { return "k<1>"; }
};
struct Name {
  std::string value;
  const std::string& str() const { return value; }
};

TEST(Html, EscapesTextAndAttributes) {
  const std::string name = "<b>\"&'";
  EXPECT_EQ(html<"<p title=\"{}\">{}</p>">(name, name).view(),
            "<p title=\"&lt;b&gt;&#34;&amp;&#39;\">&lt;b&gt;&#34;&amp;&#39;</p>");
}

TEST(Html, WithoutSlotsIsTheTemplate) {
  EXPECT_EQ(html<"<p>a &amp; b > c</p>\n<hr>">().view(), "<p>a &amp; b > c</p>\n<hr>");
  EXPECT_EQ(html<"">().view(), "");
}

TEST(Html, TakesEveryKindOfText) {
  const char* pointer = "p";
  const char* null = nullptr;
  char buffer[4] = {'a', 'b', 'c', 'd'};  // no NUL
  const std::string_view view = "v";
  EXPECT_EQ(html<"{} {} {} {} {}">("l", pointer, view, std::string("s"), null).view(), "l p v s ");
  EXPECT_EQ(html<"{}">(buffer).view(), "abcd");
  EXPECT_EQ(html<"{} {} {}">(Title{"<t>"}, Key{}, Name{"<n>"}).view(), "&lt;t&gt; k&lt;1&gt; &lt;n&gt;");
}

TEST(Html, WritesIntegers) {
  EXPECT_EQ(html<"{} {} {}">(0, -1, 42u).view(), "0 -1 42");
  EXPECT_EQ(html<"{} {}">(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::uint64_t>::max()).view(),
            "-9223372036854775808 18446744073709551615");
  EXPECT_EQ(html<"{}">(std::numeric_limits<short>::min()).view(), "-32768");
}

TEST(Html, InsertsFragmentsAsTheyAre) {
  const Html part = html<"<b>{}</b>">("<");
  EXPECT_EQ(html<"<p>{}</p>">(part).view(), "<p><b>&lt;</b></p>");
  EXPECT_EQ(html<"<p>{}</p>">(Html{}).view(), "<p></p>");
  EXPECT_EQ(html<"<p>{}{}</p>">(std::optional<Html>{}, std::optional<Html>{part}).view(), "<p><b>&lt;</b></p>");
  const std::vector<Html> items{html<"<li>{}</li>">(1), html<"<li>{}</li>">(2)};
  EXPECT_EQ(html<"<ul>{}</ul>">(items).view(), "<ul><li>1</li><li>2</li></ul>");
  EXPECT_EQ(html<"<ul>{}</ul>">(std::vector<Html>{}).view(), "<ul></ul>");
  EXPECT_EQ(html<"<ul>{}</ul>">(std::array<Html, 1>{items[1]}).view(), "<ul><li>2</li></ul>");
}

TEST(Html, AppendsJoinsAndMapsFragments) {
  const std::vector<int> numbers{1, 2, 3};
  const auto item = [](int n) { return html<"<li>{}</li>">(n); };
  EXPECT_EQ(each(numbers, item).view(), "<li>1</li><li>2</li><li>3</li>");
  const std::vector<Html> parts{html<"a">(), html<"b">(), html<"c">()};
  EXPECT_EQ(join(parts, html<"<br>">()).view(), "a<br>b<br>c");
  EXPECT_EQ(join(std::vector<Html>{Html{}, parts[0]}, html<", ">()).view(), ", a") << "an empty part is a part";
  Html all = html<"x">();
  all += all;
  EXPECT_EQ(all.append(parts[1]).view(), "xxb");
  EXPECT_EQ(std::move(all).take(), "xxb");
}

TEST(Html, AFlagIsKeptOrDropped) {
  EXPECT_EQ(html<"<input type=\"checkbox\" checked=\"{}\" name=\"a\">">(true).view(),
            "<input type=\"checkbox\" checked name=\"a\">");
  EXPECT_EQ(html<"<input type=\"checkbox\" checked=\"{}\" name=\"{}\" disabled=\"{}\">">(false, "a", false).view(),
            "<input type=\"checkbox\" name=\"a\">");
  EXPECT_EQ(html<"<input required>">().view(), "<input required>");
}

TEST(Html, AddressesGoWholeIntoTheirAttributes) {
  const Url link = Url::parse("https://example.org/?a=1&b='2'").value_or(LocalPath("/refused"));
  EXPECT_EQ(html<"<a href=\"{}\">x</a>">(link).view(), "<a href=\"https://example.org/?a=1&amp;b=&#39;2&#39;\">x</a>");
  EXPECT_EQ(html<"<a href=\"{}\">x</a>">(local_url<"/n/{}">("a/b")).view(), "<a href=\"/n/a%2Fb\">x</a>");
  EXPECT_EQ(html<"<a href=\"{}\">{}</a>">(LocalPath("/a"), link).view(),
            "<a href=\"/a\">https://example.org/?a=1&amp;b=&#39;2&#39;</a>");
  EXPECT_EQ(html<"<img src=\"{}\" alt=\"\">">(ImgUrl::parse("/i.png").value_or(LocalPath("/refused"))).view(),
            "<img src=\"/i.png\" alt=\"\">");
  EXPECT_EQ(html<"<form method=\"post\" action=\"{}\"></form>">(local_url<"/n/{}">(7)).view(),
            "<form method=\"post\" action=\"/n/7\"></form>");
}

TEST(Html, LiteralAddressesMayStandInTheTemplate) {
  EXPECT_EQ(html<"<a href=\"https://example.org/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener ugc\">x</a>">().view(),
            "<a href=\"https://example.org/?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener ugc\">x</a>");
  EXPECT_EQ(html<"<a href=\"#top\">x</a><form action=\"/x?y=1\"></form><img src=\"/a.png\">">().view(),
            "<a href=\"#top\">x</a><form action=\"/x?y=1\"></form><img src=\"/a.png\">");
}

TEST(Html, TheFirstNewlineOfAValueIsKept) {
  EXPECT_EQ(html<"<textarea name=\"a\">{}</textarea>">("\nx").view(), "<textarea name=\"a\">\n\nx</textarea>");
  EXPECT_EQ(html<"<pre>{}</pre>">("x").view(), "<pre>\nx</pre>");
  EXPECT_EQ(html<"<pre>a{}</pre>">("\nx").view(), "<pre>a\nx</pre>");
  EXPECT_EQ(html<"<pre><br>{}</pre>">("\nx").view(), "<pre><br>\nx</pre>");
  EXPECT_EQ(html<"<pre><b>{}</b></pre>">("x").view(), "<pre><b>x</b></pre>");
  EXPECT_EQ(html<"<p>{}</p>">("\nx").view(), "<p>\nx</p>");
}

TEST(Html, ATextareaCannotBeClosedByItsValue) {
  EXPECT_EQ(html<"<textarea>{}</textarea>">("</textarea><script>").view(),
            "<textarea>\n&lt;/textarea&gt;&lt;script&gt;</textarea>");
}

TEST(Html, DoubledBracesAreBraces) {
  EXPECT_EQ(html<"{{}} {{{}}} <input pattern=\"[a-z]{{2}}\">">("x").view(), "{} {x} <input pattern=\"[a-z]{2}\">");
}

TEST(Html, SlotsMayBePartOfAnAttribute) {
  EXPECT_EQ(html<"<p id=\"note-{}-{}\" class=\"note {}\" data-x=\"{}{}\">x</p>">(1, 2, "a b", "c", "\"d").view(),
            "<p id=\"note-1-2\" class=\"note a b\" data-x=\"c&#34;d\">x</p>");
}

TEST(Html, ReservesWhatItWrites) {
  const std::string text(1000, 'x');
  const std::string out = html<"<p>{}</p>">(text).take();
  EXPECT_EQ(out.size(), out.capacity());
}

TEST(Html, TheFormsOfARealSiteCompile) {
  const Html page = html<R"(
<header><nav aria-label="Main"><ul class="menu"><li><a href="/notes" aria-current="page">Notes</a></li></ul></nav></header>
<main>
  <form method="post" action="/notes" enctype="multipart/form-data" autocomplete="off" novalidate>
    <fieldset><legend>New note</legend>
      <label for="title">Title</label> <input id="title" name="title" type="text" required minlength="1" maxlength="200" autofocus>
      <label>When <input type="datetime-local" name="when" min="2024-01-01T00:00" step="60"></label>
      <select name="kind" required><option value="" selected disabled>choose</option><optgroup label="Kinds"><option value="{}" selected="{}">{}</option></optgroup></select>
      <textarea name="body" rows="8" cols="60" spellcheck="true" placeholder="Write …"></textarea>
      <input type="file" name="file" accept="image/png,image/jpeg"> <input type="hidden" name="v" value="{}">
      <button type="submit" disabled="{}">Save</button>
    </fieldset>
  </form>
  <details open><summary>More</summary><p>Text with <em>stress</em>, <code>code</code> and a <time datetime="2024-01-01">date</time>.</p></details>
  <table><caption>T</caption><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td colspan="2">{}</td></tr></tbody></table>
  <dl><div><dt>a</dt><dd>b</dd></div></dl>
  <figure><img src="/a.png" alt="" width="1" height="1" loading="lazy"><figcaption>c</figcaption></figure>
</main>
<footer><small>&copy; us</small></footer>
)">("a", true, "A", 1, false, "cell");
  EXPECT_NE(page.view().find("<option value=\"a\" selected>A</option>"), std::string_view::npos);
}

}  // namespace
}  // namespace sallyport
