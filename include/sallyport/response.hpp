// Response and the smaller answers (Ok, Created, NoContent) that a handler returns.
#pragma once

#include <sallyport/attachment.hpp>
#include <sallyport/detail/answer_fields.hpp>
#include <sallyport/detail/literal.hpp>
#include <sallyport/json.hpp>
#include <sallyport/page.hpp>
#include <sallyport/problem.hpp>
#include <sallyport/url.hpp>
#include <sallyport/view.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport {

namespace identity {
struct SessionGrant;
}
namespace route {
class OpenFile;
}
namespace detail {
class FolderFiles;
}

/// The name of a response field, a literal: `"X-Total-Count"`. Names of your own begin with `X-`; of the registered ones, those that only
/// inform (`Content-Language`, `ETag`, `Sunset` …). What the kernel writes, and what browsers, caches or
/// proxies act on, does not compile (HDR-001).
class FieldName {
 public:
  template <std::size_t N>
  consteval FieldName(const char (&name)[N]) : name_(name) {  // NOLINT(google-explicit-constructor)
    check(name_.view());
  }
  template <detail::NotALiteral<FieldName> Argument>
  __attribute__((
      unavailable("HDR-002: the name of a field is a \"literal\": what is made at run time goes into its value")))
  FieldName(Argument&&);  // NOLINT: every other argument, to say why not
  [[nodiscard]] constexpr std::string_view view() const noexcept { return name_.view(); }

 private:
  static consteval void check(std::string_view name) {
    if (name.empty()) throw "HDR-002: a field name is a token (RFC 9110 5.1)";
    for (const char c : name) {
      const bool token =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (!token) throw "HDR-002: a field name is a token (RFC 9110 5.1): letters, digits, '-' and '_'";
    }
    detail::refuse_field(detail::field_owner(name));
  }
  detail::LiteralText name_;
};

namespace detail {

/// A pointer that a program has from somewhere, and no literal.
template <class T>
concept CharPointer = std::same_as<T, const char*> || std::same_as<T, char*>;

/// What an answer does to the session that the request came with.
enum class SessionEnd : std::uint8_t {
  none,
  here,        ///< it ends
  everywhere,  ///< all sessions of its user end
  forgotten,   ///< and the account is deleted
};

}  // namespace detail

