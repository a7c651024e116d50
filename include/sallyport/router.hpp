// Router: routes with Express path syntax, each with its policy, its limits and its handler.
#pragma once

#include <sallyport/cache.hpp>
#include <sallyport/cors.hpp>
#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/route_faults.hpp>
#include <sallyport/handler.hpp>
#include <sallyport/header_options.hpp>
#include <sallyport/limit.hpp>
#include <sallyport/same_for_everyone.hpp>
#include <sallyport/shared.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport {

/// A path as Express writes it, checked while compiling: `/notes`, `/notes/:id` (one segment), `/files/*rest` (all that follows). No
/// regular expressions; case and a trailing slash matter.
class RoutePath {
 public:
  template <std::size_t N>
  consteval RoutePath(const char (&path)[N], const char* file = __builtin_FILE(), unsigned line = __builtin_LINE())
      : text_(path), file_(file), line_(line) {
    check(text_.view());
  }
  template <detail::NotALiteral<RoutePath> Argument>
  __attribute__((
      unavailable("LIT-001: the path of a route is a \"/literal\": what varies is a parameter in it, \"/notes/:id\"")))
  RoutePath(Argument&&);  // NOLINT
  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_.view(); }
  /// Where it is written: what the log names when a handler makes a mistake.
  [[nodiscard]] constexpr const char* file() const noexcept { return file_; }
  [[nodiscard]] constexpr unsigned line() const noexcept { return line_; }

 private:
  static consteval void check(std::string_view path) {
    if (path.empty() || path[0] != '/') throw "ROUTE-001: a path starts with '/'";
    if (path.size() > 1024) throw "ROUTE-002: a path has 1024 characters at most";
    for (std::size_t begin = 1; begin <= path.size();) {
      std::size_t end = path.find('/', begin);
      if (end == path.npos) end = path.size();
      check_segment(path.substr(begin, end - begin), end == path.size(), path.size() == 1);
      begin = end + 1;
    }
  }
  static consteval void check_segment(std::string_view segment, bool last, bool root) {
    if (segment.empty()) {
      if (!root) throw "ROUTE-003: no empty segment: a path has no '//' and does not end with '/'";
      return;
    }
    if (segment == "." || segment == "..") throw "ROUTE-004: no '.' or '..' segment";
    const bool named = segment[0] == ':' || segment[0] == '*';
    if (segment[0] == '*' && !last) throw "ROUTE-005: '*rest' comes last";
    if (named && segment.size() == 1) throw "ROUTE-006: name the parameter: '/:id', '/*rest'";
    for (std::size_t i = named ? 1 : 0; i < segment.size(); ++i) {
      const char c = segment[i];
      const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
      if (named && !word) throw "ROUTE-007: a parameter is a whole segment, its name letters, digits and '_'";
      if (!named && !word && c != '-' && c != '.' && c != '~') {
        throw "ROUTE-008: a fixed segment is letters, digits, '-', '.', '_' and '~': no patterns, no percent-encoding";
      }
    }
  }
  detail::LiteralText text_;
  const char* file_;
  unsigned line_;
};

/// The methods a route can be registered for. HEAD and OPTIONS are answered by the router itself.
enum class RouteMethod : std::uint8_t { get, post, put, patch, del };

/// The kinds of file that `asset` serves.
enum class AssetType : std::uint8_t { css, javascript, svg, png, ico, woff2, text };

namespace detail {

/// The options of routes besides their policy: set on a route, a router or the app; the nearest applies.
struct RouteOptions {
  HeaderOptions headers;
  const CorsFacts* cors = nullptr;
  std::vector<LimitFacts> limits;       ///< of the route and of the routers above it
  std::uint32_t max_concurrent = 0;     ///< 0: any number
  std::uint64_t max_stream = 0;         ///< bytes; 0: `limits.stream_bytes`
  std::vector<SharedFacts> shared;      ///< whose ids others may name, and why
  std::vector<std::string_view> gives;  ///< roles that `AccountsAdmin::set_role` may give
  std::optional<CacheFacts> cache;      ///< of a route alone
  std::vector<PolicyFacts> policies;    ///< of the routers above it, which admit the caller before its own does

