// One specialisation of `Argument` for each parameter type of handlers: what it says of the handler, and how it is filled.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/body_stream.hpp>
#include <sallyport/csrf.hpp>
#include <sallyport/db.hpp>
#include <sallyport/detail/drivers.hpp>
#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/detail/password_places.hpp>
#include <sallyport/extract.hpp>
#include <sallyport/folder.hpp>
#include <sallyport/log.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/one_time_code.hpp>
#include <sallyport/owned.hpp>
#include <sallyport/people.hpp>
#include <sallyport/proof.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/task.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace sallyport::detail {

/// `Slot` holds the parameter between reading and calling.
struct ArgumentDefaults {
  static constexpr bool known = true;
  static constexpr bool waits = false;        // filled by `load`, a Task, instead of `fill`
  static constexpr bool needs_input = false;  // loaded when the inputs have been read: `load` is given them
  static constexpr bool is_body = false;
  static constexpr bool is_stream = false;  // a body that the handler reads itself
  static constexpr bool changes_state = false;
  static constexpr bool writes_files = false;
  static constexpr bool needs_who = false;            // only where the policy identifies the caller
  static constexpr bool needs_attempts = false;       // only where the route limits attempts
  static constexpr bool needs_limit = false;          // only where the route limits calls or attempts
  static constexpr bool needs_role = false;           // only where the policy is a role
  static constexpr bool needs_account_limit = false;  // only where the route limits calls per account
  static constexpr bool tells_callers_apart = false;  // says who calls or what is asked for: what a policy looks at
  static constexpr bool sets_cookies = false;         // not where every origin may read the answer
  static constexpr bool reads_head = false;           // another request for the same address may be answered otherwise
  static constexpr bool may_judge = true;             // a policy may take it
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
  static_assert(check_input<T>() && one_password<T>());
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
  static_assert(check_flat_input<T>() && one_password<T>());
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
  static_assert(check_flat_input<T>() && one_password<T>());
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
    Maybe<T> value;
    if (slot.read) value = slot.take();
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
  static BodyStream<Limit> pass(Exchange& exchange, Slot&) {
    return Admit::make<BodyStream<Limit>>(request_of(exchange));
  }
};

template <class T, class Unknown>
struct Argument<Query<T, Unknown>> : ArgumentDefaults {
  static constexpr bool tells_callers_apart = true;
  static_assert(check_flat_input<T>() && no_password<T>());
  using Slot = typename Schema<T>::Slot;
  static void describe(HandlerFacts& facts) {
    facts.reads_query = true;
    facts.query = &Schema<T>::info;
  }
  static bool fill(Exchange& exchange, Slot& slot) {
    return read_query(exchange, Schema<T>::info, &slot, std::same_as<Unknown, ignore_unknown>);
  }
  static Query<T, Unknown> pass(Exchange&, Slot& slot) { return Admit::make<Query<T, Unknown>>(slot.take()); }
};

template <FixedString Name, class T>
struct Argument<Path<Name, T>> : ArgumentDefaults {
  static constexpr bool tells_callers_apart = true;
  static_assert(check_path_input<Name, T>() && no_password<T>());
  using Slot = typename Schema<T>::Slot;
  static void describe(HandlerFacts& facts) { facts.add_parameter(Name.view(), Schema<T>::info); }
  static bool fill(Exchange& exchange, Slot& slot) {
    return read_parameter(exchange, Name.view(), Schema<T>::info, &slot);
  }
  static Path<Name, T> pass(Exchange&, Slot& slot) { return Admit::make<Path<Name, T>>(slot.take()); }
};

template <>
struct Argument<SignedIn> : ArgumentDefaults {
  static constexpr bool tells_callers_apart = true;
  static constexpr bool needs_who = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.use_session(); }
  static bool fill(Exchange&, Slot&) { return true; }
  static SignedIn pass(Exchange& exchange, Slot&) { return Admit::signed_in(principal_of(exchange)); }
};

template <>
struct Argument<Maybe<SignedIn>> : ArgumentDefaults {
  static constexpr bool tells_callers_apart = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.use_session(); }
  static bool fill(Exchange&, Slot&) { return true; }
  static Maybe<SignedIn> pass(Exchange& exchange, Slot&) {
    if (!principal_of(exchange)) return std::nullopt;
    return Admit::signed_in(principal_of(exchange));
  }
};

template <class T>
struct Argument<Owned<T>> : ArgumentDefaults {
  static constexpr bool tells_callers_apart = true;
  static constexpr bool waits = true;
  static constexpr bool needs_who = true;
  using Slot = Maybe<T>;
  static void describe(HandlerFacts& facts) {
    static_assert(is_somebodys<T>(),
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
                                                       Admit::signed_in(principal_of(exchange)).id);
    if (!slot) answer_not_found(exchange);
    co_return slot.has_value();
  }
  static Owned<T> pass(Exchange&, Slot& slot) { return Admit::make<Owned<T>>(std::move(*slot)); }
};

// The slot of a member of an input.
template <auto Member, std::size_t I = 0>
consteval std::size_t index_of_member() {
  if constexpr (field_names<OwnerOf<Member>>[I] == member_name<Member>) {
    return I;
  } else {
    return index_of_member<Member, I + 1>();
  }
}

