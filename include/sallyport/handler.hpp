// Turns a handler's signature into a function that the kernel can call. Every parameter is one of a closed list, checked
// while compiling.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/body_stream.hpp>
#include <sallyport/csrf.hpp>
#include <sallyport/db.hpp>
#include <sallyport/detail/answer_facts.hpp>
#include <sallyport/detail/build_record.hpp>
#include <sallyport/detail/drivers.hpp>
#include <sallyport/extract.hpp>
#include <sallyport/json.hpp>
#include <sallyport/owned.hpp>
#include <sallyport/policy.hpp>
#include <sallyport/response.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/stream.hpp>
#include <sallyport/task.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

using gate::Exchange;

// --- What the kernel does for the templates below; compiled once (src/route/parameters.cpp, src/route/answers.cpp).
// `false` means that the answer is a refusal.

bool read_body(Exchange& exchange, const TypeInfo& type, void* out);
[[nodiscard]] std::string_view form_body(const Exchange& exchange) noexcept;
bool read_query(Exchange& exchange, const TypeInfo& type, void* out);
bool read_parameter(Exchange& exchange, std::string_view name, const TypeInfo& type, void* out);
Db& writer(Exchange& exchange);
const Db& reader(Exchange& exchange);
[[nodiscard]] Accounts accounts_of(Exchange& exchange);
void* state_of(Exchange& exchange, const void* key);
/// A token for a form of this answer; visitors get a cookie that it is bound to.
[[nodiscard]] std::string csrf_token_of(Exchange& exchange);
/// Counts the attempt before the password is verified; an invalid form (no account) is not counted. False when the account or the source has none
/// left.
[[nodiscard]] Task<bool> begin_attempt(Exchange& exchange, std::string account);

/// A generator whose pieces are the body.
void answer_pieces(Exchange& exchange, Pieces pieces, std::string_view media_type, bool events);
void answer(Exchange& exchange, Response&& response);
void answer_empty(Exchange& exchange, int status);
void answer_not_found(Exchange& exchange);
/// The body that a JSON answer with `status` is appended to.
std::string& answer_json(Exchange& exchange, int status);

/// Awaited: goes on when `Exchange::body` is whole.
class WholeBody {
 public:
  explicit WholeBody(Exchange& exchange) noexcept : exchange_(exchange) {}
  [[nodiscard]] bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<> waiter) const noexcept;
  void await_resume() const noexcept {}

 private:
  Exchange& exchange_;
};

struct Principal;
const Principal* principal_of(const Exchange& exchange) noexcept;

/// Makes the types whose constructors are private: a handler that has one knows that the kernel admitted the request.
struct Admit {
  template <class To, class... From>
  static To make(From&&... from) {
    return To(std::forward<From>(from)...);
  }
  static SignedIn signed_in(const Principal& principal);
};

// --- Facts of a signature

struct HandlerFacts {
  bool reads_json = false;
  bool reads_form = false;
  bool reads_query = false;
  bool writes = false;                       ///< takes `Db&`
  const DatabaseDriver* database = nullptr;  ///< of a handler that needs one
  const AccountsDriver* accounts = nullptr;  ///< of a handler that verifies or sets passwords
  bool begins_session = false;               ///< takes `SignInAttempt`: its route can set a session (login CSRF)
  bool ends_session = false;
  bool wants_principal = false;  ///< takes `SignedIn` or `std::optional<SignedIn>`
  const TypeInfo* body = nullptr;
  std::size_t body_pieces = 0;  ///< the limit of `BodyStream`, in bytes
  bool asks_for_body = false;   ///< runs before the body is there, and asks for it
  const TypeInfo* query = nullptr;
  const AnswerFacts* answer = nullptr;
  std::string_view owned;                            ///< the entity of `Owned<T>`
  std::array<std::string_view, 4> parameters{};      ///< names of the path parameters it takes
  std::array<const TypeInfo*, 4> parameter_types{};  ///< and what they are
  std::size_t parameter_count = 0;
  std::array<const void*, 4> states{};  ///< keys of the `State<T>` it takes
  std::size_t state_count = 0;

