// From root to a user: in child processes, because there is no way back.
#include "start/privileges.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sallyport::start {
namespace {

ops::Settings settings_for(std::string user, ops::Mode mode = ops::Mode::production) {
  ops::Settings settings;
  settings.mode = mode;
  settings.server.user = std::move(user);
  return settings;
}

std::string codes(const ops::Settings& settings) {
  ops::Findings findings;
  static_cast<void>(service_user(settings, findings));
  std::string out;
  for (const ops::Finding& finding : findings.list()) out.append(finding.code).append(" ");
  return out;
}

// Runs `check` in a child, which answers with the number of the step that failed, 0 for none.
template <class F>
int in_child(F check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(check());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Privileges, UsersThatCannotBe) {
  EXPECT_EQ(codes(settings_for("no-such-user-here")), "CFG-021 ");
  EXPECT_EQ(codes(settings_for("root")), "CFG-021 ");
  EXPECT_EQ(codes(settings_for("root", ops::Mode::development)), "CFG-021 ");
}

TEST(Privileges, RootHasToNameAUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  EXPECT_EQ(codes(settings_for("")), "CFG-021 ");
  EXPECT_EQ(codes(settings_for("", ops::Mode::development)), "");
  EXPECT_EQ(codes(settings_for("nobody")), "");
}

TEST(Privileges, AnyoneElseStaysWhoTheyAre) {
  const auto as_nobody = [](const char* user) {
    return in_child([user] {
      const passwd* const nobody = ::getpwnam("nobody");
      if (::geteuid() == 0 && (!nobody || ::setresuid(nobody->pw_uid, nobody->pw_uid, nobody->pw_uid) != 0)) return 2;
      return codes(settings_for(user)).empty() ? 0 : 1;
    });
  };
  EXPECT_EQ(as_nobody(""), 0);
  EXPECT_EQ(as_nobody("daemon"), 1) << "only root can become another user";
  if (::geteuid() == 0) {
    EXPECT_EQ(as_nobody("nobody"), 0) << "its own name changes nothing";
  }
}

TEST(Privileges, RootIsLeftForGood) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  EXPECT_EQ(in_child([] {
              ops::Findings findings;
              harden_process(ops::Mode::production, findings);
              const ServiceUser user = service_user(settings_for("nobody"), findings);
              {
                const ActAs service(user);
                if (::geteuid() != user.id) return 1;
              }
              if (::geteuid() != 0) return 2;
              drop_privileges(user, ops::Mode::production, findings);
              if (!findings.empty()) return 3;
              if (::getuid() != user.id || ::geteuid() != user.id || ::getegid() != user.group) return 4;
              if (::setuid(0) == 0 || ::setgid(0) == 0 || ::setgroups(0, nullptr) == 0) return 5;
              if (::open("/etc/shadow", O_RDONLY) >= 0) return 6;
              rlimit core{1, 1};
              ::getrlimit(RLIMIT_CORE, &core);
              if (core.rlim_max != 0 || ::prctl(PR_GET_DUMPABLE) != 0) return 7;
              return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 8;
            }),
            0);
}

TEST(Privileges, DevelopmentKeepsWhatItHas) {
  EXPECT_EQ(in_child([] {
              ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);  // whatever a test before it has done to this process
              ops::Findings findings;
              const uid_t before = ::geteuid();
              harden_process(ops::Mode::development, findings);
              drop_privileges(service_user(settings_for("", ops::Mode::development), findings), ops::Mode::development,
                              findings);
              return findings.empty() && ::geteuid() == before && ::prctl(PR_GET_DUMPABLE) == 1 ? 0 : 1;
            }),
            0);
}

TEST(Privileges, WhatCannotBeDoneIsAFinding) {
  EXPECT_EQ(in_child([] {
              const passwd* const nobody = ::getpwnam("nobody");
              if (::geteuid() == 0 && (!nobody || ::setresuid(nobody->pw_uid, nobody->pw_uid, nobody->pw_uid) != 0))
                return 2;
              ops::Findings findings;
              drop_privileges({.name = "daemon", .id = 1, .group = 1, .changes = true}, ops::Mode::production,
                              findings);
              return findings.list().size() == 1 && findings.list().front().code == "CFG-021" ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace sallyport::start