  /// What is not chosen here is taken from `outer`.
  void inherit(const RouteOptions& outer);

  template <class Option>
  void take(const Option& option) {
    if constexpr (requires { typename Option::is_header_option; }) {
      option.apply(headers);
    } else if constexpr (requires { typename Option::is_cors_option; }) {
      cors = &option.facts();
    } else if constexpr (SharedOption<Option>) {
      shared.push_back(option.facts());
    } else if constexpr (requires { typename Option::is_gives_option; }) {
      for (const LiteralText& role : option.roles()) gives.push_back(role.view());
    } else if constexpr (is_limit<Option>) {
      limits.push_back(option.facts());
    } else if constexpr (is_cache_option<Option>) {
      cache = option.facts();
    } else if constexpr (std::same_as<Option, sallyport::max_stream>) {
      max_stream = option.bytes();
    } else {
      static_assert(std::same_as<Option, sallyport::max_concurrent>);
      max_concurrent = option.max();
    }
  }
};

/// A registered route, before the table is built.
struct RouteEntry {
  RouteMethod method = RouteMethod::get;
  std::string path;
  const char* file = "";  ///< where it was registered
  unsigned line = 0;
  PolicyFacts policy{};
  bool limits_attempts = false;
  attempts limit{};
  RouteOptions options;
  ErasedHandler handler;
};

struct FolderEntry {
  std::string path;
  PolicyFacts policy{};
  std::string folder;
  RouteOptions options;
};

struct AssetEntry {
  std::string path;
  AssetType type;
  std::shared_ptr<const std::string> bytes;
  RouteOptions options;
};

template <class... T>
inline constexpr bool always_false = false;

template <class Option>
inline constexpr bool is_same_for_everyone = std::same_as<Option, same_for_everyone>;

template <class Option, class... Options>
inline constexpr std::size_t times_named = (std::size_t{0} + ... + (std::same_as<Option, Options> ? 1 : 0));
/// Each option may be given once: of two, one would silently have no effect. Limits have names, so there may be
/// several.
template <class... Options>
inline constexpr bool each_once = ((is_limit<Options> || times_named<Options, Options...> == 1) && ...);

/// Options that files and assets can't have.
template <class Policy, class... Options>
consteval void check_file_options() {
  static_assert(!(std::same_as<Options, attempts> || ...),
                "ROUTE-009: files verify no passwords: attempts belong to a route with a handler");
  static_assert(!(is_cache_option<Options> || ...),
                "CACHE-003: files have tags of their own, and names with a hash in them are kept for a year: cache "
                "belongs to a GET "
                "route with a handler");
  static_assert(!(SharedOption<Options> || ...),
                "ROUTE-009: files take no ids: shared<T> belongs to a route with a handler");
  static_assert(!((std::same_as<Options, max_concurrent> || std::same_as<Options, max_stream>) || ...),
                "LIMIT-010: files have no handler that runs: max_concurrent and max_stream belong to a route with one");
  static_assert(
      Policy::knows_who || !(std::same_as<Options, limit<LimitedBy::account>> || ...),
      "LIMIT-007: a limit per account needs to know who calls: give the files sp::signed_in or sp::role, or count "
      "clients");
  static_assert(each_once<Options...>, "ROUTE-011: an option stands twice: one of them would do nothing");
}

/// Checks that `policy, option…, handler`, which `route_fault` has let pass, belong together.
template <bool SafeMethod, class Policy, class... Rest>
consteval bool check_route() {
  using Handler = std::tuple_element_t<sizeof...(Rest) - 1, std::tuple<Rest...>>;
  static_assert((std::size_t{0} + ... + (is_limit<Rest> ? 1 : 0)) <= 4, "LIMIT-009: a route has four limits at most");
  static_assert(each_once<Rest...>, "ROUTE-011: an option stands twice: one of them would do nothing");
  static_assert((std::size_t{0} + ... + (is_cors_option<Rest> ? 1 : 0)) <= 1,
                "CORS-005: one CORS option per route: name all origins in one sp::cors<…>");
  static_assert(Policy::knows_who || !(std::same_as<Rest, limit<LimitedBy::account>> || ...),
                "LIMIT-007: a limit per account needs to know who calls: give the route sp::signed_in (or role, "
                "owner), or count clients");
  static_assert(
      (std::size_t{0} + ... + (is_cache_option<Rest> ? 1 : 0)) <= 1,
      "CACHE-003: one of them: sp::cache{…} lets everybody keep the answer, sp::cache_private{…} the caller's browser");
  static_assert(SafeMethod || !(is_cache_option<Rest> || ...),
                "CACHE-003: only what GET answers is kept: leave cache out, or register the route with get");
  using Signature = SignatureCheck<decltype(+std::declval<Handler>())>;
  static_assert(!(is_cache_option<Rest> || ...) || !StreamAnswer<typename Signature::Value>,
                "CACHE-003: a stream has no tag and is not kept: answer with a value, a Page or Bytes");
  static_assert(
      !(is_public_cache<Rest> || ...) || (std::same_as<Policy, anyone> && Signature::same_for_everybody),
      "CACHE-002: everybody is sent what a public cache keeps: sp::cache goes with sp::anyone and a handler that takes "
      "neither "
      "SignedIn, Maybe<SignedIn>, CsrfToken nor an attempt. For one caller's browser write sp::cache_private{…}");
  static_assert(!(std::same_as<Rest, max_stream> || ...) || EndingStream<typename Signature::Value>,
                "LIMIT-013: max_stream bounds a Stream: this handler returns none");
  return Signature::template check<route_shape<SafeMethod, Policy, Rest...>, Policy>();
}

/// Whether a router may have it: it narrows what its routes admit.
template <class Policy>
consteval bool check_router_policy() {
  static_assert(is_policy<Policy>,
                "AUTHZ-020: the policy of a router is sp::signed_in, sp::role(\"name\"), sp::when<f>, sp::any_of(…) or "
                "sp::all_of(…)");
  if constexpr (is_policy<Policy>) {
    static_assert(
        !std::same_as<Policy, anyone> && !requires { typename Policy::Entity; },
        "AUTHZ-020: the policy of a router narrows what its routes admit, and no route's own widens it: "
        "sp::anyone would do nothing, and sp::owner<T> belongs to the route whose handler takes Owned<T>");
    static_assert(policy_fault<Policy>() == RouteFault::none,
                  "AUTHZ-020: this policy can't be asked: put it on a route, to be told why");
  }
  return true;
}

}  // namespace detail

