// Signed<Scheme, T>: the body of a webhook, whose signature was checked over its bytes before anything read them.
#pragma once

#include <sallyport/detail/held_request.hpp>
#include <sallyport/extract.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/policy.hpp>
#include <sallyport/schema.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport {

/// How a sender writes the 32 bytes of its HMAC-SHA-256.
enum class SignatureEncoding : unsigned char { hex, base64 };

/// What the field of the signature holds.
enum class SignatureForm : unsigned char {
  one,     ///< one signature, `sha256=…`
  spaced,  ///< several with spaces between them, `v1,… v1,…`: while a sender changes its secret
  pairs,   ///< pairs with commas between them, `t=…,v1=…,v1=…`: `prefix` and `timestamp` are names of pairs
};

/// How the deliveries of a sender are signed. A scheme of your own is a struct with one:
///
///     struct ShopWebhook {
///       static constexpr sp::WebhookScheme scheme{.secret = "shop_webhook",  // the file, as app.secret<"shop_webhook">() finds it
///                                                 .signature = "X-Shop-Hmac-SHA256",
///                                                 .encoding = sp::SignatureEncoding::base64};
///     };
struct WebhookScheme {
  /// The name of the file with the secret (see `App::secret`). Each line of it is a secret; all of them are good, so that a new one can be
  /// added before the sender uses it. Where it can't be read, or one has fewer than 16 bytes, the start is refused (CFG-006).
  std::string_view secret;
  std::string_view signature;  ///< the field with the signature
  std::string_view prefix{};   ///< in front of it: "sha256="
  SignatureEncoding encoding = SignatureEncoding::hex;
  SignatureForm form = SignatureForm::one;
  /// What is signed: `{body}`, and `{timestamp}` and `{id}` where the fields below are signed.
  std::string_view signs = "{body}";
  std::string_view
      timestamp{};        ///< the field with the time of sending, in seconds since 1970; a scheme that has one signs it
  std::string_view id{};  ///< the field with the delivery's id
  std::string_view event{};             ///< the field with the kind of event; no scheme signs it
  bool secret_in_base64 = false;        ///< what `whsec_` stands in front of
  std::chrono::seconds tolerance{300};  ///< how much older or newer than now the time of sending may be
};

/// GitHub, and Gitea, Forgejo and others that sign like it: `using Pushes = sp::GithubWebhook<"github_webhook">;`. There is no time in it,
/// so a delivery is remembered for a day, by its id and by what was signed.
template <detail::FixedString Secret>
struct GithubWebhook {
  static constexpr WebhookScheme scheme{.secret = Secret.view(),
                                        .signature = "X-Hub-Signature-256",
                                        .prefix = "sha256=",
                                        .id = "X-GitHub-Delivery",
                                        .event = "X-GitHub-Event"};
};

/// Stripe. The secret is used as it is, `whsec_` included.
template <detail::FixedString Secret>
struct StripeWebhook {
  static constexpr WebhookScheme scheme{.secret = Secret.view(),
                                        .signature = "Stripe-Signature",
                                        .prefix = "v1",
                                        .form = SignatureForm::pairs,
                                        .signs = "{timestamp}.{body}",
                                        .timestamp = "t"};
};

/// Slack: its events are JSON, its commands are forms (`Signed<SlackWebhook<"slack">, sp::Form<Command>>`).
template <detail::FixedString Secret>
struct SlackWebhook {
  static constexpr WebhookScheme scheme{.secret = Secret.view(),
                                        .signature = "X-Slack-Signature",
                                        .prefix = "v0=",
                                        .signs = "v0:{timestamp}:{body}",
                                        .timestamp = "X-Slack-Request-Timestamp"};
};

