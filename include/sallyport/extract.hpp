// The parameter types of handlers: one for each thing that a handler can read or do.
#pragma once

#include <sallyport/fixed_string.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/schema.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

namespace detail {
struct Admit;

// The text of a form's field as it was typed; empty when it is absent, can't be decoded, or is a secret.
[[nodiscard]] std::string typed_text(std::string_view pairs, const TypeInfo& type, std::string_view name);

template <class T>
class Checked {
 public:
  const T& operator*() const& noexcept { return value_; }
  T&& operator*() && noexcept { return std::move(value_); }
  const T* operator->() const noexcept { return &value_; }

 protected:
  explicit Checked(T value) : value_(std::move(value)) {}
  T value_;
};
}  // namespace detail

/// The JSON body, checked: `T`'s members and nothing else, each within its bounds. Anything else answered 400 (with every error
/// at once), 413 or 415 before the handler was called.
template <class T>
class Body final : public detail::Checked<T> {
  friend struct detail::Admit;
  using detail::Checked<T>::Checked;
};

/// The body of an HTML form (`application/x-www-form-urlencoded`), checked like `Body`.
template <class T>
class Form final : public detail::Checked<T> {
  friend struct detail::Admit;
  using detail::Checked<T>::Checked;
};

/// A form that may be invalid, for handlers that show it again: `if (!in) co_return form_page(in);`. Read without that look when it
/// is invalid, it ends the request (see `Maybe`). Bodies that are too large and other content types are still refused before the handler.
template <class T>
class TryForm final {
 public:
  [[nodiscard]] explicit operator bool() const noexcept { return value_.has_value(); }
  const T& operator*() const& { return *value_; }
  T operator*() && { return *std::move(value_); }
  const T* operator->() const { return &*value_; }

  /// Whether something is wrong with the field called `name`.
  [[nodiscard]] bool has_error(std::string_view name) const noexcept { return error(name) != InputError::none; }
  /// What is wrong with it, or `InputError::none`.
  [[nodiscard]] InputError error(std::string_view name) const noexcept {
    for (const auto& entry : errors_.entries()) {
      if (std::string_view(entry.pointer).substr(entry.pointer.empty() ? 0 : 1) == name) return entry.error;
    }
    return InputError::none;
  }
  /// The text that was typed into the field, to be shown again (escaped, by `html`). Empty for a secret.
  [[nodiscard]] std::string typed(std::string_view name) const {
    return detail::typed_text(pairs_, Schema::info, name);
  }

 private:
  friend struct detail::Admit;
  using Schema = detail::Schema<T>;
  TryForm(Maybe<T> value, detail::FieldErrors errors, std::string_view pairs)
      : value_(std::move(value)), errors_(std::move(errors)), pairs_(pairs) {}

  Maybe<T> value_;
  detail::FieldErrors errors_;
  std::string pairs_;  // a copy: the body is gone after the request, and a form that is shown again is rare
};

/// Says of a `Query` that parameters which its struct does not name are passed over, whatever the handler answers.
struct ignore_unknown {};

namespace detail {
/// Of a `Query` that says nothing: the answer decides.
struct UnknownByAnswer {};
template <class Rule>
concept UnknownRule = std::same_as<Rule, UnknownByAnswer> || std::same_as<Rule, ignore_unknown>;
}  // namespace detail

/// The query of the address, checked like `Body`: a repeated parameter is an error. One that `T` does not name is an error too where the
/// handler answers with data. A page passes it over, because links are shared with `utm_source`, `gclid` or `fbclid` behind them; so does a
/// handler that returns a `Response`, when a page is asked for. `Query<T, sp::ignore_unknown>` passes it over always.
template <class T, detail::UnknownRule Unknown = detail::UnknownByAnswer>
class Query final : public detail::Checked<T> {
  friend struct detail::Admit;
  using detail::Checked<T>::Checked;
};

/// The path parameter `:Name`, read as a `T` (`Path<"id", Id<Note>>`). A value that is no `T` answers 404.
template <detail::FixedString Name, class T>
class Path final : public detail::Checked<T> {
  friend struct detail::Admit;
  using detail::Checked<T>::Checked;
};

/// What the application shares between its handlers, given with `app.provide<T>(…)`. All event loops use the same object at the same time,
/// so it is read only: `State<const Prices>`, or what one at a time changes: `State<Locked<Visits>>`, `State<std::atomic<int>>`. A type of
/// yours that guards itself (const functions with a lock of its own inside) is read only from here: `State<const Cache>`.
template <class T>
class State {
 public:
  T& operator*() const noexcept { return *value_; }
  T* operator->() const noexcept { return value_; }

 private:
  friend struct detail::Admit;
  explicit State(T& value) : value_(&value) {}
  T* value_;
};

}  // namespace sallyport