/// An answer for which a value alone is not enough.
class [[nodiscard(
    "HANDLER-011: a Response is sent only when it is returned: write return or co_return before it")]] Response {
 public:
  /// What the body is: decides content type and header set.
  enum class Kind : std::uint8_t { empty, json, text, page, problem, file };
  struct Field {
    std::string_view name;
    std::string value;
  };

  /// No body. `status` is one of 2xx; 204 by default.
  static Response empty(int status = 204) { return Response(Kind::empty, status); }

  /// A value with a `view<T>` (or a vector, optional … of one) as JSON.
  template <class T>
  static Response json(const T& value, int status = 200) {
    Response response(Kind::json, status);
    to_json(response.body_, value);
    return response;
  }

  /// Plain text, `text/plain; charset=utf-8`.
  static Response text(std::string text, int status = 200) {
    Response response(Kind::text, status);
    response.body_ = std::move(text);
    return response;
  }
  template <detail::CharPointer Pointer>
  __attribute__((
      unavailable("OUT-009: a char pointer may be what(), getenv() or strerror(), which are for the log and not for "
                  "clients: write a \"literal\", or std::string(taken ? \"taken\" : \"free\")"))) static Response
  text(const Pointer&, int status = 200);

  /// A whole page. The status is the page's.
  static Response page(Page page) {
    Response response(Kind::page, page.status);
    response.page_ = std::move(page);
    return response;
  }

  /// 303 See Other: after a form has been handled, the browser goes to `target` with GET. Local paths only: an open
  /// redirect does not compile.
  static Response see_other(LocalPath target) { return redirect(std::string(target.view())); }
  /// The same to a path with values in it: `see_other(local_url<"/notes/{}">(note.id))`.
  template <std::same_as<LocalUrl> Local>
  static Response see_other(const Local& target) {
    return redirect(std::string(target.view()));
  }

  Response(const Problem& problem) : problem_(problem), status_(problem.status()), kind_(Kind::problem) {}  // NOLINT
  Response(Page page) : Response(Response::page(std::move(page))) {}                                        // NOLINT

  /// Adds a field. Throws `std::invalid_argument` for a value with control characters, which the client sees as 500.
  Response& header(FieldName name, std::string value) &;
  Response&& header(FieldName name, std::string value) && { return std::move(header(name, std::move(value))); }
  template <detail::CharPointer Pointer>
  __attribute__((
      unavailable("OUT-009: a char pointer may be what(), getenv() or strerror(), which are for the log and not for "
                  "clients: write a \"literal\", or std::string(taken ? \"taken\" : \"free\")"))) Response&
  header(FieldName name, const Pointer&);
  /// Saved by the browser as a file: `Response::text(note.body).header(sp::attachment(note.title))`. A file of an `sp::Folder` has a name
  /// already, which this one takes the place of.
  Response& header(const attachment& name) &;
  Response&& header(const attachment& name) && { return std::move(header(name)); }

  /// A message that the next page shows, where its handler takes an `sp::Flash`: `see_other("/notes").flash("Saved.")`. 500 bytes at most.
  Response& flash(std::string message) & {
    flash_ = std::move(message);
    return *this;
  }
  Response flash(std::string message) && { return std::move(flash(std::move(message))); }

  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] Kind kind() const noexcept { return kind_; }

  // For the kernel.
  [[nodiscard]] std::string& body() noexcept { return body_; }
  [[nodiscard]] const Page& as_page() const noexcept { return page_; }
  [[nodiscard]] const Problem& as_problem() const noexcept { return problem_; }
  [[nodiscard]] const std::string& location() const noexcept { return location_; }
  [[nodiscard]] const std::string& flash_message() const noexcept { return flash_; }
  [[nodiscard]] route::OpenFile& file() const noexcept { return *file_; }
  [[nodiscard]] const std::vector<Field>& fields() const noexcept { return fields_; }
  [[nodiscard]] detail::SessionEnd session_end() const noexcept { return session_end_; }
  [[nodiscard]] bool begins_session() const noexcept { return begins_session_; }
  /// Null when the request that it was made for has ended.
  [[nodiscard]] std::shared_ptr<const identity::SessionGrant> grant() const noexcept { return grant_.lock(); }

 private:
  friend class detail::FolderFiles;
  friend class Proof;  // a session begins with an answer, and only a proof makes such
  friend class CurrentSession;
  void begin_session(std::weak_ptr<const identity::SessionGrant> grant) noexcept {
    grant_ = std::move(grant);
    begins_session_ = true;
  }
  Response(Kind kind, int status) : status_(status), kind_(kind) {}
  static Response redirect(std::string target) {
    Response response(Kind::empty, 303);
    response.location_ = std::move(target);
    return response;
  }

  std::string body_;
  std::string location_;
  std::string flash_;
  std::vector<Field> fields_;
  Page page_;
  Problem problem_{500, "Internal Server Error"};
  std::shared_ptr<route::OpenFile> file_;
  std::weak_ptr<const identity::SessionGrant> grant_;
  int status_;
  Kind kind_;
  detail::SessionEnd session_end_ = detail::SessionEnd::none;
  bool begins_session_ = false;
};

/// 200 with a value as JSON: `Task<Ok<Note>>`. A bare value with a view means the same.
template <class T>
struct Ok {
  T value;
  Ok(T v) : value(std::move(v)) {}  // NOLINT(google-explicit-constructor): `co_return note;` is the point
};

/// 201 with the created value as JSON: `Task<Created<Note>>`.
template <class T>
struct Created {
  T value;
  Created(T v) : value(std::move(v)) {}  // NOLINT(google-explicit-constructor)
};

/// 204: success without a body.
struct NoContent {};

}  // namespace sallyport