  void use_session() {
    wants_principal = true;
    database = &sqlite_driver;
  }
  void use_accounts() {
    database = &sqlite_driver;
    accounts = &accounts_driver;
  }
  [[nodiscard]] bool takes_body() const noexcept { return body != nullptr || body_pieces != 0; }
  void add_parameter(std::string_view name, const TypeInfo& type) {
    if (parameter_count == parameters.size()) return;
    parameter_types[parameter_count] = &type;
    parameters[parameter_count++] = name;
  }
};

/// One address per type: the key of `State<T>`.
template <class T>
inline constexpr char state_key = 0;

// --- One specialisation per parameter type. `Slot` holds it between reading and calling.

struct ArgumentDefaults {
  static constexpr bool known = true;
  static constexpr bool waits = false;  // filled by `load`, a Task, instead of `fill`
  static constexpr bool is_body = false;
  static constexpr bool is_stream = false;  // a body that the handler reads itself
  static constexpr bool changes_state = false;
  static constexpr bool needs_who = false;       // only where the policy identifies the caller
  static constexpr bool needs_attempts = false;  // only where the route limits attempts
  static void describe(HandlerFacts&) {}
};
struct EmptySlot {};

template <class A>
struct Argument {
  static constexpr bool known = false;
};

template <class T>
struct Argument<Body<T>> : ArgumentDefaults {
  static constexpr bool is_body = true;
  static_assert(check_input<T>());
  using Slot = typename Schema<T>::Slot;
  static void describe(HandlerFacts& facts) {
    facts.reads_json = true;
    facts.body = &Schema<T>::info;
  }
  static bool fill(Exchange& exchange, Slot& slot) { return read_body(exchange, Schema<T>::info, &slot); }
  static Body<T> pass(Exchange&, Slot& slot) { return Admit::make<Body<T>>(slot.take()); }
};

template <class T>
struct Argument<Form<T>> : ArgumentDefaults {
  static constexpr bool is_body = true;
  static_assert(check_flat_input<T>());
  using Slot = typename Schema<T>::Slot;
  static void describe(HandlerFacts& facts) {
    facts.reads_form = true;
    facts.body = &Schema<T>::info;
  }
  static bool fill(Exchange& exchange, Slot& slot) { return read_body(exchange, Schema<T>::info, &slot); }
  static Form<T> pass(Exchange&, Slot& slot) { return Admit::make<Form<T>>(slot.take()); }
};

template <class T>
struct Argument<TryForm<T>> : ArgumentDefaults {
  static constexpr bool is_body = true;
  static_assert(check_flat_input<T>());
  struct Slot : Schema<T>::Slot {
    FieldErrors errors;
    bool read = false;
  };
  static void describe(HandlerFacts& facts) {
    facts.reads_form = true;
    facts.body = &Schema<T>::info;
  }
  static bool fill(Exchange& exchange, Slot& slot) {
    slot.read =
        read_form(form_body(exchange), Schema<T>::info, static_cast<typename Schema<T>::Slot*>(&slot), slot.errors);
    return true;
  }
  static TryForm<T> pass(Exchange& exchange, Slot& slot) {
    std::optional<T> value;
    if (slot.read) value.emplace(slot.take());
    return Admit::make<TryForm<T>>(std::move(value), std::move(slot.errors), form_body(exchange));
  }
};

template <std::size_t Limit>
struct Argument<BodyStream<Limit>> : ArgumentDefaults {
  static constexpr bool is_body = true;
  static constexpr bool is_stream = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.body_pieces = Limit;
    facts.asks_for_body = true;
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static BodyStream<Limit> pass(Exchange& exchange, Slot&) { return Admit::make<BodyStream<Limit>>(exchange); }
};

