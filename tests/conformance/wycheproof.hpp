// Reads C2SP Wycheproof test vectors from the folder of conformance data, which is not part of this repository.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "crypto/hex.hpp"

namespace sallyport::conformance {

/// One file of vectors.
class Vectors {
 public:
  explicit Vectors(const std::string& file) {
    const char* const named = std::getenv("SALLYPORT_CONFORMANCE");
    const std::filesystem::path root = named != nullptr
                                           ? std::filesystem::path(named)
                                           : std::filesystem::path(SALLYPORT_SOURCE_DIR) / "../shared/conformance";
    folder_ = root / "wycheproof";
    if (!absent()) root_ = parser_.load((folder_ / file).string());
  }

  [[nodiscard]] bool absent() const { return !std::filesystem::is_directory(folder_); }
  [[nodiscard]] std::string folder() const { return folder_.string(); }
  [[nodiscard]] simdjson::dom::array groups() const { return root_["testGroups"]; }
  /// How many tests the file says it has.
  [[nodiscard]] std::size_t count() const { return root_["numberOfTests"].get_uint64(); }

 private:
  std::filesystem::path folder_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
};

inline std::size_t number(simdjson::dom::element object, std::string_view name) { return object[name].get_uint64(); }

inline bool is_valid(simdjson::dom::element test) { return std::string_view(test["result"]) == "valid"; }

inline std::vector<unsigned char> bytes(simdjson::dom::element object, std::string_view name) {
  const std::string_view text = object[name];
  std::vector<unsigned char> out(text.size() / 2);
  EXPECT_TRUE(crypto::decode_hex(text, out)) << name;
  return out;
}

}  // namespace sallyport::conformance