/// A set of routes that can be mounted below a prefix of another router.
class Router {
 public:
  Router() = default;
  /// All routes, files and assets of this router are for whom `policy` admits, and of these for whom the route's own admits:
  /// `sp::Router admin{sp::role("admin")};`
  template <class Policy>
    requires(detail::check_router_policy<Policy>())
  explicit Router(Policy policy) {
    options_.policies.push_back(policy.facts());
  }

  // path, policy, options…, handler
  template <class... Rest>
    requires(detail::route_fault<true, Rest...> == detail::RouteFault::none)
  Router& get(RoutePath path, Rest... rest) {  // HANDLER-010: name one function, not several (remove, listen)
    return add<RouteMethod::get>(path, rest...);
  }
  template <class... Rest>
    requires(detail::route_fault<false, Rest...> == detail::RouteFault::none)
  Router& post(RoutePath path, Rest... rest) {  // HANDLER-010: name one function, not several (remove, listen)
    return add<RouteMethod::post>(path, rest...);
  }
  template <class... Rest>
    requires(detail::route_fault<false, Rest...> == detail::RouteFault::none)
  Router& put(RoutePath path, Rest... rest) {  // HANDLER-010: name one function, not several (remove, listen)
    return add<RouteMethod::put>(path, rest...);
  }
  template <class... Rest>
    requires(detail::route_fault<false, Rest...> == detail::RouteFault::none)
  Router& patch(RoutePath path, Rest... rest) {  // HANDLER-010: name one function, not several (remove, listen)
    return add<RouteMethod::patch>(path, rest...);
  }
  /// DELETE (`delete` is a keyword of C++).
  template <class... Rest>
    requires(detail::route_fault<false, Rest...> == detail::RouteFault::none)
  Router& del(RoutePath path, Rest... rest) {  // HANDLER-010: name one function, not several (remove, listen)
    return add<RouteMethod::del>(path, rest...);
  }

// Overloads that say what is wrong: they are chosen by the fault, and can't be called.
#define SALLYPORT_REFUSED(VERB, SAFE, FAULT, ADVICE)                          \
  template <class... Rest>                                                    \
    requires(detail::route_fault<SAFE, Rest...> == detail::RouteFault::FAULT) \
  __attribute__((unavailable(ADVICE))) Router& VERB(RoutePath path, Rest... rest);
#define SALLYPORT_FAULT(FAULT, ADVICE)           \
  SALLYPORT_REFUSED(get, true, FAULT, ADVICE)    \
  SALLYPORT_REFUSED(post, false, FAULT, ADVICE)  \
  SALLYPORT_REFUSED(put, false, FAULT, ADVICE)   \
  SALLYPORT_REFUSED(patch, false, FAULT, ADVICE) \
  SALLYPORT_REFUSED(del, false, FAULT, ADVICE)
  SALLYPORT_FAULT(
      authz_001,
      "AUTHZ-001: say who may call this route: put sp::anyone(\"why\"), sp::signed_in, sp::role(\"name\") or "
      "sp::owner<T> directly behind the path")
  SALLYPORT_FAULT(authz_003,
                  "AUTHZ-003: this handler needs to know who calls: give the route sp::signed_in (or role, owner), or "
                  "take sp::Maybe<sp::SignedIn>")
  SALLYPORT_FAULT(admin_001,
                  "ADMIN-001: AccountsAdmin changes every account: it is for routes with sp::role(\"…\"). A user's own "
                  "account is changed by CurrentSession; names are read from the view sallyport_people")
  SALLYPORT_FAULT(authz_004,
                  "AUTHZ-004: sp::owner<T> and Owned<T> go together: the route's policy and the handler's parameter "
                  "must name the same T")
  SALLYPORT_FAULT(authz_007,
                  "AUTHZ-007: this id names what has an owner, and knowing it proves nothing: sp::owner<T> with "
                  "Owned<T>; Owned<T, &Input::member>; sp::shared<T>(\"why\") behind the policy; or sp::role")
  SALLYPORT_FAULT(authz_009,
                  "AUTHZ-009: whether what this id names has an owner is not known here: include the header that "
                  "defines it")
  SALLYPORT_FAULT(authz_010,
                  "AUTHZ-010: what this id names can't be seen: take Path<\"id\", sp::Id<T>>, or say "
                  "sp::shared<T>(\"why\") behind the policy")
  SALLYPORT_FAULT(
      authz_013,
      "AUTHZ-013: a client would give itself a right (role, is_admin, permissions …): leave this member out, "
      "put the route under sp::role(…), or say why it is none: "
      "template <> struct sp::client_may_set<T> : sp::because<\"why\", &T::field> {};")
  SALLYPORT_FAULT(
      authz_014,
      "AUTHZ-014: a client would say what it pays (price, total, discount …): take it from a table, put the route "
      "under sp::role(…), or say why a client may: "
      "template <> struct sp::client_may_set<T> : sp::because<\"why\", &T::field> {};")
  SALLYPORT_FAULT(authz_016,
                  "AUTHZ-016: sp::when<f> names a function, not noexcept and no template, that takes a handler's "
                  "parameters and returns bool or sp::Task<bool>")
  SALLYPORT_FAULT(
      authz_017,
      "AUTHZ-017: a policy reads, before the body has come, and changes nothing: it takes SignedIn, "
      "Maybe<SignedIn>, Path, Query, Header, SealedCookie, Session<const T>, Owned<T>, const Db&, State, "
      "const Folder<\"name\">&, Log&, or parameters of your own that take these. Client and Cookie are what "
      "anybody writes")
  SALLYPORT_FAULT(authz_018,
                  "AUTHZ-018: this policy looks at nothing that tells one caller from another: take SignedIn, or Path "
                  "or Query (a field or a cookie is what anybody writes); for a route that is open to all write "
                  "sp::anyone(\"why\")")
  SALLYPORT_FAULT(authz_019,
                  "AUTHZ-019: any_of and all_of put two policies or more together, and .hidden() stands behind the "
                  "whole: any_of takes neither sp::anyone, which would admit everybody, nor sp::owner<T>, whose "
                  "handler takes Owned<T>; all_of takes one sp::owner<T> at most")
  SALLYPORT_FAULT(body_001, "BODY-001: a GET request has no body: take Query<T>, or register the route with post")
  SALLYPORT_FAULT(body_002, "BODY-002: a request has one body: take one Body<T>, Form<T> or Signed<…>")
  SALLYPORT_FAULT(hook_001,
                  "HOOK-001: sp::signed_by<Scheme> and Signed<Scheme, T> go together: the route's policy and the "
                  "handler's parameter must name the same scheme")
  SALLYPORT_FAULT(hook_002,
                  "HOOK-002: a webhook comes from a service, not from a browser: with Signed there is no session, "
                  "attempt, code or CsrfToken; what its sender may do stands in the body that it has signed")
  SALLYPORT_FAULT(data_001,
                  "DATA-001: a GET handler may not write: take const Db&, or register the route with post, put, "
                  "patch or del")
  SALLYPORT_FAULT(
      data_004,
      "DATA-004: a GET handler may not change accounts or sessions: register the route with post; data of a "
      "session is read as sp::Session<const T>")
  SALLYPORT_FAULT(
      data_005,
      "DATA-005: a GET handler may not write files: take const sp::Folder<\"name\">&, or register the route "
      "with post, put, patch or del")
  SALLYPORT_FAULT(handler_001, SALLYPORT_HANDLER_001)
  SALLYPORT_FAULT(handler_002,
                  "HANDLER-002: a handler returns a value with a view<T> (or Ok, Created, a vector of such), "
                  "Response, Page, Problem, NoContent, or a Task of one of these; Stream or EventStream")
  SALLYPORT_FAULT(handler_003,
                  "HANDLER-003: a handler is a function or a lambda without captures, []: what it needs arrives as "
                  "typed parameters (State<T> for what the application shares)")
  SALLYPORT_FAULT(handler_004,
                  "HANDLER-004: a handler has one signature: no auto parameters and no overloads, its parameter types "
                  "are its review")
  SALLYPORT_FAULT(handler_005, "HANDLER-005: a route ends with its handler")
  SALLYPORT_FAULT(
      handler_013,
      "HANDLER-013: a parameter of your own, T, has one static function from(…), not noexcept and no template, that "
      "takes "
      "a handler's parameters and returns a T, an sp::Maybe<T>, an sp::OrProblem<T> or an sp::Task of one of these")
  SALLYPORT_FAULT(handler_014,
                  "HANDLER-014: this parameter of your own needs itself, by way of what its from(…) takes: let one of "
                  "them take what the other is made of")
  SALLYPORT_FAULT(handler_015,
                  "HANDLER-015: a request has one query: the handler, its policy and their own parameters take one and "
                  "the same Query<T>")
  SALLYPORT_FAULT(limit_001,
                  "LIMIT-001: a route that can verify a password or a code says how often it may fail: add "
                  "sp::attempts{.max = 5, .per = 15min} before the handler")
  SALLYPORT_FAULT(limit_014,
                  "LIMIT-014: a route that makes codes says how often, or anybody has them sent to anybody: add "
                  "sp::limit{\"codes\", 5, 15min} before the handler")
  SALLYPORT_FAULT(limit_015,
                  "LIMIT-015: a route with sp::People tells who has an account: give it a limit per account before the "
                  "handler, sp::limit{\"invite\", 30, 1h}.per_account()")
  SALLYPORT_FAULT(out_001,
                  "OUT-001: the answer's type has no view: say which fields a client may see: "
                  "template <> struct sp::view<T> { using show = fields<&T::a>; using hidden = fields<&T::b>; };")
  SALLYPORT_FAULT(
      out_002,
      "OUT-002: the view of the answer's type does not name every field: add the new field to show or to hidden")
  SALLYPORT_FAULT(out_004, "OUT-004: a secret is never sent: move this field of view<T> to hidden")
  SALLYPORT_FAULT(
      out_007,
      "OUT-007: the view of the answer shows a field that is called like a secret: move it to hidden, or say why "
      "it is none: template <> struct sp::not_secret<T> : sp::because<\"why\", &T::field> {};")
  SALLYPORT_FAULT(route_009,
                  "ROUTE-009: a route is path, policy, options, handler, in this order: between the one policy and the "
                  "handler stand route options only (sp::attempts{…}, sp::limit{…}, sp::csp{…}, sp::cors<…> …)")
  SALLYPORT_FAULT(schema_001,
                  "SCHEMA-001: a text in an input needs a length: write sp::Text<Min, Max>, or sp::Line<Min, Max> for "
                  "one line")
  SALLYPORT_FAULT(schema_002,
                  "SCHEMA-002: an entity can't be an input, or a client could set its owner: write a struct with the "
                  "fields that a client may choose")
  SALLYPORT_FAULT(
      schema_004,
      "SCHEMA-004: a request can't be read into a field of this input: use sp::Text, sp::Int, bool, double, an "
      "enum class, sp::Maybe, sp::List or a plain struct")
  SALLYPORT_FAULT(schema_007,
                  "SCHEMA-007: whose a thing is comes from SignedIn, never from a client: leave this member out and "
                  "bind me.id, or call it by what it means (seller_name)")
  SALLYPORT_FAULT(
      schema_008,
      "SCHEMA-008: in an input write sp::Maybe<T> instead of std::optional<T>: used without a look at it, it "
      "ends the request, not the process")
  SALLYPORT_FAULT(schema_009,
                  "SCHEMA-009: a number in an input needs a range, or minus three tickets pay money out: write "
                  "sp::Int<Min, Max> or sp::Real<Min, Max>; sp::AnyInt or sp::AnyReal where any number has a meaning")
  SALLYPORT_FAULT(sec_009,
                  "SEC-009: a field that is called like a secret has a secret's type: sp::Password, sp::NewPassword, "
                  "sp::OneTimeCode<6>, or "
                  "your own with `using is_secret = void;`. Or say why it is none: "
                  "template <> struct sp::not_secret<T> : sp::because<\"why\", &T::field> {};")
  SALLYPORT_FAULT(sec_014,
                  "SEC-014: a secret of the service is shared as an sp::SecretBytes, which nothing logs, stores or "
                  "shows: app.provide<Config>(Config{app.secret<\"stripe_api_key\">()}). Or say why it is none: "
                  "template <> struct sp::not_secret<T> : sp::because<\"why\", &T::field> {};")
  SALLYPORT_FAULT(state_003,
                  "STATE-003: all event loops use this at the same time: take sp::State<const T> to read it, "
                  "sp::State<sp::Locked<T>> to change it, and no pointer in T to what others change")
  SALLYPORT_FAULT(state_006,
                  "STATE-006: a lock that is held over co_await stops the event loop: take sp::State<sp::Locked<T>> of "
                  "a T without the lock, or make T a class whose const functions lock inside")
#undef SALLYPORT_FAULT
#undef SALLYPORT_HANDLER_001
#undef SALLYPORT_REFUSED

