// App: a service, from its command line to its last answer.
#pragma once

#include <sallyport/migrations.hpp>
#include <sallyport/router.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport {

namespace detail {

/// What `App` collects before `run`, in one place that the kernel reads.
struct AppDefinition {
  std::vector<Migration> migrations;
  struct Provided {
    const void* key;
    std::shared_ptr<void> value;
  };
  std::vector<Provided> states;
  std::string_view sign_in_page;  ///< empty: 401 instead of a redirect
};

int run(const Router& routes, const AppDefinition& definition, int argc, char** argv);

}  // namespace detail

/// A service. Routes are registered on it as on a `Router`; `run` reads the settings (defaults, file, environment, flags), refuses to start
/// when one of them is unsafe (exit status 78, every finding at once), and serves until SIGTERM or SIGINT.
class App : public Router {
 public:
  App(int argc, char** argv) : argc_(argc), argv_(argv) {}
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  /// The tables of the application, brought up to date at start: each migration runs once, in order.
  App& migrate(std::vector<Migration> migrations) {
    definition_.migrations = std::move(migrations);
    return *this;
  }

  /// Shares `value` with every handler that takes `State<T>`.
  template <class T>
  App& provide(T value) {
    definition_.states.push_back({&detail::state_key<T>, std::make_shared<T>(std::move(value))});
    return *this;
  }

  /// Where a browser that asks for a page without being signed in is sent, instead of 401.
  App& sign_in_page(LocalPath path) {
    definition_.sign_in_page = path.view();
    return *this;
  }

  /// Serves. Returns the process's exit status: 0 after a graceful stop, 78 (EX_CONFIG) when it refused to start.
  int run() { return detail::run(*this, definition_, argc_, argv_); }

 private:
  int argc_;
  char** argv_;
  detail::AppDefinition definition_;
};

}  // namespace sallyport
