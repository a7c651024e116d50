// Any field lines as Forwarded and X-Forwarded-For: bounded, inside the input, and what is added on the right reads the same
// whatever was there before. Where every element is well formed from left to right, from right to left are the same elements.
#include "http/forwarded.hpp"

#include <cstdlib>
#include <string>
#include <vector>

namespace {

using namespace sallyport;

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<std::string> from_right(const std::string& lines, http::KnownHeader field) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
  http::RequestHead parsed;
  std::vector<std::string> out;
  if (sallyport::http::parse_request_head(head, parsed).state != http::ParseResult::State::complete) return out;
  http::ElementsFromRight elements(parsed, field);
  while (const auto element = elements.next()) {
    require(element->data() >= head.data() && element->data() + element->size() <= head.data() + head.size());
    out.emplace_back(*element);
  }
  require(!elements.next() && out.size() <= sallyport::http::ElementsFromRight::max_elements);
  return out;
}

// As RFC 9110 5.6.1 splits a list, without quoted pairs.
std::vector<std::string_view> from_left(std::string_view value) {
  std::vector<std::string_view> out;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && value[i] == '"') quoted = !quoted;
    if (i < value.size() && (value[i] != ',' || quoted)) continue;
    out.push_back(value.substr(begin, i - begin));
    begin = i + 1;
  }
  return out;
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

void check(const std::string& value, const std::string& name, sallyport::http::KnownHeader field,
           sallyport::http::Hop (*read)(std::string_view), const std::string& honest) {
  const auto all = from_right(name + ": " + value + "\r\n", field);
  if (all.empty()) return;  // the parser does not let it through
  for (const std::string& element : all) {
    const sallyport::http::Hop hop = read(element);
    require(hop.kind != sallyport::http::Hop::Kind::malformed || (hop.proto.empty() && hop.host.empty()));
    if (hop.kind == sallyport::http::Hop::Kind::address)
      require(base::IpAddress::parse(hop.address.text()) == hop.address);
  }
  for (const auto& more : {from_right(name + ": " + value + ", " + honest + "\r\n", field),
                           from_right(name + ": " + value + "\r\n" + name + ":" + honest + "\r\n", field)}) {
    if (more.empty()) continue;  // one field line too long
    require(more[0] == honest && read(more[0]).address == base::IpAddress::v4(192, 0, 2, 1));
    for (std::size_t i = 1; i < more.size(); ++i) require(more[i] == all[i - 1]);
  }
  if (field != sallyport::http::KnownHeader::forwarded) return;
  const auto expected = from_left(trim(value));
  if (expected.size() > all.size()) return;
  for (const std::string_view element : expected) {
    if (read(trim(element)).kind == sallyport::http::Hop::Kind::malformed) return;
  }
  require(expected.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) require(all[i] == trim(expected[expected.size() - 1 - i]));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string value(reinterpret_cast<const char*>(data), size);
  if (value.find_first_of("\r\n") != value.npos) return 0;
  check(value, "Forwarded", sallyport::http::KnownHeader::forwarded, sallyport::http::read_forwarded,
        "for=192.0.2.1;proto=https");
  check(value, "X-Forwarded-For", sallyport::http::KnownHeader::x_forwarded_for, sallyport::http::read_x_forwarded_for,
        "192.0.2.1:80");
  return 0;
}