  /// A file that the program carries (a style sheet, a script), which any caller may read. `bytes` are copied; served with
  /// an ETag and `Cache-Control: no-cache`, not counted by the general limit. Header options and CORS may follow:
  /// `app.asset("/logo.svg", sp::AssetType::svg, logo, sp::corp::cross_origin)`.
  template <class... Options>
  Router& asset(RoutePath path, AssetType type, std::string_view bytes, Options... options) {
    static_assert((detail::is_route_option<Options> && ...),
                  "ROUTE-009: behind the bytes of an asset stand route options only (sp::corp::…, sp::cors<…>)");
    detail::check_file_options<anyone, Options...>();
    detail::AssetEntry entry{std::string(path.view()), type, std::make_shared<const std::string>(bytes), {}};
    (entry.options.take(options), ...);
    assets_.push_back(std::move(entry));
    return *this;
  }

  /// Serves the files of a folder below `prefix`, as `express.static` does: `app.files("/docs", sp::anyone("the manual"), "public/docs")`. Relative
  /// folders are taken from where the service is started.
  ///
  /// Content-Type by the file's name, `index.html` for a path that ends in `/`, ETag, Last-Modified, ranges; `name.br` and `name.gz` beside a
  /// file are sent to clients that take them; a name with a hash of the content in it (`app.3f9a1c2b.js`) may be cached without
  /// limit. Never served: names that begin with a dot, links, anything outside the folder. A folder with files that must not be
  /// public (`.git`, `.env`, keys, backups, sources) refuses the start (CFG-023). Pages get the headers of a document without
  /// scripts. Route options may follow, as for a route.
  ///
  /// With sp::signed_in each user may read each file, so `sp::same_for_everyone("why")` follows the folder. Files that belong to one user each
  /// are in a `Folder` of their own, whose names a table keeps with their owners.
  template <class Policy, class... Options>
  Router& files(RoutePath prefix, Policy policy, std::string folder, Options... options) {
    static_assert(
        detail::is_policy<Policy>,
        "AUTHZ-001: say who may read these files: put sp::anyone(\"why\"), sp::signed_in or sp::role(\"name\") "
        "between the path and the folder");
    static_assert(
        !requires { typename Policy::Entity; },
        "AUTHZ-008: files have no owner: give the folder sp::anyone(\"why\"), sp::signed_in or sp::role(\"name\")");
    static_assert(
        !requires { typename Policy::Webhook; },
        "AUTHZ-008: files are read, and no body is signed: give the folder sp::anyone(\"why\"), sp::signed_in or "
        "sp::role(\"name\")");
    static_assert(
        !(detail::any_origin_option<Options> || ...) || std::same_as<Policy, anyone>,
        "CORS-004: what every origin may read is for everybody: give the folder sp::anyone(\"why\"), or name the "
        "origins with sp::cors<…>");
    static_assert(
        !std::same_as<Policy, SignedInPolicy> || (detail::is_same_for_everyone<Options> || ...),
        "AUTHZ-015: every user could read every file of this folder: say sp::same_for_everyone(\"why\") behind the "
        "folder, use sp::role(\"name\"), or keep each user's files in an sp::Folder<\"name\"> under the name that "
        "a row of theirs has");
    static_assert(detail::policy_fault<Policy>() == detail::RouteFault::none,
                  "AUTHZ-020: this policy can't be asked: put it on a route, to be told why");
    if constexpr (detail::is_policy<Policy>) detail::check_file_options<Policy, Options...>();
    if constexpr (detail::is_policy<Policy> && !requires { typename Policy::Entity; }) {
      detail::FolderEntry entry{std::string(prefix.view()), policy.facts(), std::move(folder), {}};
      const auto take = [&entry]<class Option>(const Option& option) {
        if constexpr (detail::is_same_for_everyone<Option>) {
          entry.options.shared.push_back({"every file", option.why()});
        } else {
          entry.options.take(option);
        }
      };
      (take(options), ...);
      folders_.push_back(std::move(entry));
    }
    return *this;
  }

