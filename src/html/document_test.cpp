// The document around a page: its bytes, the escaping in its head, and where the nonce goes.
#include "html/document.hpp"

#include <string>

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(Document, IsComplete) {
  const Page page{.title = "Notes",
                  .description = "All of them",
                  .icon = LocalPath("/icon.png"),
                  .stylesheets = {"/a.css", "/b.css"},
                  .scripts = {"/a.js?v=1"},
                  .body = html<"<h1>{}</h1>">("Hi")};
  EXPECT_TRUE(page.has_scripts());
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(markup::render_document(page, "n+/0nce=="),
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Notes</title>\n"
            "<meta name=\"description\" content=\"All of them\">\n<link rel=\"icon\" href=\"/icon.png\">\n"
            "<link rel=\"stylesheet\" href=\"/a.css\">\n<link rel=\"stylesheet\" href=\"/b.css\">\n"
            "<script src=\"/a.js?v=1\" nonce=\"n+/0nce==\" defer></script>\n"
            "</head>\n<body>\n<h1>Hi</h1>\n</body>\n</html>\n");
}

// Subresource Integrity, W3C: a file with another's hash would not be loaded.
TEST(Document, SaysOfEachFileItsOwnHash) {
  const Page page{.title = "x", .stylesheets = {"/a.css", "/b.css"}, .scripts = {"/a.js"}};
  const markup::Integrity known[] = {{"/b.css", "sha384-b"}, {"/a.js", "sha384-a"}};
  const std::string document = markup::render_document(page, "n", known);
  EXPECT_NE(document.find("<link rel=\"stylesheet\" href=\"/a.css\">"), std::string::npos);
  EXPECT_NE(document.find("<link rel=\"stylesheet\" href=\"/b.css\" integrity=\"sha384-b\">"), std::string::npos);
  EXPECT_NE(document.find("<script src=\"/a.js\" integrity=\"sha384-a\" nonce=\"n\" defer>"), std::string::npos);
}

TEST(Document, EscapesItsHead) {
  const Page page{.title = "</title><script>alert(1)</script>", .lang = "\"><script>", .description = "\" onload=\"x"};
  const std::string document = markup::render_document(page, "");
  EXPECT_EQ(document.find("<script"), std::string::npos);
  EXPECT_NE(document.find("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>"), std::string::npos);
  EXPECT_NE(document.find("<html lang=\"&#34;&gt;&lt;script&gt;\">"), std::string::npos);
  EXPECT_NE(document.find("content=\"&#34; onload=&#34;x\""), std::string::npos);
}

TEST(Document, WithoutScriptsHoldsNoNonce) {
  const Page page{.title = "x", .body = html<"<p>y</p>">()};
  EXPECT_FALSE(page.has_scripts());
  EXPECT_EQ(markup::render_document(page, "SECRETNONCE").find("SECRETNONCE"), std::string::npos);
}

TEST(Document, TheNonceCannotLeaveItsAttribute) {
  const Page page{.title = "x", .scripts = {"/a.js"}};
  EXPECT_NE(markup::render_document(page, "\"><b>").find("nonce=\"&#34;&gt;&lt;b&gt;\""), std::string::npos);
}

}  // namespace
}  // namespace sallyport