/// The form of standardwebhooks.com, which Svix, Clerk, Resend, OpenAI and others send. The secret is base64 behind `whsec_`.
template <detail::FixedString Secret>
struct StandardWebhook {
  static constexpr WebhookScheme scheme{.secret = Secret.view(),
                                        .signature = "webhook-signature",
                                        .prefix = "v1,",
                                        .encoding = SignatureEncoding::base64,
                                        .form = SignatureForm::spaced,
                                        .signs = "{id}.{timestamp}.{body}",
                                        .timestamp = "webhook-timestamp",
                                        .id = "webhook-id",
                                        .secret_in_base64 = true};
};

namespace detail {

consteval bool is_field_name(std::string_view name) {
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '-' && c != '_') return false;
  }
  return !name.empty() && name.size() <= 64;
}
consteval bool is_webhook_secret(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return !name.empty() && name.size() <= 64;
}
consteval std::size_t times_in(std::string_view text, std::string_view part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++times;
  return times;
}
consteval bool names_its_fields(const WebhookScheme& scheme) {
  const bool pairs = scheme.form == SignatureForm::pairs;
  return is_webhook_secret(scheme.secret) && is_field_name(scheme.signature) && scheme.prefix.size() <= 32 &&
         !(pairs && scheme.prefix.empty()) && (scheme.timestamp.empty() || is_field_name(scheme.timestamp)) &&
         (scheme.id.empty() || is_field_name(scheme.id)) && (scheme.event.empty() || is_field_name(scheme.event)) &&
         scheme.tolerance >= std::chrono::seconds(1) && scheme.tolerance <= std::chrono::hours(1);
}
consteval bool signs_what_it_names(const WebhookScheme& scheme) {
  return times_in(scheme.signs, "{body}") == 1 &&
         times_in(scheme.signs, "{timestamp}") == (scheme.timestamp.empty() ? 0U : 1U) &&
         times_in(scheme.signs, "{id}") <= (scheme.id.empty() ? 0U : 1U) &&
         times_in(scheme.signs, "{") == times_in(scheme.signs, "{body}") + times_in(scheme.signs, "{timestamp}") +
                                            times_in(scheme.signs, "{id}") &&
         scheme.signs.size() <= 128;
}

template <class Scheme>
concept HasScheme = requires {
  { Scheme::scheme } -> std::same_as<const WebhookScheme&>;
};

/// A scheme that can be used.
template <class Scheme>
consteval const WebhookScheme* checked_scheme() {
  static_assert(
      HasScheme<Scheme>,
      "HOOK-003: a scheme is GithubWebhook<\"secret\">, StripeWebhook<…>, SlackWebhook<…>, StandardWebhook<…>, or "
      "a struct with static constexpr sp::WebhookScheme scheme{.secret = \"name\", .signature = \"X-Field\"};");
  if constexpr (HasScheme<Scheme>) {
    static_assert(names_its_fields(Scheme::scheme),
                  "HOOK-003: a scheme names the file of its secret (lower case letters, digits and '_', as for "
                  "app.secret), the field of the signature, and the other fields by their names; its tolerance is an "
                  "hour at most");
    static_assert(signs_what_it_names(Scheme::scheme),
                  "HOOK-004: what is signed holds {body} once, and {timestamp} where the scheme has one: a time that "
                  "is not signed proves nothing; besides them only {id}");
    return &Scheme::scheme;
  } else {
    return nullptr;
  }
}

/// What every `Signed` does; compiled once.
class Delivery {
 public:
  /// What the sender calls this delivery; empty where the scheme has no id. A sender that has had no answer sends it again under this id:
  /// keep it beside what it changes.
  [[nodiscard]] std::string id() const;
  /// The kind of event by the field that the scheme names (`X-GitHub-Event`); empty where it names none. It is not signed.
  [[nodiscard]] std::string event() const;
  /// A copy of the bytes that were signed.
  [[nodiscard]] std::string text() const;
  /// The body as another struct, for senders that send several kinds to one address: `hook.as<Push>()`, `hook.as<sp::Form<Command>>()`.
  /// What is no `T` is answered 400.
  template <class T>
  [[nodiscard]] auto as() const;

