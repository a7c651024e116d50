// What a client of a test asks, and what came.
#pragma once

#include <sallyport/testing/json.hpp>

#include <cstddef>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;
using Where = std::source_location;

/// The body of a request. A bare text is JSON.
struct Content {
  std::string type;  ///< empty: no body
  std::string bytes;

  Content() = default;
  Content(std::string its_type, std::string its_bytes) : type(std::move(its_type)), bytes(std::move(its_bytes)) {}
  Content(const char* json) : Content("application/json", json) {}             // NOLINT: `post("/notes", "{…}")`
  Content(std::string json) : Content("application/json", std::move(json)) {}  // NOLINT
  Content(std::string_view json) : Content("application/json", std::string(json)) {}  // NOLINT
};

/// A request whose every part is the test's own: `client.send({.method = "OPTIONS", .target = "/notes"})`. What is not said is sent as a page
/// of the service would: Host, the cookies, `Sec-Fetch-Site: same-origin`.
struct Request {
  std::string method = "GET";
  std::string target = "/";
  Pairs fields = {};  ///< one of them replaces what would be sent; with an empty value it is left out
  Content content = {};
};

/// The answer to one request. Copies share it.
class Answer {
 public:
  /// What is known of it, for the kit.
  struct Facts {
    int status = 0;
    Pairs fields;        ///< in their order, names as they came
    std::string body;    ///< decompressed
    std::string asked;   ///< the request as it was sent, without what is secret in it
    std::string who;     ///< whose it was: an e-mail, "a visitor"
    std::string logged;  ///< the lines that the log got meanwhile
    Where where;
  };
  explicit Answer(std::shared_ptr<const Facts> facts) noexcept : facts_(std::move(facts)) {}

  [[nodiscard]] int status() const noexcept { return facts_->status; }
  /// Throws `Failure` unless the status is this one. Its text says what was asked, what came, and what was logged: for most refusals, why.
  const Answer& expect(int status, Where where = Where::current()) const&;
  Answer expect(int status, Where where = Where::current()) &&;

  /// The body.
  [[nodiscard]] const std::string& text() const noexcept { return facts_->body; }
  /// The value of a field, whose name is in any case; empty without one. Several are joined by ", ".
  [[nodiscard]] std::string field(std::string_view name) const;
  [[nodiscard]] bool has_field(std::string_view name) const noexcept;
  [[nodiscard]] const Pairs& fields() const noexcept { return facts_->fields; }

  /// The body as JSON, or a value of it by its pointer (RFC 6901): `answer.json("/title") == "Milk"`. Throws `Failure` where it is none.
  [[nodiscard]] Json json(std::string_view pointer = {}) const;
  /// The body read into a struct: see `Json::as`.
  template <class T>
  [[nodiscard]] T json() const {
    return json().template as<T>();
  }

  /// Whether a person sees this text on the page: outside of tags, scripts and styles, character references decoded, each run of white space one blank.
  [[nodiscard]] bool page_has(std::string_view text) const;
  /// What a person sees of the page.
  [[nodiscard]] std::string page_text() const;
  /// Throws `Failure`, which shows the page's text, unless the page has it.
  const Answer& expect_page(std::string_view text, Where where = Where::current()) const&;
  Answer expect_page(std::string_view text, Where where = Where::current()) &&;

  /// The lines that the log got while this was answered, as JSON, one a line.
  [[nodiscard]] const std::string& logged() const noexcept { return facts_->logged; }
  /// All that is known of it, for a message of one's own.
  [[nodiscard]] std::string describe() const;

 private:
  std::shared_ptr<const Facts> facts_;
};

/// So that every framework shows it when it prints one.
std::ostream& operator<<(std::ostream& out, const Answer& answer);

}  // namespace sallyport::test
