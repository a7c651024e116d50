// Session<T>: typed data of one visitor's session, signed in or not.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/kept_json.hpp>
#include <sallyport/detail/type_name.hpp>
#include <sallyport/task.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport {

namespace detail {

/// What is kept under `name` in the request's session.
[[nodiscard]] Task<Maybe<std::string>> read_session(HeldRequest request, std::string_view name);
/// Changes it within one transaction, and begins a session where there is none: see identity/session_data.hpp.
Task<void> change_session(HeldRequest request, std::string_view name, void (*change)(void* object, std::string& text),
                          void* object);

}  // namespace detail

/// A struct of your own that belongs to this visitor's session: of who has signed in, or of a visitor who has not. `Session<Cart>` in
/// handlers that change it, `Session<const Cart>` in those that read, as of GET.
///
///     sp::Task<sp::NoContent> add(sp::Body<NewItem> in, sp::Session<Cart> cart) {
///       co_await cart.change([&](Cart& all) { static_cast<void>(all.items.add(in->item)); });
///       co_return {};
///     }
///     sp::Task<sp::Page> show(sp::Session<const Cart> cart) {
///       const Cart all = co_await cart.get();
///
/// It lies in the database; the browser holds the session's cookie, which it gets when something is kept first. Two requests never lose each
/// other's change. At sign-in a visitor's data goes on in the new session, under its new id; it ends with the session, at sign-out, or when
/// the visitor has not come for `sessions.idle_minutes`. 8 KiB of JSON at most (413). Data that is no `T` any more, since the program has
/// changed, is as if there were none.
template <class T>
class Session final {
  using Value = std::remove_const_t<T>;
  static_assert(detail::check_kept<Value>());
  static_assert(std::default_initializable<Value>,
                "KEEP-003: what a session begins with is T{}: give each member a default, sp::Maybe<…> or sp::List<…>");

 public:
  /// What is kept, `T{}` where nothing is. Costs nothing before it is asked for.
  [[nodiscard]] Task<Value> get() const { return get_of(request_); }

  /// Calls `change(value)` with what is kept, and keeps what it leaves; answers that. It runs within one transaction, on the database's thread
  /// as the function of `db.transaction` does: it waits for nothing. What it throws leaves all as it was.
  template <class F>
  Task<Value> change(F change)
    requires(!std::is_const_v<T>)
  {
    static_assert(std::invocable<F&, Value&>,
                  "KEEP-004: the function of change takes what is kept by reference: [&](Cart& cart) { … }");
    static_assert(
        !std::invocable<F&, Value&> || std::is_void_v<std::invoke_result_t<F&, Value&>>,
        "KEEP-004: the function of change answers nothing and is no coroutine: what it leaves in its argument "
        "is kept");
    return change_of(request_, std::move(change));
  }

  /// Nothing is kept any more.
  Task<void> clear()
    requires(!std::is_const_v<T>)
  {
    return detail::change_session(
        request_, detail::type_name<Value>, [](void*, std::string& text) { text.clear(); }, nullptr);
  }

 private:
  friend struct detail::Admit;
  explicit Session(detail::TaskContext& request) noexcept : request_(request) {}

  static Task<Value> get_of(detail::HeldRequest request) {
    Maybe<std::string> text = co_await detail::read_session(request, detail::type_name<Value>);
    if (!text) co_return Value{};
    co_return detail::read_kept<Value>(*std::move(text)).value_or(Value{});
  }
  template <class F>
  struct Change {
    F change;
    Value value{};
    static void run(void* object, std::string& text) {
      auto& self = *static_cast<Change*>(object);
      self.value = text.empty() ? Value{} : detail::read_kept<Value>(std::move(text)).value_or(Value{});
      self.change(self.value);
      text.clear();
      detail::write_kept(text, self.value);
    }
  };
  template <class F>
  static Task<Value> change_of(detail::HeldRequest request, F change) {
    Change<F> both{std::move(change)};
    co_await detail::change_session(request, detail::type_name<Value>, &Change<F>::run, std::addressof(both));
    co_return std::move(both.value);
  }

  detail::HeldRequest request_;
};

namespace detail {

template <class T>
struct Argument<sallyport::Session<T>> : ArgumentDefaults {
  static constexpr bool changes_state = !std::is_const_v<T>;
  static constexpr bool tells_callers_apart = true;
  static constexpr bool sets_cookies = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.database = &sqlite_driver;
    facts.add_field("session", type_name<std::remove_const_t<T>>, Schema<std::remove_const_t<T>>::info);
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static sallyport::Session<T> pass(Exchange& exchange, Slot&) {
    return Admit::make<sallyport::Session<T>>(request_of(exchange));
  }
};

}  // namespace detail

}  // namespace sallyport