template <class T>
struct Argument<Query<T>> : ArgumentDefaults {
  static_assert(check_flat_input<T>());
  using Slot = typename Schema<T>::Slot;
  static void describe(HandlerFacts& facts) {
    facts.reads_query = true;
    facts.query = &Schema<T>::info;
  }
  static bool fill(Exchange& exchange, Slot& slot) { return read_query(exchange, Schema<T>::info, &slot); }
  static Query<T> pass(Exchange&, Slot& slot) { return Admit::make<Query<T>>(slot.take()); }
};

template <FixedString Name, class T>
struct Argument<Path<Name, T>> : ArgumentDefaults {
  static_assert(check_scalar_input<T>());
  using Slot = typename Schema<T>::Slot;
  static void describe(HandlerFacts& facts) { facts.add_parameter(Name.view(), Schema<T>::info); }
  static bool fill(Exchange& exchange, Slot& slot) {
    return read_parameter(exchange, Name.view(), Schema<T>::info, &slot);
  }
  static Path<Name, T> pass(Exchange&, Slot& slot) { return Admit::make<Path<Name, T>>(slot.take()); }
};

template <>
struct Argument<SignedIn> : ArgumentDefaults {
  static constexpr bool needs_who = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.use_session(); }
  static bool fill(Exchange&, Slot&) { return true; }
  static SignedIn pass(Exchange& exchange, Slot&) { return Admit::signed_in(*principal_of(exchange)); }
};

template <>
struct Argument<std::optional<SignedIn>> : ArgumentDefaults {
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.use_session(); }
  static bool fill(Exchange&, Slot&) { return true; }
  static std::optional<SignedIn> pass(Exchange& exchange, Slot&) {
    const Principal* principal = principal_of(exchange);
    if (!principal) return std::nullopt;
    return Admit::signed_in(*principal);
  }
};

template <class T>
struct Argument<Owned<T>> : ArgumentDefaults {
  static constexpr bool waits = true;
  static constexpr bool needs_who = true;
  using Slot = std::optional<T>;
  static void describe(HandlerFacts& facts) {
    static_assert(Stored<T>,
                  "AUTHZ-006: say where T is stored and who owns it: "
                  "template <> struct sallyport::entity<T> : sallyport::table<\"name\", &T::id, &T::owner> {};");
    facts.add_parameter("id", Schema<Id<T>>::info);
    facts.owned = type_name<T>;
    facts.use_session();
  }
  static Task<bool> load(Exchange& exchange, Slot& slot) {
    typename Schema<Id<T>>::Slot id;
    if (!read_parameter(exchange, "id", Schema<Id<T>>::info, &id)) co_return false;
    slot = co_await reader(exchange).template maybe<T>(owned_select<T>, id.take(),
                                                       Admit::signed_in(*principal_of(exchange)).id);
    if (!slot) answer_not_found(exchange);
    co_return slot.has_value();
  }
  static Owned<T> pass(Exchange&, Slot& slot) { return Admit::make<Owned<T>>(std::move(*slot)); }
};

template <>
struct Argument<Db&> : ArgumentDefaults {
  static constexpr bool changes_state = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.writes = true;
    facts.database = &sqlite_driver;
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static Db& pass(Exchange& exchange, Slot&) { return writer(exchange); }
};

template <>
struct Argument<const Db&> : ArgumentDefaults {
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.database = &sqlite_driver; }
  static bool fill(Exchange&, Slot&) { return true; }
  static const Db& pass(Exchange& exchange, Slot&) { return reader(exchange); }
};

template <>
struct Argument<Accounts&> : ArgumentDefaults {
  static constexpr bool changes_state = true;
  static constexpr bool needs_attempts = true;
  using Slot = std::optional<Accounts>;  // for this request
  static void describe(HandlerFacts& facts) { facts.use_accounts(); }
  static bool fill(Exchange&, Slot&) { return true; }
  static Accounts& pass(Exchange& exchange, Slot& slot) { return slot.emplace(accounts_of(exchange)); }
};

