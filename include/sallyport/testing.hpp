// The test kit: a service inside the process of its tests, without sockets, on a clock that the test moves. Link sallyport::testing, in
// tests alone: a program that holds it is refused in production (CFG-020).
#pragma once

#include <sallyport/app.hpp>
#include <sallyport/db.hpp>
#include <sallyport/folder.hpp>
#include <sallyport/task.hpp>
#include <sallyport/testing/answer.hpp>
#include <sallyport/testing/event_stream.hpp>
#include <sallyport/testing/json.hpp>
#include <sallyport/testing/other_service.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport::test {

namespace detail {
class Core;
}

/// Thrown by the constructor of `Service` where the program would refuse to start; `what()` has every finding, as the start prints them.
class StartRefused : public std::runtime_error {
 public:
  StartRefused(const std::string& text, std::vector<std::string> codes)
      : std::runtime_error(text), codes_(std::move(codes)) {}
  /// `CFG-030` …, in the order of the text.
  [[nodiscard]] const std::vector<std::string>& codes() const noexcept { return codes_; }

 private:
  std::vector<std::string> codes_;
};

/// A client: keeps its cookies, and has an address of its own, so that its requests are counted apart from everybody else's. What it asks
/// goes through everything that a request over a socket goes through, and each answer is looked at as Sallyport's own tests look at theirs:
/// where one breaks what every answer keeps, `Failure` is thrown.
///
/// `get`, `post` and so on ask as a script on a page of the service does; `page` and `form` as a browser does where a person follows a link or
/// sends a form. Copies share the cookies.
class Client {
 public:
  [[nodiscard("look at the answer: .expect(200)")]] Answer get(std::string_view target, Where where = Where::current());
  [[nodiscard("look at the answer: .expect(200)")]] Answer head(std::string_view target,
                                                                Where where = Where::current());
  [[nodiscard("look at the answer: .expect(201)")]] Answer post(std::string_view target, Content content = {},
                                                                Where where = Where::current());
  [[nodiscard("look at the answer: .expect(200)")]] Answer put(std::string_view target, Content content = {},
                                                               Where where = Where::current());
  [[nodiscard("look at the answer: .expect(200)")]] Answer patch(std::string_view target, Content content = {},
                                                                 Where where = Where::current());
  [[nodiscard("look at the answer: .expect(204)")]] Answer del(std::string_view target, Where where = Where::current());

  /// A person opens this page. A redirect is the answer; `follow` goes on.
  [[nodiscard("look at the answer: .expect(200)")]] Answer page(std::string_view target,
                                                                Where where = Where::current());
  /// A person sends this form, from a page of the service: `ada.form("/notes", {{"title", "Milk"}, {"body", ""}})`.
  [[nodiscard("look at the answer: .expect(303)")]] Answer form(std::string_view target, const Pairs& members,
                                                                Where where = Where::current());
  /// Opens the page that a redirect names. Throws `Failure` where the answer is none.
  [[nodiscard("look at the answer: .expect(200)")]] Answer follow(const Answer& redirect,
                                                                  Where where = Where::current());

  /// A request of the test's own.
  [[nodiscard("look at the answer: .expect(200)")]] Answer send(Request request, Where where = Where::current());
  /// Opens a stream of events. Throws `Failure` where the answer is none.
  [[nodiscard]] EventStream events(std::string_view target, Where where = Where::current());

  /// The same client, cookies and address, as a page of another site makes it ask: `ada.from("https://evil.example").form("/notes", …)`.
  [[nodiscard]] Client from(std::string origin) const;
  /// A field that each of its requests has from here on, such as `Accept-Language`.
  Client& set_field(std::string name, std::string value);

  /// The value of a cookie; empty without one.
  [[nodiscard]] std::string cookie(std::string_view name) const;
  void set_cookie(std::string name, std::string value);
  void forget_cookies();

 private:
  friend class Service;
  struct State;
  explicit Client(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}
  Answer browse(Request request, Where where);

  std::shared_ptr<State> state_;
  std::string origin_;  ///< of the page that asks; empty: the service's own
};

/// The time of one service: of sessions, limits, deadlines, `sleep_for`, log lines, and of `unixepoch()` and the like in SQL. It begins at the
/// machine's time, and stands still.
class Clock {
 public:
  /// What falls due on the way happens in its order. Throws `Failure` for less than nothing.
  void advance(std::chrono::nanoseconds time, Where where = Where::current());
  [[nodiscard]] std::chrono::system_clock::time_point now() const noexcept;

