// Clients: requests as pages of the service make them, and cookies.
#include "testing/client.hpp"

#include "base/character_class.hpp"
#include "testing/raw_answer.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::test {
namespace {

Pairs::value_type* find(Pairs& pairs, std::string_view name) {
  const auto found =
      std::ranges::find_if(pairs, [&](const auto& pair) { return base::equal_ignoring_case(pair.first, name); });
  return found == pairs.end() ? nullptr : &*found;
}

void set(Pairs& pairs, std::string name, std::string value) {
  if (auto* const there = find(pairs, name)) {
    there->second = std::move(value);
  } else {
    pairs.emplace_back(std::move(name), std::move(value));
  }
}

bool changes(std::string_view method) { return method != "GET" && method != "HEAD" && method != "OPTIONS"; }

// As the URL Standard serialises a form.
std::string encoded(const Pairs& members) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  const auto append = [&](std::string_view text) {
    for (const char c : text) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '*' ||
                         c == '-' || c == '.' || c == '_';
      const auto byte = static_cast<unsigned char>(c);
      if (plain) {
        out += c;
      } else if (c == ' ') {
        out += '+';
      } else {
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
      }
    }
  };
  for (const auto& [name, value] : members) {
    if (!out.empty()) out += '&';
    append(name);
    out += '=';
    append(value);
  }
  return out;
}

Request simple(std::string method, std::string_view target, Content content = {}) {
  return {.method = std::move(method), .target = std::string(target), .fields = {}, .content = std::move(content)};
}

}  // namespace

std::shared_ptr<detail::Core> Client::State::service() const {
  if (auto there = core.lock()) return there;
  throw Failure("the service of this client is gone: it has to live as long as what asks it");
}

std::string Client::State::cookie_field() const {
  std::string field;
  for (const auto& [name, value] : cookies)
    field.append(field.empty() ? "" : "; ").append(name).append("=").append(value);
  return field;
}

std::string Client::State::head_of(const Request& request, const std::string& origin, const std::string& cookie) const {
  const std::string own = service()->service().settings.server.origin;
  Pairs all{{"Host", service()->authority()},
            {"User-Agent", "sallyport-testing"},
            {"Accept", "*/*"},
            {"Sec-Fetch-Site", origin.empty() ? "same-origin" : "cross-site"},
            {"Sec-Fetch-Mode", "cors"},
            {"Sec-Fetch-Dest", "empty"}};
  if (!origin.empty() || changes(request.method)) set(all, "Origin", origin.empty() ? own : origin);
  if (!cookie.empty()) set(all, "Cookie", cookie);
  if (!request.content.type.empty()) set(all, "Content-Type", request.content.type);
  if (!request.content.bytes.empty() || changes(request.method))
    set(all, "Content-Length", std::to_string(request.content.bytes.size()));
  for (const Pairs* const more : {&fields, &request.fields}) {
    for (const auto& [name, value] : *more) set(all, name, value);
  }
  std::string head = request.method + " " + request.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : all) {
    if (!value.empty()) head.append(name).append(": ").append(value).append("\r\n");
  }
  return head + "\r\n";
}

void Client::State::keep_cookies(const Pairs& answer) {
  for (const auto& [field, cookie] : answer) {
    if (!base::equal_ignoring_case(field, "set-cookie")) continue;
    const std::string pair = cookie.substr(0, cookie.find(';'));
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos) continue;
    const std::string name = pair.substr(0, equals);
    if (detail::lower_case(cookie).find("; max-age=0") != std::string::npos) {
      std::erase_if(cookies, [&](const auto& kept) { return kept.first == name; });
    } else {
      set(cookies, name, pair.substr(equals + 1));
    }
  }
}