  template <class Folder>
  Router& files(RoutePath, const Folder&) {
    static_assert(
        detail::always_false<Folder>,
        "AUTHZ-001: say who may read these files: put sp::anyone(\"why\"), sp::signed_in or sp::role(\"name\") "
        "between the path and the folder");
    return *this;
  }

  /// Options for all routes of this router, in whatever order they are registered, and of the routers mounted in it:
  /// `app.with(sp::coep::credentialless)`. An option of the route itself takes precedence; limits add up.
  template <class... Options>
  Router& with(Options... options) {
    static_assert(
        (detail::is_route_option<Options> && ...) &&
            !((std::same_as<Options, attempts> || std::same_as<Options, gives> || detail::SharedOption<Options>) ||
              ...),
        "ROUTE-010: with takes route options (sp::csp{…}, sp::cors<…>, sp::limit{…}); attempts and shared<T> "
        "belong to one route");
    static_assert(
        !(detail::any_origin_option<Options> || ...) && !(std::same_as<Options, limit<LimitedBy::account>> || ...),
        "ROUTE-010: cors_any and limits per account are checked against a route's policy: put them on the route");
    static_assert(
        !(detail::is_cache_option<Options> || ...),
        "CACHE-003: what may be kept is checked against a route's policy and handler: put cache on the route");
    (options_.take(options), ...);
    return *this;
  }