 private:
  friend class Service;
  explicit Clock(detail::Core& core) noexcept : core_(&core) {}
  detail::Core* core_;
};

struct Options {
  /// By the names of docs/settings.md: `{{"limits.general_per_second", "1000"}}`. Neither file nor environment are read. What belongs to a
  /// process (the port, the database's file, the log's) is the kit's.
  Pairs settings = {};
  /// What `app.secret<"name">()` gives. One that is not named here is "a secret of a test".
  Pairs secrets = {};
};

/// Who signs in.
struct Person {
  std::string role = {};
  std::string name = {};  ///< empty: what stands before the @
};

/// A whole service, as its own program would start it in development, but for sockets: its tables are made in memory, passwords are hashed as
/// cheaply as can be, folders are empty ones that go away with it, and nothing happens unless the test asks or moves the clock.
///
///     void routes(sp::App& app);  // what main calls, too
///
///     sp::test::Service service{routes};
///     auto ada = service.sign_in("ada@example.org");
///     ada.post("/notes", R"({"title":"Milk","body":""})").expect(201);
///     service.visitor().get("/notes").expect(401);
///
/// Each service is apart from every other one of the process. One thread uses it at a time.
class Service {
  std::shared_ptr<detail::Core> core_;  // which clients and streams ask whether it is there

 public:
  /// `routes(app)` makes the program's App what it is. Throws `StartRefused` where the program would refuse to start.
  template <class Routes>
    requires std::is_invocable_v<Routes&, App&>
  explicit Service(Routes routes, const Options& options = {})
      : Service([](void* given, App& app) { (*static_cast<Routes*>(given))(app); }, &routes, options) {}
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  Clock clock;

  /// Somebody who has not signed in.
  [[nodiscard]] Client visitor();
  /// Somebody who has: with the account of this e-mail, which is made where there is none, and a session that began now. Its password is
  /// `password`.
  [[nodiscard]] Client sign_in(std::string_view email, const Person& person = {});
  /// Of every account that `sign_in` makes.
  static constexpr std::string_view password = "eight green bottles of milk";

  /// Another service that this one calls, by the origin that its handlers name.
  [[nodiscard]] OtherService outbound(std::string_view origin);

  /// Whether the log has a line with this event: `service.logged("authn_login_fail")`.
  [[nodiscard]] bool logged(std::string_view event) const { return !events(event).empty(); }
  /// The lines of that event, in their order.
  [[nodiscard]] std::vector<Json> events(std::string_view event) const;
  /// The whole log, a JSON object a line.
  [[nodiscard]] std::string log() const;

  /// What `work`, a coroutine that takes `Db&`, comes to: `service.in_database([](sp::Db& db) -> sp::Task<std::int64_t> { co_return co_await
  /// db.one<std::int64_t>("SELECT count(*) FROM notes"); })`.
  template <class Work>
  auto in_database(Work work);
  /// What `app.provide<T>(…)` shares.
  template <class T>
  [[nodiscard]] T& state() {
    return *static_cast<T*>(provided(&sallyport::detail::state_key<T>));
  }
  /// What `app.folder<"name">(…)` keeps, which lies in a folder of its own and is empty at first.
  template <sallyport::detail::FixedString Name>
  [[nodiscard]] Folder<Name>& folder() {
    return *static_cast<Folder<Name>*>(provided(&sallyport::detail::state_key<Folder<Name>>));
  }

 private:
  Service(void (*call)(void* routes, App& app), void* routes, const Options& options);
  void* provided(const void* key);
  Db& database();
  void run(sallyport::detail::OwnedTask<void> work);
  template <class T>
  static Task<void> keep(sallyport::detail::OwnedTask<T> work, std::optional<T>& result) {
    result.emplace(co_await sallyport::detail::AwaitedTask<T>(std::move(work)));
  }
};

template <class Work>
auto Service::in_database(Work work) {
  auto task = work(database());
  using Result = decltype(task.await_resume());
  if constexpr (std::is_void_v<Result>) {
    run(sallyport::detail::OwnedTask<void>(task));
  } else {
    std::optional<Result> result;
    auto keeping = keep(sallyport::detail::OwnedTask<Result>(task), result);
    run(sallyport::detail::OwnedTask<void>(keeping));
    return std::move(*result);
  }
}

}  // namespace sallyport::test
