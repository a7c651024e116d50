// Lines of CSV: a text stays in its cell, and is no formula.
#include <sallyport/csv.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace sallyport {
namespace {

enum class Colour { red, green };

std::string cell(std::string_view text) {
  std::string line = csv_line(text).take();
  return line.substr(0, line.size() - 2);
}

TEST(CsvLine, values_of_all_kinds) {
  EXPECT_EQ(
      csv_line("id", 7, -7, 1.5, true, Colour::green, std::string("x"), Maybe<int>(), std::optional<int>(3)).text(),
      "\"id\",7,-7,1.5,true,\"green\",\"x\",,3\r\n");
  EXPECT_EQ(csv_line().text(), "\r\n");
}

TEST(CsvLine, a_text_stays_in_its_cell) {
  EXPECT_EQ(cell("a,b"), "\"a,b\"");
  EXPECT_EQ(cell("a\";\"b"), "\"a\"\";\"\"b\"");
  EXPECT_EQ(cell("a\r\nb"), "\"a\r\nb\"");
  EXPECT_EQ(cell(std::string_view("a\0b", 3)), "\"ab\"");
}

TEST(CsvLine, no_formula_of_a_text) {
  for (const std::string_view text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
                                      "\xEF\xBC\x9D"
                                      "1"}) {
    EXPECT_EQ(cell(text), "\"'" + std::string(text) + "\"") << text;
  }
  EXPECT_EQ(cell("  =1"), "\"'  =1\"") << "spaces are skipped";
  EXPECT_EQ(cell("1=1"), "\"1=1\"");
  EXPECT_EQ(cell(""), "\"\"");
}

}  // namespace
}  // namespace sallyport
