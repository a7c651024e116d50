// The template language: what the reader refuses, and why. The same reader runs while compiling; tests/compile_errors shows that its
// verdicts stop the compiler, this file that they are right.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <sallyport/detail/html_template.hpp>

namespace sallyport::detail {
namespace {

using namespace std::string_view_literals;

struct Read {
  TemplateFault fault;
  std::string text;
  std::vector<SlotKind> slots;
};

Read read(std::string_view source) {
  const std::string terminated(source);
  std::string out(source.size() + 1, '\0');
  std::vector<Slot> slots(max_slots);
  TemplateReader reader({terminated.c_str(), terminated.size()}, out.data(), slots.data());
  const bool sound = reader.read();
  EXPECT_EQ(sound, reader.fault() == TemplateFault::none) << source;
  Read result{reader.fault(), out.substr(0, reader.text_size()), {}};
  for (std::size_t i = 0; i < reader.slot_count(); ++i) result.slots.push_back(slots[i].kind);
  return result;
}

void expect(TemplateFault fault, std::initializer_list<std::string_view> sources) {
  for (const std::string_view source : sources) EXPECT_EQ(read(source).fault, fault) << source;
}

TEST(TemplateReader, RefusesName) {
  expect(TemplateFault::name, {
                                  "<SCRIPT>{}</SCRIPT>"sv,
                                  "<sCript>{}</script>"sv,
                                  "<a HREF=\"{}\">x</a>"sv,
                                  "<p ONCLICK=\"{}\">x</p>"sv,
                                  "<p onClick=\"{}\">x</p>"sv,
                                  "<{}>x</p>"sv,
                                  "<{}"sv,
                                  "<p {}>x</p>"sv,
                                  "<p {}=\"x\">x</p>"sv,
                                  "<p data-{}=\"x\">x</p>"sv,
                                  "<p>x</{}>"sv,
                                  "<p>{}</P>"sv,
                                  "<p{}>x</p>"sv,
                                  "< p>{}</p>"sv,
                                  "a < {}"sv,
                                  "<p \"x\">{}</p>"sv,
                                  "<p =x>{}</p>"sv,
                              });
}

TEST(TemplateReader, RefusesElement) {
  expect(TemplateFault::element, {
                                     "<script>{}</script>"sv,
                                     "<style>{}</style>"sv,
                                     "<link rel=\"stylesheet\" href=\"{}\">"sv,
                                     "<meta http-equiv=\"refresh\" content=\"{}\">"sv,
                                     "<base href=\"{}\">"sv,
                                     "<iframe src=\"{}\"></iframe>"sv,
                                     "<object data=\"{}\"></object>"sv,
                                     "<embed src=\"{}\">"sv,
                                     "<svg>{}</svg>"sv,
                                     "<math>{}</math>"sv,
                                     "<template>{}</template>"sv,
                                     "<noscript>{}</noscript>"sv,
                                     "<xmp>{}</xmp>"sv,
                                     "<plaintext>{}"sv,
                                     "<title>{}</title>"sv,
                                     "<body>{}</body>"sv,
                                     "<frameset>{}</frameset>"sv,
                                     "<marquee>{}</marquee>"sv,
                                     "<video src=\"{}\"></video>"sv,
                                     "<my-element>{}</my-element>"sv,
                                     "{}</script>"sv,
                                     "<applet>{}</applet>"sv,
                                     "<source srcset=\"{}\">"sv,
                                     "<portal src=\"{}\"></portal>"sv,
                                     "<image src=\"{}\">"sv,
                                 });
}

TEST(TemplateReader, RefusesAttribute) {
  expect(TemplateFault::attribute, {
                                       "<p onclick=\"{}\">x</p>"sv,
                                       "<p onclick=\"alert(1)\">{}</p>"sv,
                                       "<input onfocus=\"{}\">"sv,
                                       "<p style=\"{}\">x</p>"sv,
                                       "<p style=\"color:red\">{}</p>"sv,
                                       "<img srcset=\"{}\">"sv,
                                       "<img src=\"/x\" onerror=\"{}\">"sv,
                                       "<button formaction=\"{}\">x</button>"sv,
                                       "<a xlink:href=\"{}\">x</a>"sv,
                                       "<a ping=\"{}\">x</a>"sv,
                                       "<p is=\"{}\">x</p>"sv,
                                       "<p slot=\"{}\">x</p>"sv,
                                       "<p nonce=\"{}\">x</p>"sv,
                                       "<p contenteditable=\"{}\">x</p>"sv,
                                       "<p accesskey=\"{}\">x</p>"sv,
                                       "<p href=\"{}\">x</p>"sv,
                                       "<p src=\"{}\">x</p>"sv,
                                       "<div action=\"{}\">x</div>"sv,
                                       "<img name=\"{}\">"sv,
                                       "<form name=\"{}\"></form>"sv,
                                       "<a data-=\"{}\">x</a>"sv,
                                       "<p xmlns=\"{}\">x</p>"sv,
                                       "<td background=\"{}\">x</td>"sv,
                                       "<p unknown=\"{}\">x</p>"sv,
                                       "<input src=\"{}\">"sv,
                                       "<a type=\"{}\">x</a>"sv,
                                       "<img usemap=\"{}\">"sv,
                                       "<button popovertarget=\"{}\">x</button>"sv,
                                       "<input dirname=\"{}\">"sv,
                                       "<a referrerpolicy=\"{}\">x</a>"sv,
                                   });
}

TEST(TemplateReader, RefusesComment) {
  expect(TemplateFault::comment, {
                                     "<!-- {} -->"sv,
                                     "<p><!-- x -->{}</p>"sv,
                                     "<!doctype html>{}"sv,
                                     "<?xml {}?>"sv,
                                     "<![CDATA[{}]]>"sv,
                                     "<!{}>"sv,
                                 });
}

TEST(TemplateReader, RefusesQuotes) {
  expect(TemplateFault::quotes, {
                                    "<a href={}>x</a>"sv,
                                    "<a href='{}'>x</a>"sv,
                                    "<p title={}>x</p>"sv,
                                    "<p title=x>{}</p>"sv,
                                    "<p title>{}</p>"sv,
                                    "<p title = \"{}\">x</p>"sv,
                                    "<p title= \"{}\">x</p>"sv,
                                    "<p title =\"{}\">x</p>"sv,
                                    "<input required=\"required\" value=\"{}\">"sv,
                                    "<input required=\"\" value=\"{}\">"sv,
                                    "<input checked=\"x{}\">"sv,
                                    "<input checked={}>"sv,
                                    "<p title=`{}`>x</p>"sv,
                                });
}

TEST(TemplateReader, RefusesTag) {
  expect(TemplateFault::tag, {
                                 "<a  href=\"/x\">{}</a>"sv,
                                 "<p  onclick=\"{}\">x</p>"sv,
                                 "<p\nonclick=\"{}\">x</p>"sv,
                                 "<p\ttitle=\"{}\">x</p>"sv,
                                 "<p/title=\"{}\">x</p>"sv,
                                 "<br/>{}"sv,
                                 "<br />{}"sv,
                                 "<p >{}</p>"sv,
                                 "<p title=\"{}\"class=\"x\">x</p>"sv,
                                 "<p title=\"{}"sv,
                                 "<p"sv,
                                 "<p title=\"x\" >{}</p>"sv,
                                 "<p>{}</p >"sv,
                                 "<p>{}</p"sv,
                                 "<p/>{}"sv,
                                 "<p title=\"{}\">x</p onclick=\"x\">"sv,
                                 "<p\rtitle=\"{}\">x</p>"sv,
                             });
}

TEST(TemplateReader, RefusesUrlPart) {
  expect(TemplateFault::url_part, {
                                      "<a href=\"javascript:{}\">x</a>"sv,
                                      "<a href=\"/notes/{}\">x</a>"sv,
                                      "<a href=\"{}/edit\">x</a>"sv,
                                      "<a href=\" {}\">x</a>"sv,
                                      "<a href=\"{} \">x</a>"sv,
                                      "<a href=\"https://{}\">x</a>"sv,
                                      "<a href=\"?q={}\">x</a>"sv,
                                      "<a href=\"#{}\">x</a>"sv,
                                      "<img src=\"/avatar/{}.png\">"sv,
                                      "<form action=\"/notes/{}\"></form>"sv,
                                      "<a href=\"{}{}\">x</a>"sv,
                                  });
}

TEST(TemplateReader, RefusesBalance) {
  expect(TemplateFault::balance, {
                                     "<p>{}"sv,
                                     "{}</p>"sv,
                                     "<p>{}</b>"sv,
                                     "<b><i>{}</b></i>"sv,
                                     "<p>{}</p></p>"sv,
                                     "<p></p></div>{}"sv,
                                     "<br>{}</br>"sv,
                                     "<input>{}</input>"sv,
                                     "<div><p>{}</div>"sv,
                                     "<ul><li>{}</ul>"sv,
                                     "</p><p>{}"sv,
                                     "<b>{}</i>"sv,
                                 });
}

TEST(TemplateReader, RefusesLiteralOnly) {
  expect(TemplateFault::literal_only, {
                                          "<input type=\"{}\">"sv,
                                          "<button type=\"{}\">x</button>"sv,
                                          "<form method=\"{}\"></form>"sv,
                                          "<a href=\"/x\" target=\"{}\">x</a>"sv,
                                          "<a href=\"/x\" rel=\"{}\">x</a>"sv,
                                          "<a href=\"/x\" rel=\"noopener {}\">x</a>"sv,
                                          "<input pattern=\"{}\">"sv,
                                          "<form enctype=\"{}\"></form>"sv,
                                          "<input autocomplete=\"{}\">"sv,
                                          "<p dir=\"{}\">x</p>"sv,
                                          "<button form=\"{}\">x</button>"sv,
                                          "<input accept=\"{}\">"sv,
                                          "<input inputmode=\"{}\">"sv,
                                          "<img loading=\"{}\">"sv,
                                      });
}

TEST(TemplateReader, RefusesLiteralValue) {
  expect(TemplateFault::literal_value, {
                                           "<a href=\"javascript:alert(1)\">{}</a>"sv,
                                           "<a href=\"java&#115;cript:alert(1)\">{}</a>"sv,
                                           "<a href=\"javascript&colon;alert(1)\">{}</a>"sv,
                                           "<a href=\"/&#47;evil.example\">{}</a>"sv,
                                           "<a href=\"/&sol;evil.example\">{}</a>"sv,
                                           "<a href=\"/&Tab;/evil.example\">{}</a>"sv,
                                           "<a href=\"https://bank.example&#64;evil.example\">{}</a>"sv,
                                           "<a href=\"data:text/html,x\">{}</a>"sv,
                                           "<a href=\"//evil.example\">{}</a>"sv,
                                           "<a href=\" /x\">{}</a>"sv,
                                           "<a href=\"/\\evil.example\">{}</a>"sv,
                                           "<a href=\"\">{}</a>"sv,
                                           "<a href=\"x\">{}</a>"sv,
                                           "<img src=\"https://evil.example/x\" alt=\"{}\">"sv,
                                           "<img src=\"//evil.example/x\" alt=\"{}\">"sv,
                                           "<img src=\"data:image/png;base64,AA\" alt=\"{}\">"sv,
                                           "<form action=\"https://evil.example/\">{}</form>"sv,
                                           "<form action=\"\">{}</form>"sv,
                                           "<form method=\"put\">{}</form>"sv,
                                           "<form method=\"POST\">{}</form>"sv,
                                           "<input type=\"image\" value=\"{}\">"sv,
                                           "<button type=\"email\">{}</button>"sv,
                                           "<a target=\"_top\">{}</a>"sv,
                                           "<a target=\"foo\">{}</a>"sv,
                                           "<a rel=\"opener\">{}</a>"sv,
                                           "<a rel=\"noopener  ugc\">{}</a>"sv,
                                           "<a rel=\"\">{}</a>"sv,
                                           "<form enctype=\"text/plain\">{}</form>"sv,
                                           "<p id=\"\">{}</p>"sv,
                                           "<p id=\"a b\">{}</p>"sv,
                                           "<a href=\"/{{x}}\">{}</a>"sv,
                                           "<a href=\"/%\">{}</a>"sv,
                                       });
}

TEST(TemplateReader, RefusesBrace) {
  expect(TemplateFault::brace, {
                                   "<p>{</p>"sv,
                                   "<p>}</p>"sv,
                                   "<p>{0}</p>"sv,
                                   "<p>{name}</p>"sv,
                                   "<p>{ }</p>"sv,
                                   "<p title=\"{\">x</p>"sv,
                                   "<p title=\"{:x}\">x</p>"sv,
                                   "{}{"sv,
                                   "{}}"sv,
                                   "{{}"sv,
                               });
}

TEST(TemplateReader, RefusesCharacter) {
  expect(TemplateFault::character, {
                                       "<p>a & {}</p>"sv,
                                       "<p>a &amp {}</p>"sv,
                                       "<p>&{};</p>"sv,
                                       "<p>&#{};</p>"sv,
                                       "<p>&;{}</p>"sv,
                                       "<p title=\"a<{}\">x</p>"sv,
                                       "<p title=\"a>{}\">x</p>"sv,
                                       "<p title=\"a & {}\">x</p>"sv,
                                       "<p>\0{}</p>"sv,
                                       "<p title=\"\0{}\">x</p>"sv,
                                       "<p>\1{}</p>"sv,
                                       "<p>\r{}</p>"sv,
                                       "<p title=\"a\n{}\">x</p>"sv,
                                       "<p>\177{}</p>"sv,
                                   });
}

TEST(TemplateReader, RefusesRepeated) {
  expect(TemplateFault::repeated, {
                                      "<a href=\"/x\" href=\"{}\">x</a>"sv,
                                      "<p title=\"x\" title=\"{}\">x</p>"sv,
                                      "<input required required value=\"{}\">"sv,
                                      "<p data-x=\"a\" data-x=\"{}\">x</p>"sv,
                                      "<input checked=\"{}\" checked>"sv,
                                  });
}

TEST(TemplateReader, RefusesIdPrefix) {
  expect(TemplateFault::id_prefix, {
                                       "<p id=\"{}\">x</p>"sv,
                                       "<p id=\"{}-note\">x</p>"sv,
                                       "<p id=\"note{}\">x</p>"sv,
                                       "<input id=\"{}\" name=\"{}\">"sv,
                                   });
}

TEST(TemplateReader, RefusesPlace) {
  expect(TemplateFault::place, {
                                   "<p><div>{}</div></p>"sv,
                                   "<p><b><ul>{}</ul></b></p>"sv,
                                   "<p><p>{}</p></p>"sv,
                                   "<h1><h2>{}</h2></h1>"sv,
                                   "<a href=\"/x\"><a href=\"/y\">{}</a></a>"sv,
                                   "<a href=\"/x\"><b><a href=\"/y\">{}</a></b></a>"sv,
                                   "<form><form>{}</form></form>"sv,
                                   "<form><div><form>{}</form></div></form>"sv,
                                   "<button><button>{}</button></button>"sv,
                                   "<label><label>{}</label></label>"sv,
                                   "<table><div>{}</div></table>"sv,
                                   "<table><form>{}</form></table>"sv,
                                   "<table><td>{}</td></table>"sv,
                                   "<div><tr>{}</tr></div>"sv,
                                   "<div><li>{}</li></div>"sv,
                                   "<ul><div>{}</div></ul>"sv,
                                   "<ul><li><li>{}</li></li></ul>"sv,
                                   "<select><b>{}</b></select>"sv,
                                   "<select><option><b>{}</b></option></select>"sv,
                                   "<textarea><b>{}</b></textarea>"sv,
                                   "<div><option>{}</option></div>"sv,
                                   "<dl><dd><div><dd>{}</dd></div></dd></dl>"sv,
                                   "<dl><p>{}</p></dl>"sv,
                                   "<div><summary>{}</summary></div>"sv,
                                   "<p><table>{}</table></p>"sv,
                                   "<p><a href=\"/x\"><section>{}</section></a></p>"sv,
                                   "<span><hr>{}</span>"sv,
                                   "<pre><p>{}</p></pre>"sv,
                               });
}

TEST(TemplateReader, RefusesTextPlace) {
  expect(TemplateFault::text_place, {
                                        "<ul>x<li>{}</li></ul>"sv,
                                        "<table>x<tr><td>{}</td></tr></table>"sv,
                                        "<table><tbody>&nbsp;{}</tbody></table>"sv,
                                        "<ol>{{}}{}</ol>"sv,
                                    });
}

TEST(TemplateReader, KnowsEachPlace) {
  const Read all = read(
      "<p title=\"{}\">{}<a href=\"{}\">x</a><img src=\"{}\"><input checked=\"{}\"><textarea>{}</textarea></p>"
      "<form action=\"{}\"></form><ul>{}</ul>");
  EXPECT_EQ(all.fault, TemplateFault::none);
  EXPECT_EQ(all.slots, (std::vector{SlotKind::attribute, SlotKind::content, SlotKind::href, SlotKind::image,
                                    SlotKind::flag, SlotKind::text_only, SlotKind::action, SlotKind::html_only}));
}

TEST(TemplateReader, AnIdWithASlotIsNoIdentifier) {
  EXPECT_EQ(read("<p id=\"note-{}\">x</p>").fault, TemplateFault::none);
  EXPECT_EQ(read("<p id=\"a-{}{}\">x</p>").fault, TemplateFault::none);
  EXPECT_EQ(read("<p id=\"note_{}\">x</p>").fault, TemplateFault::id_prefix);
  EXPECT_EQ(read("<p id=\"{}{}-\">x</p>").fault, TemplateFault::id_prefix);
}

TEST(TemplateReader, EveryPrefixOfATemplateIsReadWithinItsBounds) {
  constexpr std::string_view whole =
      "<p id=\"a-{}\" title=\"&amp;{{{}\">x &#60; {}</p><input checked=\"{}\" required><a href=\"{}\" "
      "rel=\"ugc\">x</a>";
  EXPECT_EQ(read(whole).fault, TemplateFault::none);
  for (std::size_t size = 0; size < whole.size(); ++size) read(whole.substr(0, size));
}

TEST(TemplateReader, LimitsItsSize) {
  const auto times = [](std::size_t n, std::string_view text) {
    std::string out;
    while (n-- > 0) out += text;
    return out;
  };
  EXPECT_EQ(read(times(64, "{}")).fault, TemplateFault::none);
  EXPECT_EQ(read(times(65, "{}")).fault, TemplateFault::size);
  EXPECT_EQ(read(times(32, "<div>") + times(32, "</div>")).fault, TemplateFault::none);
  EXPECT_EQ(read(times(33, "<div>") + times(33, "</div>")).fault, TemplateFault::size);
}

TEST(TemplateReader, TheGrammarHoldsNothingThatRuns) {
  for (const Element& element : elements) {
    EXPECT_FALSE(
        has_word("script style link meta base iframe frame object embed applet svg math template noscript xmp "
                 "noembed noframes plaintext listing title body html head image portal audio video source",
                 element.name))
        << element.name;
    for (const char c : element.name) EXPECT_TRUE((c >= 'a' && c <= 'z') || ascii_digit(c)) << element.name;
  }
  for (const Attribute& attribute : attributes) {
    EXPECT_FALSE(attribute.name.starts_with("on")) << attribute.name;
    EXPECT_FALSE(
        has_word("style srcdoc srcset formaction http-equiv ping is slot nonce xmlns background data codebase "
                 "poster manifest cite longdesc usemap profile archive classid content",
                 attribute.name))
        << attribute.name;
    for (const std::string_view url : {"href"sv, "src"sv, "action"sv}) {
      if (attribute.name != url) continue;
      EXPECT_TRUE(attribute.kind == AttributeKind::href || attribute.kind == AttributeKind::image ||
                  attribute.kind == AttributeKind::action);
    }
  }
}

void expect_path(PathFault fault, std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) EXPECT_EQ(parse_path(path, true).fault, fault) << path;
}

TEST(PathReader, ForeignPaths) {
  expect_path(PathFault::foreign, {
                                      "//evil.example"sv,
                                      "/\\evil.example"sv,
                                      "https://evil.example/"sv,
                                      "javascript:alert(1)"sv,
                                      ""sv,
                                      "notes"sv,
                                      " /notes"sv,
                                      "\\\\evil.example"sv,
                                      "//{}"sv,
                                      "{}"sv,
                                      "https://{}/"sv,
                                  });
}

TEST(PathReader, AmbiguousPaths) {
  for (const std::string_view path : {
           "/a/../b"sv, "/.."sv,   "/./a"sv,        "/a//b"sv,  "/a b"sv,   "/a\nb"sv,  "/a\r\nSet-Cookie: x=y"sv,
           "/a\0b"sv,   "/a\\b"sv, "/a/%2e%2e/b"sv, "/a%2Fb"sv, "/a%5cb"sv, "/a%00"sv,  "/a%"sv,
           "/a\"b"sv,   "/a<b"sv,  "/\xC3\xBC"sv,   "/a/{x}"sv, "/a/{"sv,   "/../{}"sv, "/a//{}"sv,
           "/a b/{}"sv, "/%{}"sv,  "/%2{}"sv,
       }) {
    EXPECT_NE(path_fault(path), PathFault::none) << path;
    EXPECT_NE(parse_path(path, true).fault, PathFault::none) << path;
  }
}

TEST(PathReader, SlotsOnlyWhereTheyAreAllowed) {
  EXPECT_EQ(parse_path("/a/{}", true).fault, PathFault::none);
  EXPECT_EQ(path_fault("/a/{}"), PathFault::character);
}

TEST(PathReader, AdjacentSlots) {
  expect_path(PathFault::slot, {
                                   "/a/{}{}"sv,
                                   "/a/.{}"sv,
                                   "/a/{}."sv,
                                   "/{}{}/evil.example"sv,
                                   "/a/..{}?x"sv,
                               });
}

}  // namespace
}  // namespace sallyport::detail
