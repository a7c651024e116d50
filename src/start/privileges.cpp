// setresuid and its companions, each checked.
#include "start/privileges.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <system_error>
#include <vector>

namespace sallyport::start {
namespace {

constexpr const char* where = "server.user";

using Capabilities = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

// Of the calling thread; without libcap, whose functions are these two system calls.
bool drop_capabilities() noexcept {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  Capabilities sets{};
  if (::syscall(SYS_capset, &header, sets.data()) != 0 || ::syscall(SYS_capget, &header, sets.data()) != 0)
    return false;
  return std::all_of(sets.begin(), sets.end(), [](const __user_cap_data_struct& set) {
    return set.effective == 0 && set.permitted == 0 && set.inheritable == 0;
  });
}

bool become(const ServiceUser& user) noexcept {
  // Groups first: afterwards the process may no longer change them.
  return ::initgroups(user.name.c_str(), user.group) == 0 && ::setresgid(user.group, user.group, user.group) == 0 &&
         ::setresuid(user.id, user.id, user.id) == 0;
}

bool is_irreversible(const ServiceUser& user) noexcept {
  uid_t real = 0, effective = 0, saved = 0;
  gid_t real_group = 0, effective_group = 0, saved_group = 0;
  if (::getresuid(&real, &effective, &saved) != 0 || ::getresgid(&real_group, &effective_group, &saved_group) != 0)
    return false;
  return real == user.id && effective == user.id && saved == user.id && real_group == user.group &&
         effective_group == user.group && saved_group == user.group && ::setuid(0) != 0 && ::seteuid(0) != 0;
}

// Again, because changing the user resets it.
bool forbid_dumps() noexcept {
  const rlimit none{0, 0};
  return ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
         ::setrlimit(RLIMIT_CORE, &none) == 0;
}

}  // namespace

ServiceUser service_user(const ops::Settings& settings, ops::Findings& findings) {
  ServiceUser user{.name = settings.server.user, .id = ::geteuid(), .group = ::getegid()};
  const bool root = user.id == 0 || ::getuid() == 0;
  if (user.name.empty()) {
    if (root && settings.mode == ops::Mode::production) findings.add("CFG-021", where);
    return user;
  }
  std::vector<char> texts(16'384);
  passwd entry{};
  passwd* found = nullptr;
  int error = 0;
  while ((error = ::getpwnam_r(user.name.c_str(), &entry, texts.data(), texts.size(), &found)) == ERANGE &&
         texts.size() < 1'048'576) {
    texts.resize(2 * texts.size());
  }
  if (!found) {
    findings.add("CFG-021", where, error == 0 ? "there is no such user" : "the user can't be looked up",
                 "name a user of this machine that is for this service alone");
  } else if (entry.pw_uid == 0) {
    findings.add("CFG-021", where, "this user is root");
  } else if (!root && entry.pw_uid != user.id) {
    findings.add("CFG-021", where, "only root can become another user", "start it as root, or as this user");
  } else {
    user.id = entry.pw_uid;
    user.changes = root;
    if (root) user.group = entry.pw_gid;
  }
  return user;
}

void harden_process(ops::Mode mode, ops::Findings& findings) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    findings.add("CFG-021", "process", "no_new_privs can't be set", "run it on a Linux kernel that has it");
  if (mode == ops::Mode::production && !forbid_dumps()) findings.add("CFG-022", "process");
}

void drop_privileges(const ServiceUser& user, ops::Mode mode, ops::Findings& findings) {
  if (user.changes && (!become(user) || !is_irreversible(user))) {
    findings.add("CFG-021", where,
                 "the process can't change to this user irreversibly: " + std::generic_category().message(errno),
                 "start it as root with CAP_SETUID and CAP_SETGID, or as this user");
    return;
  }
  if (mode != ops::Mode::production) return;
  if (user.id != 0 && !drop_capabilities()) findings.add("CFG-021", "process", "capabilities can't be dropped");
  if (!forbid_dumps()) findings.add("CFG-022", "process");
}

ActAs::ActAs(const ServiceUser& user) noexcept : changed_(user.changes && ::seteuid(user.id) == 0) {}

ActAs::~ActAs() {
  // Continuing as the wrong user would be unsafe.
  if (changed_ && ::seteuid(0) != 0) std::terminate();
}

}  // namespace sallyport::start
