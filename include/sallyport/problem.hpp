// Problem: an error answer (RFC 9457) whose text can only come from the program's source.
#pragma once

#include <sallyport/detail/literal.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport {

/// The status of a `Problem`, checked while compiling.
class ProblemStatus {
 public:
  consteval ProblemStatus(int status) : status_(status) {  // NOLINT(google-explicit-constructor): written as a number
    if (status < 400 || status > 599) throw "ERR-001: the status of a Problem is from 400 to 599";
  }
  [[nodiscard]] constexpr int value() const noexcept { return status_; }

 private:
  int status_;
};

/// The title or the detail of a `Problem`: a literal.
class ProblemText {
 public:
  template <std::size_t N>
  consteval ProblemText(const char (&text)[N]) : text_(text) {}  // NOLINT(google-explicit-constructor)
  template <detail::NotALiteral<ProblemText> Argument>
  __attribute__((
      unavailable("ERR-002: the text of a Problem is a string literal: what an exception or a client said goes to "
                  "the log, never into an answer"))) ProblemText(Argument&&);  // NOLINT
  [[nodiscard]] constexpr const detail::LiteralText& literal() const noexcept { return text_; }

 private:
  detail::LiteralText text_;
};

/// An error for the client: `throw sp::Problem(404, "No such note")` or `return sp::Problem(409, "Title taken", "Choose another.")`.
///
/// Title and detail are string literals, so that they can't contain exception texts, queries or paths; the kernel adds
/// `status` and `instance` (the request's id, under which the log holds the cause). Sent as
/// `application/problem+json`, or as a small page where a browser asked for a document.
class [[nodiscard("ERR-003: throw or return the Problem")]] Problem {
 public:
  // At the constructors as well: g++ looks there only.
  template <std::size_t N>
  [[nodiscard("ERR-003: throw or return the Problem")]] consteval Problem(int status, const char (&title)[N])
      : title_(title), status_(status) {
    check(status);
  }
  template <std::size_t N, std::size_t M>
  [[nodiscard("ERR-003: throw or return the Problem")]] consteval Problem(int status, const char (&title)[N],
                                                                          const char (&detail)[M])
      : title_(title), detail_(detail), status_(status) {
    check(status);
  }
  template <class... Texts>
    requires(sizeof...(Texts) > 0)
  __attribute__((
      unavailable("ERR-002: the text of a Problem is a string literal: what an exception or a client said goes to "
                  "the log, never into an answer"))) Problem(int, Texts&&...);

  [[nodiscard("ERR-003: throw or return the Problem")]] Problem(ProblemStatus status, ProblemText title,
                                                                ProblemText detail) noexcept
      : title_(title.literal()), detail_(detail.literal()), status_(status.value()) {}

  [[nodiscard]] constexpr int status() const noexcept { return status_; }
  [[nodiscard]] constexpr std::string_view title() const noexcept { return title_.view(); }
  [[nodiscard]] constexpr std::string_view detail() const noexcept { return detail_.view(); }

 private:
  static consteval void check(int status) {
    if (status < 400 || status > 599) throw "ERR-001: the status of a Problem is from 400 to 599";
  }

  detail::LiteralText title_;
  detail::LiteralText detail_;
  int status_ = 500;
};

}  // namespace sallyport
