// App: a service: reads its settings, checks them and serves.
#pragma once

#include <sallyport/detail/clear_secrets.hpp>
#include <sallyport/migrations.hpp>
#include <sallyport/page.hpp>
#include <sallyport/router.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/waiver.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport {

namespace detail {

/// Why a secret of the application could not be read.
struct SecretFault {
  std::string file;
  std::string problem;
  std::string fix;
};
consteval bool is_secret_file_name(std::string_view name) {
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return !name.empty() && name.size() <= 64;
}

/// Where the secrets of the application come from instead of files: a test.
class SecretSource {
 public:
  [[nodiscard]] virtual SecretBytes secret(std::string_view name) const = 0;

 protected:
  ~SecretSource() = default;
};

/// What `App` collects before `run`, in one place that the kernel reads.
class OutboundTransport;

struct AppDefinition {
  std::vector<Migration> migrations;
  struct Provided {
    const void* key;
    std::shared_ptr<void> value;
  };
  std::vector<Provided> states;
  std::vector<std::shared_ptr<FolderFiles>> folders;  ///< opened at start
  std::vector<WaiverFacts> waivers;
  std::vector<SecretFault> secret_faults;
  const SecretSource* secret_source = nullptr;            ///< a test's; null: files
  const DatabaseDriver* database = nullptr;               ///< the driver that the migrations are for
  std::string_view sign_in_page;                          ///< empty: 401 instead of a redirect
  Page (*error_page)(const ErrorFacts& facts) = nullptr;  ///< null: the framework's own
  std::shared_ptr<OutboundTransport> outbound;  ///< of tests: what answers instead of other services; null: they do
};

/// Empty where it can't be read, for a reason that is added to `secret_faults`.
[[nodiscard]] SecretBytes read_app_secret(std::string_view name, AppDefinition& definition);

/// What an App has been told, for the test kit.
struct AppParts;

int run(const Router& routes, const AppDefinition& definition, int argc, char** argv);

}  // namespace detail

/// A service. Routes are registered on it as on a `Router`; `run` reads the settings (defaults, file, environment, flags), refuses to start
/// when one of them is unsafe (exit status 78, every finding at once), and serves until SIGTERM or SIGINT.
class App : public Router {
 public:
  App(int argc, char** argv) : argc_(argc), argv_(argv) {}
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// The tables of the application, brought up to date at start: each migration runs once, in order. Another call adds to the
  /// list.
  App& migrate(const std::vector<Migration>& migrations) {
    definition_.database = &detail::sqlite_driver;
    for (const Migration& migration : migrations) definition_.migrations.push_back(migration);
    return *this;
  }

  /// Shares a `T` made of `arguments` with every handler that takes `State<const T>`: `app.provide<Config>(config)`. What handlers change
  /// is a `Locked`: `app.provide<sp::Locked<Visits>>()` for `State<sp::Locked<Visits>>`.
  template <class T, class... Arguments>
  App& provide(Arguments&&... arguments) {
    static_assert(
        !detail::ViewsOthers<T>,
        "STATE-002: what is shared owns its bytes, since it lives as long as the service: provide<std::string>, or "
        "a struct of your own");
    static_assert(detail::state_fault<std::remove_const_t<T>>() != detail::StateFault::lock,
                  "STATE-006: a lock that is held over co_await stops the event loop: provide sp::Locked<T> of a T "
                  "without the lock, or make T a class whose const functions lock inside");
    static_assert(!detail::keeps_secret_in_clear<std::remove_const_t<T>>(),
                  "SEC-014: a secret of the service is shared as an sp::SecretBytes, which nothing logs, stores or "
                  "shows: app.provide<Config>(Config{app.secret<\"stripe_api_key\">()}). Or say why it is none: "
                  "template <> struct sp::not_secret<T> : sp::because<\"why\", &T::field> {};");
    static_assert(std::is_constructible_v<T, Arguments...>,
                  "STATE-001: provide<T>(…) takes what a constructor of T takes");
    using Value = std::remove_const_t<T>;
    definition_.states.push_back(
        {&detail::state_key<Value>, std::make_shared<Value>(std::forward<Arguments>(arguments)...)});
    return *this;
  }

  /// A folder in which handlers keep files, for those that take `Folder<Name>&`: `app.folder<"uploads">("/var/lib/notes/uploads")`. It has to
  /// exist, and not to be served by `files`.
  template <detail::FixedString Name>
  App& folder(std::string path) {
    auto folder = std::make_shared<Folder<Name>>(std::move(path));
    definition_.states.push_back({&detail::state_key<Folder<Name>>, folder});
    definition_.folders.push_back(std::move(folder));
    return *this;
  }

  /// A secret that the application needs, such as the key of another service, from a file that holds nothing else: the one that the
  /// environment's `STRIPE_API_KEY_FILE` names; else `stripe_api_key` in `$CREDENTIALS_DIRECTORY` (LoadCredential of systemd); else
  /// `var/secrets/stripe_api_key`. Nobody else may read the file (mode 0400 or 0600). A line feed at its end is left out. Where it can't be
  /// read, the start is refused (CFG-006).
  ///
  ///     struct Config { sp::SecretBytes stripe_api_key; };
  ///     app.provide<Config>(Config{app.secret<"stripe_api_key">()});
  template <detail::FixedString Name>
  [[nodiscard]] SecretBytes secret() {
    static_assert(detail::is_secret_file_name(Name.view()),
                  "SEC-015: a secret is called as its file is: lower case letters, digits and '_', 64 at most");
    return detail::read_app_secret(Name.view(), definition_);
  }

  /// The page to which a browser that is not signed in is redirected, instead of 401.
  App& sign_in_page(LocalPath path) {
    definition_.sign_in_page = path.view();
    return *this;
  }

  /// The application's own page for an error, where a browser asked for a document:
  ///
  ///     app.error_page([](const sp::ErrorFacts& error) {
  ///       return sp::Page{.title = "Sorry", .stylesheets = {"/site.css"}, .body = sp::html<"<h1>{}</h1>">(error.title)};
  ///     });
  ///
  /// It is sent with the status of the error and the protections of every page. The function runs on the event loop: it makes a page of what
  /// it is told and waits for nothing. Where it throws, the framework's page is sent.
  App& error_page(Page (*page)(const ErrorFacts& error)) {
    definition_.error_page = page;
    return *this;
  }

  /// Waives a start-up refusal until a day (UTC, inclusive): `app.waive("CFG-020", "the pilot runs a debug build", "2027-03-31")`. Each
  /// waiver is printed and logged at every start. Codes without which nothing can be served, and those that protect keys, can't be
  /// waived (WAIVE-001). The setting `waivers` does the same for one deployment.
  App& waive(WaiverCode code, WaiverReason reason, WaiverDay until) {
    definition_.waivers.push_back({code.view(), reason.view(), until.day()});
    return *this;
  }

  /// Serves. Returns the process's exit status: 0 after a graceful stop, 78 (EX_CONFIG) when it refused to start.
  [[nodiscard("ROUTE-013: run() gives the exit status of the process: write return app.run();")]] int run() {
    return detail::run(*this, definition_, argc_, argv_);
  }

 private:
  friend struct detail::AppParts;
  int argc_;
  char** argv_;
  detail::AppDefinition definition_;
};

}  // namespace sallyport
