// The service of a test as its test sees it: who signs in, what was logged, what time it is.
#include <sallyport/testing.hpp>

#include <sallyport/detail/own_tables.hpp>

#include "identity/session_cookie.hpp"
#include "identity/user_admin.hpp"
#include "testing/client.hpp"
#include "testing/core.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace sallyport::test {
namespace {

using sallyport::detail::operator""_own;

NewPassword new_password() {
  PasswordFlaw flaw{};
  return sallyport::detail::PasswordReader::new_password(Service::password, flaw).value();
}

// An account of a program in which nobody signs up or in has no password either.
Task<User> without_password(route::Service& service, const Email& email, std::string name) {
  User user{Id<User>::random(), std::move(name), std::string(email.view()), {}};
  const std::string key = email.key();
  const base::Clock::WallTime now = service.clock.wall();
  const std::int64_t inserted = co_await service.stored.database->own().run(
      "INSERT INTO sallyport_users (id, email, email_shown, name, password, created_at) VALUES (?, ?, ?, ?, '!', ?)"_own,
      user.id, key, user.email, user.name, now);
  if (inserted != 1) throw Failure("the account could not be made");
  co_return user;
}

Task<User> account(route::Service& service, const Email& email, const Person& person) {
  Db& tables = service.stored.database->own();
  const std::string key = email.key();
  const Maybe<User> there = co_await tables.maybe<User>(identity::user_by_key, key);
  if (there) co_return *there;
  const std::string_view address = email.view();
  std::string name = person.name.empty() ? std::string(address.substr(0, address.find('@'))) : person.name;
  if (!service.stored.accounts) co_return co_await without_password(service, email, std::move(name));
  const NewPassword password = new_password();
  std::optional<User> made = co_await service.stored.accounts->create(name, email, password);
  if (!made) throw Failure("the account could not be made");
  co_return std::move(*made);
}

Task<void> begin_session(route::Service& service, const Email& email, const Person& person, std::string& cookie) {
  const User user = co_await account(service, email, person);
  if (!person.role.empty())
    co_await service.stored.database->own().run(identity::set_role, person.role, user.id).or_none();
  cookie = co_await service.stored.sessions->begin(user.id, {});
}

}  // namespace

Service::Service(void (*call)(void* routes, App& app), void* routes, const Options& options)
    : core_(std::make_shared<detail::Core>([&](App& app) { call(routes, app); }, options)), clock(*core_) {}

Service::~Service() = default;

Client Service::visitor() {
  auto state = std::make_shared<Client::State>();
  state->core = core_;
  state->address = core_->new_address();
  state->who = "a visitor";
  return Client(std::move(state));
}

Client Service::sign_in(std::string_view email, const Person& person) {
  if (!core_->service().stored.sessions)
    throw Failure("nobody signs in to this program: no route asks who somebody is, and it has no tables");
  const Parsed<Email> parsed = Email::parse(email);
  if (!parsed) throw Failure("this is no e-mail address: " + std::string(email));
  std::string cookie;
  auto beginning = begin_session(core_->service(), *parsed, person, cookie);
  core_->run(sallyport::detail::OwnedTask<void>(beginning));
  Client client = visitor();
  client.state_->who = std::string(email);
  client.set_cookie(std::string(identity::session_cookie_name), cookie);
  return client;
}

OtherService Service::outbound(std::string_view origin) { return OtherService(core_->others().of(origin)); }

std::string Service::log() const { return core_->log(); }

std::vector<Json> Service::events(std::string_view event) const {
  std::vector<Json> found;
  std::string_view rest = core_->log();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.find(event) == line.npos) continue;
    Json json = Json::parse(line);
    if (json.has("/event") && json.at("/event") == event) found.push_back(std::move(json));
  }
  return found;
}

void* Service::provided(const void* key) {
  for (const auto& state : core_->definition().states) {
    if (state.key == key) return state.value.get();
  }
  throw Failure("the program provides no such state, and has no such folder");
}

Db& Service::database() {
  if (!core_->service().stored.database)
    throw Failure("this program has no database: no route takes a Db, and it has no migrations");
  return core_->service().stored.database->db();
}

void Service::run(sallyport::detail::OwnedTask<void> work) { core_->run(std::move(work)); }

void Clock::advance(std::chrono::nanoseconds time, Where where) {
  if (time < std::chrono::nanoseconds(0))
    throw Failure(std::string(where.file_name()) + ':' + std::to_string(where.line()) + ": time does not go back");
  core_->advance(time);
}

std::chrono::system_clock::time_point Clock::now() const noexcept {
  return std::chrono::time_point_cast<std::chrono::system_clock::duration>(core_->clock.wall());
}

}  // namespace sallyport::test
