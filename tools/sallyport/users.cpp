// `sallyport users`: lists accounts, gives roles, unlocks, ends sessions, deletes accounts; in the database, beside the running service.
#include "users.hpp"

#include <sallyport/database_error.hpp>
#include <sallyport/policy.hpp>
#include <sallyport/text.hpp>

#include "base/nearest_name.hpp"
#include "data/sqlite_session.hpp"
#include "identity/user_admin.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"

#include <sys/stat.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport::tool {
namespace {

constexpr int not_done = 1;
constexpr int wrong_words = 2;

int complain(int status, const std::string& what) {
  std::string shown = "sallyport: ";
  ops::append_printable(shown, what);
  static_cast<void>(std::fprintf(stderr, "%s\n", shown.c_str()));
  return status;
}

void say(const std::string& what) {
  std::string shown;
  ops::append_printable(shown, what);
  static_cast<void>(std::printf("%s\n", shown.c_str()));
}

struct Words {
  std::vector<std::string_view> plain;
  std::string database;
  std::string config;
  bool yes = false;
  std::string wrong;  // why they are refused
};

Words read(std::span<char*> given) {
  Words words;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string_view word = given[i];
    const auto value = [&](std::string& out) {
      if (!out.empty()) words.wrong = std::string(word) + " is given twice";
      if (i + 1 == given.size()) {
        words.wrong = std::string(word) + " needs a file";
      } else {
        out = given[++i];
      }
    };
    if (word == "--database") {
      value(words.database);
    } else if (word == "--config") {
      value(words.config);
    } else if (word == "--yes") {
      words.yes = true;
    } else if (word.starts_with("-")) {
      words.wrong = "no such flag: " + std::string(word);
    } else {
      words.plain.push_back(word);
    }
  }
  if (words.wrong.empty() && words.database.empty() == words.config.empty())
    words.wrong = "say which database: --database FILE, or --config FILE of the service";
  return words;
}

// What the settings file says for a service whose program has this name; nothing after a complaint.
std::optional<std::string> path_of(const char* program, const std::string& config) {
  const std::array<const char*, 3> arguments{program, "--config", config.c_str()};
  ops::Findings findings;
  ops::LoadedSettings loaded = ops::load_settings(arguments, {}, findings);
  if (findings.empty()) return std::move(loaded.settings.database.path);
  static_cast<void>(std::fputs(findings.text("sallyport users").c_str(), stderr));
  return std::nullopt;
}

// Where the service's settings file says that the database is; empty after a complaint. By default that depends on the name of the
// service's program, which is not known here.
std::string database_of(const std::string& config) {
  constexpr const char* some_name = "NAME";
  const auto path = path_of(some_name, config);
  if (!path) return {};
  if (path == path_of("OTHER", config)) return *path;
  complain(wrong_words, config + " does not name the database, so that it is " + *path + ", where " + some_name +
                            " is the name of the service's program: say --database FILE");
  return {};
}

int list(Transaction& tx) {
  constexpr std::int64_t page = 1000;
  for (std::int64_t from = 0;; from += page) {
    const std::vector<User> found = tx.all<User>(identity::users_in_order, page, from);
    for (const User& user : found) say(user.email + "  " + (user.role.empty() ? "-" : user.role) + "  " + user.name);
    if (found.size() < static_cast<std::size_t>(page)) return 0;
  }
}

int set_role(Transaction& tx, const User& user, std::string_view role) {
  tx.run(identity::set_role, role, user.id);
  say(user.email + (role.empty() ? " is an ordinary user now" : " has the role " + std::string(role) + " now"));
  return 0;
}

int unlock(Transaction& tx, const User& user) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  tx.run(identity::unlock, std::int64_t{now.time_since_epoch().count()}, user.id);
  say(user.email + " is unlocked: attempts that have failed are forgotten");
  return 0;
}

int end_sessions(Transaction& tx, const User& user) {
  const std::int64_t ended = tx.run(identity::end_sessions, user.id);
  say(user.email + ": " + std::to_string(ended) + (ended == 1 ? " session" : " sessions") + " ended");
  return 0;
}

int remove(Transaction& tx, const User& user) {
  tx.run(identity::remove_user, user.id);
  say(user.email + " is deleted");
  return 0;
}

using Work = std::function<int(Transaction&)>;

// What is to be done with an account; nothing when the words say no such thing.
std::function<int(Transaction&, const User&)> action(const Words& words) {
  const std::string_view verb = words.plain.front();
  if (verb == "role" && words.plain.size() == 3) {
    const std::string_view role = words.plain[2];
    return [role](Transaction& tx, const User& user) { return set_role(tx, user, role); };
  }
  if (verb == "unlock" && words.plain.size() == 2) return unlock;
  if (verb == "end-sessions" && words.plain.size() == 2) return end_sessions;
  if (verb == "delete" && words.plain.size() == 2) return remove;
  return {};
}

int run(const std::string& path, const Work& work) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return complain(wrong_words, path + ": no such database");
  try {
    data::SqliteSession session(path, data::Allow::changes, std::chrono::seconds(10), std::chrono::seconds(60));
    auto perform = [&](Transaction& tx) { return work(tx); };
    return Transaction::perform(session.own(), perform, false);
  } catch (const DatabaseError& error) {
    if (error.kind() == DatabaseError::Kind::foreign_key)
      return complain(not_done,
                      "nothing was deleted: a table refers to this account without ON DELETE CASCADE or SET NULL");
    return complain(wrong_words,
                    path + " is not the database of a service with accounts: " + detail::ForTheLog::text(error));
  } catch (const std::exception& error) {
    return complain(wrong_words, error.what());
  }
}

}  // namespace

int users(std::span<char*> given) {
  const Words words = read(given);
  const bool lists = words.plain.size() == 1 && words.plain[0] == "list";
  const auto act = words.plain.empty() ? nullptr : action(words);
  if (!lists && !act) {
    constexpr std::array<std::string_view, 5> verbs{"list", "role", "unlock", "end-sessions", "delete"};
    const std::string_view verb = words.plain.empty() ? std::string_view() : words.plain.front();
    const std::string_view meant = base::nearest_name(verb, verbs);
    if (!meant.empty() && meant != verb)
      complain(wrong_words, "users does not " + std::string(verb) + ": did you mean " + std::string(meant) + '?');
    static_cast<void>(std::fputs(users_help, stderr));
    return wrong_words;
  }
  if (!words.wrong.empty()) return complain(wrong_words, words.wrong);
  std::optional<std::string> key;
  if (act) {
    const auto email = Email::parse(words.plain[1]);
    if (!email) return complain(wrong_words, std::string(words.plain[1]) + " is no e-mail address");
    key = email->key();
    if (words.plain[0] == "role") {
      const std::string_view role = words.plain[2];
      if (!role.empty() && !detail::is_role_name(role))
        return complain(wrong_words, "a role has 64 bytes at most, no control characters, and no spaces around it");
    }
    if (words.plain[0] == "delete" && !words.yes)
      return complain(wrong_words, "this deletes the account and what belongs to it: say --yes if you mean it");
  }
  const std::string path = words.database.empty() ? database_of(words.config) : words.database;
  if (path.empty()) return wrong_words;
  return run(path, [&](Transaction& tx) {
    if (lists) return list(tx);
    const Maybe<User> user = tx.maybe<User>(identity::user_by_key, *key);
    return user ? act(tx, *user)
                : complain(not_done, "no account has the e-mail address " + std::string(words.plain[1]));
  });
}

}  // namespace sallyport::tool