  /// Mounts the routes of `router` below `prefix`.
  Router& use(RoutePath prefix, const Router& router);
  /// The same, for whom `policy` admits, and of these for whom each route's own admits: `app.use("/admin", admin, sp::role("admin"))`.
  template <class Policy>
    requires(detail::check_router_policy<Policy>())
  Router& use(RoutePath prefix, const Router& router, Policy policy) {
    return use_behind(prefix, router, policy.facts());
  }
  template <class... Any>
    requires(!std::is_base_of_v<Router, std::remove_cvref_t<Any>> && ...)
  __attribute__((unavailable(
      "ROUTE-012: no code of yours runs before every route: policies and options stand on a route, a Router or "
      "the app (app.with(…)), and a handler's parameters say what it needs; use(\"/prefix\", router) mounts a "
      "Router"))) Router&
  use(Any&&...);

  // For the kernel.
  [[nodiscard]] const std::vector<detail::RouteEntry>& routes() const noexcept { return routes_; }
  [[nodiscard]] const std::vector<detail::AssetEntry>& assets() const noexcept { return assets_; }
  [[nodiscard]] const std::vector<detail::FolderEntry>& folders() const noexcept { return folders_; }
  [[nodiscard]] const detail::RouteOptions& route_options() const noexcept { return options_; }

