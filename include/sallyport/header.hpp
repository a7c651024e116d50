// Header<"X-Tenant", T>: a field of the request, read as a type.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/password_places.hpp>
#include <sallyport/detail/request_fields.hpp>
#include <sallyport/extract.hpp>
#include <sallyport/fixed_string.hpp>

#include <string_view>

namespace sallyport {

/// A field of the request, read as a `T` like a member of a struct: `Header<"X-Tenant", sp::Line<1, 40>>`. Missing, malformed or given
/// twice it is answered 400, with the field's name and never its value; with `Maybe<T>` it may be missing. Names are compared without
/// regard to case. Fields that the library reads itself have a word of their own, which the compiler names (HDR-005).
template <detail::FixedString Name, class T>
class Header final : public detail::Checked<T> {
  friend struct detail::Admit;
  using detail::Checked<T>::Checked;
};

namespace detail {

/// Reads the one field called `name`; `out` is the slot of `type`. False: the answer is 400.
bool read_field(Exchange& exchange, std::string_view name, const TypeInfo& type, void* out);

template <FixedString Name, class T>
struct Argument<Header<Name, T>> : ArgumentDefaults {
  static constexpr RequestFieldOwner owner = request_field_owner(Name.view());
  static_assert(owner != RequestFieldOwner::not_a_name,
                "HDR-006: a field name is letters, digits, '-' and '_', 64 at most: sp::Header<\"X-Tenant\", T>");
  static_assert(owner != RequestFieldOwner::cookies,
                "HDR-005: cookies are read by sp::Cookie<\"name\", T>, and the session by sp::SignedIn");
  static_assert(owner != RequestFieldOwner::caller,
                "HDR-005: who calls is sp::SignedIn or sp::Maybe<sp::SignedIn>: credentials in a field of your own are "
                "not limited, counted or logged");
  static_assert(owner != RequestFieldOwner::client,
                "HDR-005: this field may be anybody's: what is known of the client, its address behind trusted proxies "
                "and its user agent, is sp::Client");
  static_assert(owner != RequestFieldOwner::origin,
                "HDR-005: where a request comes from is judged before the handler: allow other origins by "
                "sp::cors<\"https://…\">");
  static_assert(owner != RequestFieldOwner::body,
                "HDR-005: the body and its type are taken as sp::Body<T>, sp::Form<T> or sp::BodyStream<limit>");
  static_assert(owner != RequestFieldOwner::caching,
                "HDR-005: caching and ranges are negotiated by the library: of files by app.files and sp::Folder");
  static_assert(owner != RequestFieldOwner::token, "HDR-005: CSRF tokens are checked before the handler");
  static_assert(owner != RequestFieldOwner::events, "HDR-005: where an event stream went off is sp::LastEventId");
  static_assert(owner != RequestFieldOwner::transport,
                "HDR-005: this field is between one machine and the next (or lets a client rewrite the request): no "
                "handler may go by it");
  static_assert(reads_one_value<T>,
                "HDR-006: a field is one value: sp::Line, sp::Int, bool, an enum class, sp::Id<T> "
                "or sp::Maybe of one");
  static_assert(!holds_any<IsCode, T>() && count_of<Password, T>() + count_of<NewPassword, T>() == 0,
                "SEC-008: a password or a one-time code stands in a body, sp::Body<T> or sp::Form<T>, where its "
                "attempts are counted");
  static_assert(!looks_secret<T>(Name.view()),
                "SEC-009: a field that is called like a secret has a secret's type, your own with `using is_secret = "
                "void;`, which nothing logs, shows or compares by chance");
  // Anybody writes what a field says; a secret says who wrote it.
  static constexpr bool tells_callers_apart = HoldsSecret<T>;
  static constexpr bool reads_head = true;
  using Slot = typename Schema<T>::Slot;
  static void describe(HandlerFacts& facts) { facts.add_field("header", Name.view(), Schema<T>::info); }
  static bool fill(Exchange& exchange, Slot& slot) { return read_field(exchange, Name.view(), Schema<T>::info, &slot); }
  static Header<Name, T> pass(Exchange&, Slot& slot) { return Admit::make<Header<Name, T>>(slot.take()); }
};

}  // namespace detail

}  // namespace sallyport
