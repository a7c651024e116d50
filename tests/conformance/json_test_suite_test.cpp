// JSONTestSuite (N. Seriot): what must parse does, what must be refused is, and nothing crashes.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include <sallyport/schema.hpp>

namespace sallyport {
namespace {

std::filesystem::path suite() {
  const char* folder = std::getenv("SALLYPORT_CONFORMANCE");
  return std::filesystem::path(folder != nullptr ? folder : "../shared/conformance") / "json" / "test_parsing";
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(JsonTestSuite, EveryCase) {
  if (!std::filesystem::exists(suite())) {
    GTEST_SKIP() << "no " << suite() << ": set SALLYPORT_CONFORMANCE to the folder that holds json/test_parsing";
  }
  int accepted = 0;
  int refused = 0;
  int either = 0;
  for (const auto& file : std::filesystem::directory_iterator(suite())) {
    const std::string name = file.path().filename();
    if (file.path().extension() != ".json") continue;
    // Exactly as long as the document, so that a sanitizer sees any byte read behind it.
    const std::string text = contents(file.path());
    const bool valid = detail::valid_json(text);
    switch (name[0]) {
      case 'y':
        EXPECT_TRUE(valid) << name;
        ++accepted;
        break;
      case 'n':
        EXPECT_FALSE(valid) << name;
        ++refused;
        break;
      case 'i':
        ++either;
        break;
      default:
        ADD_FAILURE() << "what is " << name << "?";
    }
  }
  EXPECT_GE(accepted, 95);
  EXPECT_GE(refused, 188);
  EXPECT_GE(either, 35);
}

}  // namespace
}  // namespace sallyport