namespace detail {

Answer made_answer(Core& core, Answer::Facts facts, const Request& request, std::size_t logged_from) {
  facts.logged = core.log().substr(logged_from);
  auto made = std::make_shared<const Answer::Facts>(std::move(facts));
  if (const std::string unanswered = core.others().take_unanswered(); !unanswered.empty())
    throw Failure(
        "the service called another one, and the test has not said what that answers "
        "(service.outbound(\"https://…\").answers(200, \"{}\")):\n" +
        unanswered + Answer(std::move(made)).describe());
  const std::vector<std::string> broken = core.broken(*made, request.method, request.target);
  if (broken.empty()) return Answer(std::move(made));
  std::string text = "an answer breaks what every answer of Sallyport keeps; please report it:\n";
  for (const std::string& each : broken) text.append("  ").append(each).append("\n");
  throw Failure(text + Answer(std::move(made)).describe());
}

}  // namespace detail

Answer Client::send(Request request, Where where) {
  const auto core = state_->service();
  const std::size_t logged_from = core->log().size();
  const std::string cookie = state_->cookie_field();
  Answer::Facts facts;
  facts.who = state_->who;
  facts.where = where;
  facts.asked = state_->head_of(request, origin_, cookie.empty() ? "" : "(its cookies)") + request.content.bytes;
  const auto connection = core->connect(state_->address);
  connection->send(state_->head_of(request, origin_, cookie) + request.content.bytes);
  core->run_until([&] { return connection->idle(); }, true);
  const bool closed = connection->closed();
  connection->leave();
  const auto head = detail::read_head(connection->received);
  if (!head) throw Failure(std::string(where.file_name()) + ": no answer came to\n" + facts.asked);
  facts.status = head->status;
  facts.fields = head->fields;
  facts.body = detail::decoded(*head, detail::read_body(*head, connection->received, request.method == "HEAD", closed));
  state_->keep_cookies(head->fields);
  return detail::made_answer(*core, std::move(facts), request, logged_from);
}

Answer Client::get(std::string_view target, Where where) { return send(simple("GET", target), where); }
Answer Client::head(std::string_view target, Where where) { return send(simple("HEAD", target), where); }
Answer Client::post(std::string_view target, Content content, Where where) {
  return send(simple("POST", target, std::move(content)), where);
}
Answer Client::put(std::string_view target, Content content, Where where) {
  return send(simple("PUT", target, std::move(content)), where);
}
Answer Client::patch(std::string_view target, Content content, Where where) {
  return send(simple("PATCH", target, std::move(content)), where);
}
Answer Client::del(std::string_view target, Where where) { return send(simple("DELETE", target), where); }

Answer Client::browse(Request request, Where where) {
  request.fields = {{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
                    {"Sec-Fetch-Mode", "navigate"},
                    {"Sec-Fetch-Dest", "document"},
                    {"Sec-Fetch-User", "?1"}};
  return send(std::move(request), where);
}

Answer Client::page(std::string_view target, Where where) { return browse(simple("GET", target), where); }

Answer Client::form(std::string_view target, const Pairs& members, Where where) {
  return browse(simple("POST", target, Content("application/x-www-form-urlencoded", encoded(members))), where);
}

Answer Client::follow(const Answer& redirect, Where where) {
  const std::string location = redirect.field("location");
  if (redirect.status() / 100 != 3 || location.empty())
    throw Failure(std::string(where.file_name()) + ':' + std::to_string(where.line()) + ": this is no redirect\n" +
                  redirect.describe());
  return page(location, where);
}

Client Client::from(std::string origin) const {
  Client other = *this;
  other.origin_ = std::move(origin);
  return other;
}

Client& Client::set_field(std::string name, std::string value) {
  set(state_->fields, std::move(name), std::move(value));
  return *this;
}

std::string Client::cookie(std::string_view name) const {
  for (const auto& [its_name, value] : state_->cookies) {
    if (its_name == name) return value;
  }
  return {};
}

void Client::set_cookie(std::string name, std::string value) {
  set(state_->cookies, std::move(name), std::move(value));
}

void Client::forget_cookies() { state_->cookies.clear(); }

}  // namespace sallyport::test