template <>
struct Argument<SignInAttempt> : ArgumentDefaults {
  static constexpr bool changes_state = true;
  static constexpr bool needs_attempts = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.begins_session = true;
    facts.use_accounts();
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static SignInAttempt pass(Exchange& exchange, Slot&) { return Admit::make<SignInAttempt>(exchange); }
};

template <>
struct Argument<CurrentSession> : ArgumentDefaults {
  static constexpr bool changes_state = true;
  static constexpr bool needs_who = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.ends_session = true;
    facts.use_session();
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static CurrentSession pass(Exchange& exchange, Slot&) { return Admit::make<CurrentSession>(exchange); }
};

template <>
struct Argument<CsrfToken> : ArgumentDefaults {
  using Slot = EmptySlot;
  static bool fill(Exchange&, Slot&) { return true; }
  static CsrfToken pass(Exchange& exchange, Slot&) { return Admit::make<CsrfToken>(csrf_token_of(exchange)); }
};

template <class T>
struct Argument<State<T>> : ArgumentDefaults {
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    if (facts.state_count < facts.states.size()) facts.states[facts.state_count++] = &state_key<T>;
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static State<T> pass(Exchange& exchange, Slot&) {
    return Admit::make<State<T>>(*static_cast<T*>(state_of(exchange, &state_key<T>)));
  }
};

// --- Answers

template <class T>
struct Unwrapped {
  using type = T;
  static constexpr int status = 200;
};
template <class T>
struct Unwrapped<Ok<T>> {
  using type = T;
  static constexpr int status = 200;
};
template <class T>
struct Unwrapped<Created<T>> {
  using type = T;
  static constexpr int status = 201;
};

// Whether a value has a view is asked where it is written (OUT-001), with a better message.
template <class R>
concept Answer = std::is_class_v<typename Unwrapped<R>::type> &&
                 !std::is_convertible_v<typename Unwrapped<R>::type, std::string_view>;

template <class R>
void put_answer(Exchange& exchange, R result) {
  using Value = R;
  if constexpr (StreamAnswer<Value>) {
    answer_pieces(exchange, result.take(), Value::media_type, Value::events);
  } else if constexpr (std::same_as<Value, Response>) {
    answer(exchange, std::move(result));
  } else if constexpr (std::same_as<Value, Page> || std::same_as<Value, Problem>) {
    answer(exchange, Response(std::move(result)));
  } else if constexpr (std::same_as<Value, NoContent>) {
    answer_empty(exchange, 204);
  } else if constexpr (std::same_as<Value, typename Unwrapped<Value>::type>) {
    to_json(answer_json(exchange, 200), result);
  } else {
    to_json(answer_json(exchange, Unwrapped<Value>::status), result.value);
  }
}

// --- Calling

template <class T>
struct IsTask : std::false_type {
  using Value = T;
};
template <class T>
struct IsTask<Task<T>> : std::true_type {
  using Value = T;
};

/// A handler as the kernel calls it: a function (either `now` or `later` is set) and the facts of its signature.
struct ErasedHandler {
  void (*function)() = nullptr;
  void (*now)(Exchange&, void (*)()) = nullptr;
  Task<void> (*later)(Exchange&, void (*)()) = nullptr;
  HandlerFacts facts;
};

template <class T, std::size_t I = 0>
consteval std::size_t email_field() {
  if constexpr (I == field_count<T>) {
    return I;
  } else if constexpr (std::same_as<FieldType<T, I>, Email>) {
    return I;
  } else {
    return email_field<T, I + 1>();
  }
}
template <class A>
struct NamesAccount : std::false_type {};
template <class T>
struct NamesAccount<Body<T>> : std::bool_constant<(email_field<T>() < field_count<T>)> {};
template <class T>
struct NamesAccount<Form<T>> : NamesAccount<Body<T>> {};
template <class T>
struct NamesAccount<TryForm<T>> : NamesAccount<Body<T>> {};