 protected:
  explicit Delivery(TaskContext& request) noexcept : request_(request) {}
  /// Throws a `Problem` where the body does not fit.
  void read(const TypeInfo& type, void* slot, bool form) const;

 private:
  HeldRequest request_;
};

/// What a body is read as: a struct from JSON, or from a form.
template <class T>
struct SignedContent {
  using Type = T;
  static constexpr bool form = false;
};
template <class T>
struct SignedContent<Form<T>> {
  using Type = T;
  static constexpr bool form = true;
};

template <class T>
auto Delivery::as() const {
  using Value = typename SignedContent<T>::Type;
  if constexpr (SignedContent<T>::form) {
    static_assert(check_flat_input<Value>());
  } else {
    static_assert(check_input<Value>());
  }
  typename Schema<Value>::Slot slot{};
  read(Schema<Value>::info, &slot, SignedContent<T>::form);
  return Value(slot.take());
}

}  // namespace detail

/// The body of a webhook. Its signature was checked in constant time over the bytes as they came, before anything read them; so was the time
/// of sending, and that it has not been taken before:
///
///     using Pushes = sp::GithubWebhook<"github_webhook">;  // the secret is in the file that app.secret<"github_webhook">() would read
///     struct Push { sp::Text<1, 255> ref; };
///
///     sp::Task<sp::NoContent> deploy(sp::Signed<Pushes, Push> push, sp::Db& db) { … push->ref … }
///     app.post("/hooks/github", sp::signed_by<Pushes>, deploy);
///
/// `T` names the members that the handler needs; the others are passed over, because senders add some. A body that is no `T` is answered 400.
/// `Signed<Scheme>` alone takes any body: `text()`, `as<T>()`.
template <class Scheme, class T = void>
class Signed final : public detail::Delivery {
 public:
  using Value = typename detail::SignedContent<T>::Type;
  const Value& operator*() const noexcept { return value_; }
  const Value* operator->() const noexcept { return &value_; }

 private:
  friend struct detail::Admit;
  Signed(detail::TaskContext& request, Value value) : Delivery(request), value_(std::move(value)) {}
  Value value_;
};
template <class Scheme>
class Signed<Scheme, void> final : public detail::Delivery {
  friend struct detail::Admit;
  explicit Signed(detail::TaskContext& request) noexcept : Delivery(request) {}
};

/// The policy of a webhook: callers whose body is signed under a secret that both know. No account and no session has to do with it, and no page
/// of a browser can send such a request, so the route needs no proof against cross-site requests. Without a signature, with a wrong one or an
/// old one: 401; one that can't be read: 400; a delivery that was taken already: 409. When the answer is an error, the sender may send it again.
template <class Scheme>
struct SignedByPolicy {
  using Webhook = Scheme;
  static constexpr bool knows_who = false;
  [[nodiscard]] detail::PolicyFacts facts() const {
    static_cast<void>(detail::checked_scheme<Scheme>());
    return {.kind = detail::PolicyFacts::Kind::signed_by};
  }
};
template <class Scheme>
inline constexpr SignedByPolicy<Scheme> signed_by{};

namespace detail {

template <class Scheme>
inline constexpr bool is_policy<SignedByPolicy<Scheme>> = true;

template <class A>
struct WebhookOf {
  using Type = void;
};
template <class Scheme, class T>
struct WebhookOf<Signed<Scheme, T>> {
  using Type = Scheme;
};

// Whether what the policy checks is what the handler takes.
template <class Policy, class... A>
consteval bool webhook_policy_matches() {
  if constexpr (requires { typename Policy::Webhook; }) {
    return (std::is_same_v<typename WebhookOf<A>::Type, typename Policy::Webhook> || ...);
  } else {
    return (std::is_void_v<typename WebhookOf<A>::Type> && ...);
  }
}

}  // namespace detail

}  // namespace sallyport
