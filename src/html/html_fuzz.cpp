// Three properties of arbitrary bytes: a value never leaves its place in a page, a link that is let through is of an
// allowed kind, and a template that is let through holds what it seems to hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <sallyport/html.hpp>

#include "base/utf8.hpp"
#include "html/escape.hpp"
#include "html/markup_shape.hpp"

namespace {

using namespace sallyport;

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<Html> places(std::string_view v) {
  return {
      html<"<p title=\"{}\" data-x=\"a{}b\">{}</p>">(v, v, v),
      html<"<textarea>{}</textarea><pre>{}</pre>">(v, v),
      html<"<input id=\"x-{}\" value=\"{}\" checked=\"{}\">">(v, v, v.size() % 2 == 0),
      html<"<select><option value=\"{}\">{}</option></select>">(v, v),
      html<"<a href=\"{}\">{}</a>">(local_url<"/a/{}/{}-b?c={}#{}">(v, v, v, v), v),
  };
}

void values_stay_in_their_places(std::string_view value) {
  const std::vector<Html> attacked = places(value);
  const std::vector<Html> harmless = places(value.size() % 2 == 0 ? "xx" : "x");
  for (std::size_t i = 0; i < attacked.size(); ++i) {
    require(markup::read_shape(attacked[i].view()).skeleton == markup::read_shape(harmless[i].view()).skeleton);
    require(base::valid_utf8(attacked[i].view()));
  }
  std::string out;
  markup::append_escaped(out, value);
  for (const char c : out) {
    require(c != '<' && c != '>' && c != '"' && c != '\'' && c != 0x7f);
    require(static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r');
  }
}

void links_are_of_an_allowed_kind(std::string_view text) {
  const auto url = Url::parse(text);
  if (const auto image = ImgUrl::parse(text)) require(url && image->view()[0] == '/' && image->view() == url->view());
  if (!url) return;
  const std::string_view seen = url->view();
  for (const char c : seen) require(c > 0x20 && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>');
  std::string lower;
  for (const char c : seen) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  require(lower.starts_with("https://") || lower.starts_with("http://") || lower.starts_with("mailto:") ||
          seen[0] == '#' || seen[0] == '?' || (seen[0] == '/' && (seen.size() == 1 || seen[1] != '/')));
  const auto again = Url::parse(seen);  // unless its encoding made it too long
  require(again ? *again == *url : seen.size() > detail::max_url_size);
}

void templates_hold_what_they_seem_to_hold(std::string_view text) {
  const std::string source(text);
  std::string out(source.size() + 1, '\0');
  std::vector<detail::Slot> slots(detail::max_slots);
  detail::TemplateReader reader({source.c_str(), source.size()}, out.data(), slots.data());
  if (!reader.read()) return;
  out.resize(reader.text_size());
  for (std::size_t i = 0; i < reader.slot_count(); ++i) require(slots[i].offset <= out.size());

  const std::string skeleton = markup::read_shape(out).skeleton;
  std::vector<std::string_view> open;
  for (std::string_view rest = skeleton; !rest.empty();) {
    const std::size_t end = rest.find('>');
    std::string_view tag = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    if (tag.starts_with('/')) {
      require(!open.empty() && open.back() == tag.substr(1));
      open.pop_back();
      continue;
    }
    const std::string_view name = tag.substr(0, tag.find(' '));
    const detail::Element* element = detail::find_element(name);
    require(element != nullptr);
    if (element->content != detail::Content::nothing) open.push_back(name);
    while (tag.find(' ') != std::string_view::npos) {
      tag.remove_prefix(tag.find(' ') + 1);
      const std::string_view attribute = tag.substr(0, tag.find_first_of(" ="));
      require(detail::find_attribute(name, attribute) != nullptr);
    }
  }
  require(open.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  values_stay_in_their_places(text);
  links_are_of_an_allowed_kind(text);
  templates_hold_what_they_seem_to_hold(text);
  return 0;
}
