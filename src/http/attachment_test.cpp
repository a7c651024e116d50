// The name of an attachment: one file name, whatever the text is.
#include <sallyport/attachment.hpp>

#include <gtest/gtest.h>

#include <string>

namespace sallyport {
namespace {

std::string field(std::string_view name) { return attachment(name).field(); }
std::string plain(std::string_view name) { return "attachment; filename=\"" + std::string(name) + "\""; }

TEST(Attachment, plain_names_stand_in_quotes) {
  EXPECT_EQ(field("notes.csv"), plain("notes.csv"));
  EXPECT_EQ(field("My notes; of 2026.csv"), plain("My notes; of 2026.csv"));
  EXPECT_EQ(attachment(7).field(), plain("7"));
}

TEST(Attachment, no_second_name_and_no_other_folder) {
  EXPECT_EQ(field("a\"; filename=\"x.bat"), plain("a_; filename=_x.bat"));
  EXPECT_EQ(field("a\r\nSet-Cookie: x=y"), plain("a__Set-Cookie_ x=y"));
  EXPECT_EQ(field("../../etc/passwd"), plain("_.._etc_passwd"));
  EXPECT_EQ(field("C:\\Windows\\x"), plain("C__Windows_x"));
  EXPECT_EQ(field(".bashrc"), plain("bashrc"));
  EXPECT_EQ(field("a\\"), plain("a_"));
}

TEST(Attachment, other_characters_are_encoded) {
  EXPECT_EQ(field("\xC3\x9C"
                  "bung.txt"),
            plain("_bung.txt") + "; filename*=UTF-8''%C3%9Cbung.txt");
  EXPECT_EQ(field("100%.txt"), plain("100_.txt") + "; filename*=UTF-8''100%25.txt");
}

TEST(Attachment, characters_that_hide_an_ending_are_left_out) {
  EXPECT_EQ(field("photo\xE2\x80\xAEgpj.exe"), plain("photogpj.exe"));
}

TEST(Attachment, always_a_name) {
  for (const std::string_view text : {"", ".", "..", "   ", "\xFF\xFE", "..."})
    EXPECT_EQ(field(text), plain("download"));
  EXPECT_EQ(field(std::string(500, 'a')), plain(std::string(180, 'a')));
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "\xE2\x82\xAC";
  EXPECT_EQ(field(wide).find(plain(std::string(60, '_')) + "; filename*"), 0U) << "cut between two characters";
}

}  // namespace
}  // namespace sallyport