template <class A>
struct Input;
template <class T>
struct Input<Body<T>> {
  using Type = T;
};
template <class T>
struct Input<Form<T>> : Input<Body<T>> {};
template <class T>
struct Input<TryForm<T>> : Input<Body<T>> {};

template <class T, std::size_t... I>
consteval std::size_t emails_in(std::index_sequence<I...>) {
  return (std::size_t{0} + ... + (std::same_as<FieldType<T, I>, Email> ? 1 : 0));
}
template <class A>
consteval std::size_t email_count() {
  if constexpr (requires { typename Input<A>::Type; }) {
    return emails_in<typename Input<A>::Type>(std::make_index_sequence<field_count<typename Input<A>::Type>>{});
  } else {
    return 0;
  }
}

template <class A, class Slot>
void account_from([[maybe_unused]] const Slot& slot, [[maybe_unused]] std::string& account) {
  if constexpr (NamesAccount<A>::value) {
    // An invalid form has no password to verify, so nothing is counted.
    if constexpr (requires { slot.read; }) {
      if (!slot.read) return;
    }
    const auto& email = static_cast<const FieldSlot<email_field<typename Input<A>::Type>(), Email>&>(slot).slot.value;
    if (email) account = email->key();
  }
}

template <class R, class... A>
struct Caller {
  using Slots = std::tuple<typename Argument<A>::Slot...>;
  using Function = R (*)(A...);

  static void now(Exchange& exchange, void (*function)()) {
    Slots slots;
    if (!fill(exchange, slots, std::index_sequence_for<A...>{})) return;
    put_answer(exchange, call(exchange, function, slots, std::index_sequence_for<A...>{}));
  }

  // First the object, which proves that the caller owns it, then the body: the body of another caller is not read.
  static constexpr bool loads = (Argument<A>::waits || ...);
  static constexpr bool loads_before_body = loads && ((Argument<A>::is_body && !Argument<A>::is_stream) || ...);

  static Task<void> later(Exchange& exchange, void (*function)()) {
    Slots slots;
    if constexpr (loads_before_body) {
      const bool loaded = co_await load<0>(exchange, slots);
      if (!loaded) co_return;
      co_await WholeBody(exchange);
    }
    if (!fill(exchange, slots, std::index_sequence_for<A...>{})) co_return;
    if constexpr ((Argument<A>::needs_attempts || ...)) {
      std::string account;
      name_account(slots, account, std::index_sequence_for<A...>{});
      const bool admitted = co_await begin_attempt(exchange, std::move(account));
      if (!admitted) co_return;
    }
    if constexpr (loads && !loads_before_body) {
      const bool loaded = co_await load<0>(exchange, slots);
      if (!loaded) co_return;
    }
    if constexpr (IsTask<R>::value) {
      auto result = co_await call(exchange, function, slots, std::index_sequence_for<A...>{});
      put_answer(exchange, std::move(result));
    } else {
      put_answer(exchange, call(exchange, function, slots, std::index_sequence_for<A...>{}));
    }
  }

 private:
  template <std::size_t... I>
  static bool fill([[maybe_unused]] Exchange& exchange, [[maybe_unused]] Slots& slots, std::index_sequence<I...>) {
    return (fill_one<A>(exchange, std::get<I>(slots)) && ...);
  }
  template <class One>
  static bool fill_one([[maybe_unused]] Exchange& exchange, [[maybe_unused]] typename Argument<One>::Slot& slot) {
    if constexpr (Argument<One>::waits) {
      return true;
    } else {
      return Argument<One>::fill(exchange, slot);
    }
  }
  template <std::size_t I>
  static Task<bool> load(Exchange& exchange, Slots& slots) {
    if constexpr (I == sizeof...(A)) {
      co_return true;
    } else {
      using One = std::tuple_element_t<I, std::tuple<A...>>;
      if constexpr (Argument<One>::waits) {
        const bool loaded = co_await Argument<One>::load(exchange, std::get<I>(slots));
        if (!loaded) co_return false;
      }
      const bool rest = co_await load<I + 1>(exchange, slots);
      co_return rest;
    }
  }
  template <std::size_t... I>
  static void name_account(const Slots& slots, std::string& account, std::index_sequence<I...>) {
    (account_from<A>(std::get<I>(slots), account), ...);
  }
  template <std::size_t... I>
  static R call([[maybe_unused]] Exchange& exchange, void (*function)(), [[maybe_unused]] Slots& slots,
                std::index_sequence<I...>) {
    return reinterpret_cast<Function>(function)(Argument<A>::pass(exchange, std::get<I>(slots))...);
  }
};

