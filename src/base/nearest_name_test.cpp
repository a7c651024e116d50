// Misspelt names find the one that was meant, and nonsense finds none.
#include "base/nearest_name.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace sallyport::base {
namespace {

TEST(EditDistance, CountsEachSlipOnce) {
  EXPECT_EQ(edit_distance("port", "port"), 0U);
  EXPECT_EQ(edit_distance("prot", "port"), 1U);  // swapped
  EXPECT_EQ(edit_distance("por", "port"), 1U);
  EXPECT_EQ(edit_distance("sport", "port"), 1U);
  EXPECT_EQ(edit_distance("ports", "port"), 1U);
  EXPECT_EQ(edit_distance("oprt", "port"), 1U);
  EXPECT_EQ(edit_distance("xprot", "yport"), 2U);
  EXPECT_EQ(edit_distance("pork", "port"), 1U);
  EXPECT_EQ(edit_distance("", "port"), 4U);
  EXPECT_EQ(edit_distance("port", ""), 4U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);  // optimal alignment: no edit inside a swapped pair
}

TEST(EditDistance, StopsReadingLongInput) {
  EXPECT_EQ(edit_distance(std::string(10'000, 'a'), std::string(5'000, 'b')), 64U);
}

TEST(NearestName, FindsWhatWasMeant) {
  constexpr std::string_view names[] = {"server.port", "server.origin", "limits.general_burst",
                                        "limits.general_per_second"};
  EXPECT_EQ(nearest_name("server.prot", names), "server.port");
  EXPECT_EQ(nearest_name("limits.general_brust", names), "limits.general_burst");
  EXPECT_EQ(nearest_name("limits.general_per_secnd", names), "limits.general_per_second");
  EXPECT_EQ(nearest_name("cookies", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("x", {}), "");
}

TEST(NearestName, AThirdOfTheLettersMayBeWrongAndOneAlways) {
  const auto finds = [](std::string_view misspelt, std::string_view name) {
    return nearest_name(misspelt, std::array{name}) == name;
  };
  EXPECT_TRUE(finds("po", "por"));
  EXPECT_FALSE(finds("po", "port"));
  EXPECT_TRUE(finds("abcde", "abcdx"));
  EXPECT_FALSE(finds("abcde", "abcxx"));
  EXPECT_TRUE(finds("abcdef", "abcdxx"));
  EXPECT_FALSE(finds("abcdef", "abcxxx"));
}

TEST(NearestName, OfEqualsTheFirst) {
  constexpr std::string_view names[] = {"port", "porn", "pore"};
  EXPECT_EQ(nearest_name("pork", names), "port");
}

}  // namespace
}  // namespace sallyport::base