template <class T, auto Member>
struct Argument<Owned<T, Member>> : ArgumentDefaults {
  static constexpr bool waits = true;
  static constexpr bool needs_input = true;
  static constexpr bool needs_who = true;
  using Input = OwnerOf<Member>;
  using Slot = Maybe<T>;
  static void describe(HandlerFacts& facts) {
    static_assert(is_somebodys<T>(),
                  "AUTHZ-006: say where T is stored and who owns it: "
                  "template <> struct sallyport::entity<T> : sallyport::table<\"name\", &T::id, &T::owner> {};");
    facts.use_session();
  }
  // What is missing and what is somebody else's answer alike.
  static Task<bool> load(Exchange& exchange, Slot& slot, const typename Schema<Input>::Slot& input) {
    constexpr std::size_t index = index_of_member<Member>();
    const auto& member = static_cast<const FieldSlot<index, FieldType<Input, index>>&>(input).slot;
    std::optional<Id<T>> id;
    if constexpr (Owned<T, Member>::is_optional) {
      if (!member.present) co_return true;
      id = member.inner.value;
    } else {
      id = member.value;
    }
    slot =
        co_await reader(exchange).template maybe<T>(owned_select<T>, *id, Admit::signed_in(principal_of(exchange)).id);
    if (!slot) answer_not_owned(exchange, member_name<Member>);
    co_return slot.has_value();
  }
  static Owned<T, Member> pass(Exchange&, Slot& slot) { return Admit::make<Owned<T, Member>>(std::move(slot)); }
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
struct Argument<SignInAttempt> : ArgumentDefaults {
  static constexpr bool changes_state = true;
  static constexpr bool needs_attempts = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.begins_session = true;
    facts.use_accounts();
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static SignInAttempt pass(Exchange& exchange, Slot&) { return Admit::make<SignInAttempt>(request_of(exchange)); }
};

template <>
struct Argument<SignUpAttempt> : ArgumentDefaults {
  static constexpr bool changes_state = true;
  static constexpr bool needs_attempts = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.begins_session = facts.signs_up = true;
    facts.use_accounts();
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static SignUpAttempt pass(Exchange& exchange, Slot&) { return Admit::make<SignUpAttempt>(request_of(exchange)); }
};

template <>
struct Argument<CodeAttempt> : ArgumentDefaults {
  static constexpr bool changes_state = true;
  static constexpr bool needs_attempts = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.checks_code = true; }
  static bool fill(Exchange&, Slot&) { return true; }
  static CodeAttempt pass(Exchange& exchange, Slot&) { return Admit::make<CodeAttempt>(request_of(exchange)); }
};

template <>
struct Argument<Codes> : ArgumentDefaults {
  static constexpr bool needs_limit = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.makes_code = true; }
  static bool fill(Exchange&, Slot&) { return true; }
  static Codes pass(Exchange& exchange, Slot&) { return Admit::make<Codes>(request_of(exchange)); }
};

template <>
struct Argument<People> : ArgumentDefaults {
  static constexpr bool needs_who = true;
  static constexpr bool needs_account_limit = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.finds_people = true;
    facts.use_session();
  }
  static bool fill(Exchange&, Slot&) { return true; }
  static People pass(Exchange& exchange, Slot&) { return Admit::make<People>(request_of(exchange)); }
};

struct AdminArgument : ArgumentDefaults {
  static constexpr bool needs_role = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) {
    facts.administers = true;
    facts.database = &sqlite_driver;
  }
  static bool fill(Exchange&, Slot&) { return true; }
};
template <>
struct Argument<AccountsAdmin&> : AdminArgument {
  static constexpr bool changes_state = true;
  static AccountsAdmin& pass(Exchange& exchange, Slot&) { return accounts_admin_of(exchange); }
};
template <>
struct Argument<const AccountsAdmin&> : AdminArgument {
  static const AccountsAdmin& pass(Exchange& exchange, Slot&) { return accounts_admin_of(exchange); }
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
  static CurrentSession pass(Exchange&, Slot&) { return Admit::make<CurrentSession>(); }
};

template <>
struct Argument<CsrfToken> : ArgumentDefaults {
  static constexpr bool may_judge = false;
  static constexpr bool sets_cookies = true;
  using Slot = EmptySlot;
  static bool fill(Exchange&, Slot&) { return true; }
  static CsrfToken pass(Exchange& exchange, Slot&) { return Admit::make<CsrfToken>(csrf_token_of(exchange)); }
};

template <>
struct Argument<Log&> : ArgumentDefaults {
  using Slot = EmptySlot;
  static bool fill(Exchange&, Slot&) { return true; }
  static Log& pass(Exchange& exchange, Slot&) { return log_of(exchange); }
};

template <class T>
struct Argument<State<T>> : ArgumentDefaults {
  using Slot = EmptySlot;
  using Value = std::remove_const_t<T>;
  static void describe(HandlerFacts& facts) { facts.add_state(&state_key<Value>); }
  static bool fill(Exchange&, Slot&) { return true; }
  static State<T> pass(Exchange& exchange, Slot&) {
    return Admit::make<State<T>>(*static_cast<Value*>(state_of(exchange, &state_key<Value>)));
  }
};

template <FixedString Name>
struct Argument<const Folder<Name>&> : ArgumentDefaults {
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.add_state(&state_key<Folder<Name>>); }
  static bool fill(Exchange&, Slot&) { return true; }
  static Folder<Name>& pass(Exchange& exchange, Slot&) {
    return *static_cast<Folder<Name>*>(state_of(exchange, &state_key<Folder<Name>>));
  }
};
template <FixedString Name>
struct Argument<Folder<Name>&> : Argument<const Folder<Name>&> {
  static constexpr bool writes_files = true;
};

}  // namespace sallyport::detail