// --- Checking a signature against its route

template <class H>
concept CapturesNothing = std::is_pointer_v<H> || (std::is_class_v<H> && std::is_empty_v<H>);

template <class H>
concept HasOneSignature = std::is_pointer_v<H> || requires { &H::operator(); };

/// Parameter number `Number` of a handler, of type `Type`. Its text is printed when the type is not one of the list.
template <std::size_t Number, class Type>
struct Parameter {
  static constexpr bool known = Argument<Type>::known;
  static_assert(
      known,
      "HANDLER-001: a handler can't take this parameter. It takes Body<T>, Form<T>, TryForm<T>, BodyStream<limit>, "
      "Query<T>, "
      "Path<\"name\", T>, "
      "SignedIn, std::optional<SignedIn>, Owned<T>, Db& or const Db&, Accounts&, SignInAttempt, CurrentSession, "
      "CsrfToken, State<T>; all but Db and Accounts by value");
};

/// What a route promises; checked against what its handler takes.
struct RouteShape {
  bool safe_method;
  bool knows_who;
  bool limits_attempts;
  bool any_origin;  ///< `cors_any` stands on it
};

template <class A>
inline constexpr std::size_t names_parameter = 0;
template <FixedString Name, class T>
inline constexpr std::size_t names_parameter<Path<Name, T>> = 1;
template <class T>
inline constexpr std::size_t names_parameter<Owned<T>> = 1;
template <class A>
inline constexpr std::size_t takes_state = 0;
template <class T>
inline constexpr std::size_t takes_state<State<T>> = 1;

template <class A>
inline constexpr bool takes_owned = false;
template <class T>
inline constexpr bool takes_owned<Owned<T>> = true;

// `Path<"id", Id<Note>>` where a Note has an owner: the id alone proves nothing.
template <class A>
inline constexpr bool names_owned_object = false;
template <FixedString Name, Stored T>
inline constexpr bool names_owned_object<Path<Name, Id<T>>> = true;

template <class Signature>
struct SignatureCheck;

template <class R, class... A>
struct SignatureCheck<R (*)(A...)> {
  using Value = typename IsTask<R>::Value;

  template <std::size_t... I>
  static consteval bool parameters_known(std::index_sequence<I...>) {
    return (Parameter<I + 1, A>::known && ...);
  }

