// Refusals for what the program and its machine are: how it was built, what the kernel lets it do.
#include "refusals/deployment.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <optional>
#include <thread>

namespace sallyport::testing {
namespace {

// A system call with one of its arguments, as far as a filter looks.
struct Call {
  std::uint32_t number;
  std::uint32_t argument;  // which
  std::uint32_t value;
};

// From here on the calling thread, and what it starts, gets EAGAIN from such calls.
bool forbid(const Call& call) {
  const auto argument =
      static_cast<std::uint32_t>(offsetof(seccomp_data, args) + call.argument * sizeof(std::uint64_t));
  std::array<sock_filter, 6> steps{
      {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call.number, 0, 3), BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument),
       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call.value, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN),
       BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
  sock_fprog program{static_cast<unsigned short>(steps.size()), steps.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

// The codes that a start without the system call refuses with; nothing when this machine can't forbid it. Done in a thread, which the
// filter ends with.
std::optional<Codes> refusals_without(const Call& call) {
  Deployment deployment;
  std::optional<Codes> codes;
  std::thread([&] {
    if (forbid(call)) codes = deployment.refusals();
  }).join();
  return codes;
}

TEST(Start, CoreDumpsThatCannotBeTurnedOff) {
  const auto codes = refusals_without({SYS_prctl, 0, PR_SET_DUMPABLE});
  if (!codes) GTEST_SKIP() << "needs seccomp";
  EXPECT_EQ(*codes, Codes{"CFG-022"});
}

TEST(Start, PrivilegesThatCouldGrow) {
  const auto codes = refusals_without({SYS_prctl, 0, PR_SET_NO_NEW_PRIVS});
  if (!codes) GTEST_SKIP() << "needs seccomp";
  EXPECT_EQ(*codes, Codes{"CFG-021"});
}

TEST(Start, RandomNumbersThatWouldHaveToBeWaitedFor) {
  const auto codes = refusals_without({SYS_getrandom, 2, GRND_NONBLOCK});
  if (!codes) GTEST_SKIP() << "needs seccomp";
  EXPECT_EQ(*codes, Codes{"CFG-070"});
}

// Tests are built without optimisation, so that nothing of what they start may serve in production. That a release build may is shown
// by tests/package.
TEST(Start, BuildWithoutHardening) {
  Deployment deployment;
  deployment.set("--waivers", "");
  Process process("notes", deployment.arguments, deployment.environment, deployment.path());
  EXPECT_EQ(process.wait(), 78);
  const std::string& said = process.errors;
  EXPECT_NE(said.find("CFG-020  program"), said.npos) << said;
  EXPECT_NE(said.find("_FORTIFY_SOURCE"), said.npos) << said;
  EXPECT_NE(said.find("notes.cpp"), said.npos) << said;
  EXPECT_NE(said.find("fix: in CMakeLists.txt: sallyport_service(NAME SOURCE…), built with -DCMAKE_BUILD_TYPE=Release"),
            said.npos)
      << said;
}

TEST(Start, HashingBelowTheFloor) {
  EXPECT_EQ(Deployment().set("--password.iterations", "1").refusals(), Codes{"CFG-041"});
  EXPECT_EQ(Deployment().set("--password.memory-kib", "1024").refusals(), Codes{"CFG-041"});
}

}  // namespace
}  // namespace sallyport::testing