 private:
  template <RouteMethod M, class... Rest>
  Router& add(RoutePath path, Rest... rest) {
    if constexpr (detail::check_route<M == RouteMethod::get, Rest...>()) {
      detail::RouteEntry entry;
      entry.method = M;
      entry.path = path.view();
      entry.file = path.file();
      entry.line = path.line();
      (take(entry, rest), ...);
      add_entry(std::move(entry));
    }
    return *this;
  }

  template <class T>
  static void take(detail::RouteEntry& entry, T& part) {
    if constexpr (detail::is_policy<T>) {
      entry.policy = part.facts();
    } else if constexpr (std::same_as<T, attempts>) {
      entry.limits_attempts = true;
      entry.limit = part;
    } else if constexpr (detail::is_route_option<T>) {
      entry.options.take(part);
    } else {
      const auto function = +part;
      entry.handler = detail::SignatureCheck<std::remove_const_t<decltype(function)>>::erase(function);
      if constexpr (std::is_class_v<T>) entry.handler.closure = &detail::closure_tag<std::remove_const_t<T>>;
    }
  }

  void add_entry(detail::RouteEntry entry);
  Router& use_behind(RoutePath prefix, const Router& router, detail::PolicyFacts policy);

  std::vector<detail::RouteEntry> routes_;
  std::vector<detail::AssetEntry> assets_;
  std::vector<detail::FolderEntry> folders_;
  detail::RouteOptions options_;
};

}  // namespace sallyport