  template <RouteShape Shape, class Policy>
  static consteval bool check() {
    if constexpr (!parameters_known(std::index_sequence_for<A...>{})) {
      return false;
    } else {
      static_assert(
          !Shape.safe_method || !(std::same_as<A, Db&> || ...),
          "DATA-001: a GET handler may not write: take const Db&, or register the route with post, put, patch or del");
      static_assert(!Shape.safe_method || !((Argument<A>::changes_state && !std::same_as<A, Db&>) || ...),
                    "DATA-004: a GET handler may not change accounts or sessions: register the route with post");
      static_assert(!Shape.safe_method || !(Argument<A>::is_body || ...),
                    "BODY-001: a GET request has no body: take Query<T>, or register the route with post");
      static_assert((std::size_t{0} + ... + (Argument<A>::is_body ? 1 : 0)) <= 1,
                    "BODY-002: a request has one body: take one Body<T> or one Form<T>");
      static_assert(
          Shape.knows_who || !(Argument<A>::needs_who || ...),
          "AUTHZ-003: this handler needs to know who calls: give the route sp::signed_in (or role, owner), or take "
          "std::optional<SignedIn>");
      static_assert(Shape.limits_attempts || !(Argument<A>::needs_attempts || ...),
                    "LIMIT-001: a route that can verify a password says how often it may fail: add "
                    "sp::attempts{.max = 5, .per = 15min} before the handler");
      static_assert(!Shape.limits_attempts || (Argument<A>::needs_attempts || ...),
                    "LIMIT-003: attempts counts failures of Accounts& or SignInAttempt: this handler takes neither");
      static_assert(!Shape.limits_attempts || (NamesAccount<A>::value || ...),
                    "LIMIT-002: attempts are counted per account: the handler's Body<T> or Form<T> needs a member of "
                    "type sp::Email");
      static_assert((std::size_t{0} + ... + names_parameter<A>) <= 4 && (std::size_t{0} + ... + takes_state<A>) <= 4,
                    "HANDLER-006: a handler takes four path parameters and four State<T> at most: put what belongs "
                    "together into one struct");
      static_assert(owner_policy_matches<Policy>(),
                    "AUTHZ-004: sp::owner<T> and Owned<T> go together: the route's policy and the handler's parameter "
                    "must name the same T");
      static_assert(
          !std::same_as<Policy, SignedInPolicy> || !(names_owned_object<A> || ...),
          "AUTHZ-007: this object has an owner, and being signed in does not prove to be that: give the route "
          "sp::owner<T> and take Owned<T>");
      static_assert(
          !Shape.limits_attempts || (std::size_t{0} + ... + email_count<A>()) <= 1,
          "LIMIT-004: attempts are counted for the one Email of the input: two of them would leave one uncounted");
      static_assert(
          !Shape.any_origin ||
              (std::same_as<Policy, anyone> &&
               !((Argument<A>::needs_who || std::same_as<A, SignInAttempt> || std::same_as<A, CsrfToken>) || ...)),
          "CORS-004: what every origin may read is for everybody: cors_any goes with sp::anyone and a "
          "handler that neither "
          "begins nor ends a session; name the origins with cors<…>");
      static_assert(
          Answer<Value>,
          "HANDLER-002: a handler returns a value with a view<T> (or Ok, Created, a vector of such), Response, Page, "
          "Problem, NoContent, or a Task of one of these; Stream or EventStream");
      static_assert(!(Argument<A>::is_stream || ...) || IsTask<R>::value || StreamAnswer<R>,
                    "HANDLER-007: a BodyStream is awaited: the handler returns a Task, a Stream or an EventStream");
      return true;
    }
  }

  template <class Policy>
  static consteval bool owner_policy_matches() {
    if constexpr (requires { typename Policy::Entity; }) {
      return (std::same_as<A, Owned<typename Policy::Entity>> || ...);
    } else {
      return !(takes_owned<A> || ...);
    }
  }
  static ErasedHandler erase(R (*function)(A...)) {
    ErasedHandler handler;
    handler.function = reinterpret_cast<void (*)()>(function);
    // Session changes are written to the database after the handler: that is a wait, too.
    constexpr bool waits =
        IsTask<R>::value || StreamAnswer<R> || ((Argument<A>::waits || Argument<A>::changes_state) || ...);
    if constexpr (waits) {
      handler.later = &Caller<R, A...>::later;
    } else {
      handler.now = &Caller<R, A...>::now;
    }
    (Argument<A>::describe(handler.facts), ...);
    handler.facts.answer = &answer_facts<Value>;
    if constexpr (waits) {
      if (Caller<R, A...>::loads_before_body) handler.facts.asks_for_body = true;
    }
    return handler;
  }
};
template <class R, class... A>
struct SignatureCheck<R (*)(A...) noexcept> : SignatureCheck<R (*)(A...)> {};

}  // namespace sallyport::detail
