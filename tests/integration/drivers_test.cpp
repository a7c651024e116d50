// Which drivers a program is linked with: those that its code uses, and those that it asks for.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "refusals/deployment.hpp"

namespace sallyport::testing {
namespace {

// Names of shared libraries stand in the file as they are.
bool loads(const char* program, const char* library) {
  std::ifstream stream(std::string(SALLYPORT_BINARY_DIR "/") + program, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_NE(bytes.find("libssl.so"), bytes.npos) << program;
  return bytes.find(library) != bytes.npos;
}

TEST(Drivers, ThatNothingUsesAreNotLinked) {
  for (const char* library : {"libsqlite3.so", "libargon2.so", "libhiredis.so", "libidn2.so", "libunistring.so"}) {
    EXPECT_FALSE(loads("hello", library)) << library;
    EXPECT_TRUE(loads("notes", library)) << library;
  }
}

TEST(Drivers, ThatTheSettingsChooseAndTheProgramLacks) {
  Deployment deployment;
  deployment.set("--limits.store", "redis").set("--redis.url", "redis://127.0.0.1:1").set("--database.path", "");
  for (const char* action : {"", "--check"}) {
    auto arguments = deployment.arguments;
    if (*action) arguments.emplace_back(action);
    Process process("hello", arguments, deployment.environment, deployment.path());
    EXPECT_EQ(process.wait(), 78);
    const std::string said = process.output + process.errors;
    EXPECT_NE(said.find("CFG-031"), said.npos) << said;
    EXPECT_NE(said.find("without the driver for Redis"), said.npos) << said;
    EXPECT_NE(said.find("sallyport_service(NAME … DRIVERS redis)"), said.npos) << said;
  }
}

}  // namespace
}  // namespace sallyport::testing
