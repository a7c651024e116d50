// File types: names as they are met, and which of them a browser would run.
#include "http/file_types.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sallyport::http {
namespace {

TEST(FileType, ByTheEndOfTheName) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"index.html", "text/html; charset=utf-8"},
      {"INDEX.HTM", "text/html; charset=utf-8"},
      {"app.3f9a1c2b.js", "text/javascript; charset=utf-8"},
      {"a/b.c/app.min.CSS", "text/css; charset=utf-8"},
      {"logo.svg", "image/svg+xml; charset=utf-8"},
      {"photo.jpg.webp", "image/webp"},
      {"site.webmanifest", "application/manifest+json"},
      {"data.json", "application/json"},
      {"app.js.map", "application/json"},
      {"font.woff2", "font/woff2"},
      {"module.wasm", "application/wasm"},
      {"model.glb", "model/gltf-binary"},
      {"archive.zip", "application/zip"},
      {"photo.html.exe", "application/octet-stream"},
      {"README", "application/octet-stream"},
      {"", "application/octet-stream"},
      {".", "application/octet-stream"},
      {"html", "application/octet-stream"},
      {"a.", "application/octet-stream"},
      {"a.htmlx", "application/octet-stream"},
      {"a.html ", "application/octet-stream"},
      {"a.php", "application/octet-stream"},
      {"a.webmanifestwebmanifest", "application/octet-stream"},
      {"a.\xc3\xa9", "application/octet-stream"},
  };
  for (const auto& [name, type] : cases) EXPECT_EQ(file_type(name).content_type, type) << name;
}

TEST(FileType, WhatABrowserRunsIsActive) {
  for (const std::string_view name : {"a.html", "a.htm", "a.xhtml", "a.svg", "a.xml", "a.xsl", "a.rss", "a.atom"}) {
    EXPECT_TRUE(file_type(name).active) << name;
  }
  for (const std::string_view name : {"a.js", "a.css", "a.json", "a.txt", "a.png", "a.pdf", "a", "a.exe"}) {
    EXPECT_FALSE(file_type(name).active) << name;
  }
}

TEST(FileType, WhatGainsFromCompression) {
  for (const std::string_view name : {"a.html", "a.js", "a.css", "a.json", "a.svg", "a.wasm", "a.ttf", "a.txt"}) {
    EXPECT_TRUE(file_type(name).compressible) << name;
  }
  for (const std::string_view name : {"a.png", "a.jpg", "a.woff2", "a.zip", "a.gz", "a.mp4", "a.bin", "a"}) {
    EXPECT_FALSE(file_type(name).compressible) << name;
  }
}

TEST(HashedName, WhatBuildToolsWrite) {
  for (const std::string_view name :
       {"app.3f9a1c2b.js", "app-3f9a1c2b.js", "a/b/app-3f9a1c2b.min.css", "app.3f9a1c2b.js.map",
        "app.3f9a1c2b.chunk.css", "base.27e20196a850.js", "logo-3f9a1c2b.svg", "index-B1x2yZ8q.js", "index-D8-kP_2x.js",
        "index.B1x2yZ8q.css", "main-5KL2UV3M.js", "my.app-3f9a1c2b.js", "app-3F9A1C2B.js",
        "application-908e25f4bf641868d8683022a5b62f54908e25f4bf641868d8683022a5b62f54.css"}) {
    EXPECT_TRUE(is_hashed_name(name)) << name;
  }
}

TEST(HashedName, TheLeastThatIsAHash) {
  for (const std::string_view name :
       {"x-3f9a1c2b.js", "x-B1x2yZ8q.js", "app-1234567a.js", "app-abcdef1a.js", "app-B1a2zZ8q.js", "app-Aab12bbA.js"}) {
    EXPECT_TRUE(is_hashed_name(name)) << name;
  }
  for (const std::string_view name : {"-B1x2yZ8q.js", "app-Aab12bbb.js", "app-1234567.js", "app-abcdefaa.js"}) {
    EXPECT_FALSE(is_hashed_name(name)) << name;
  }
}

TEST(HashedName, WhatPeopleWrite) {
  for (const std::string_view name : {"app.js",
                                      "app.min.js",
                                      "jquery-3.7.1.min.js",
                                      "report-20240131.pdf",
                                      "report.20240131.pdf",
                                      "invoice-00012345.pdf",
                                      "book-chapter12.png",
                                      "book-Chapter12.png",
                                      "photo-iPhone15.jpg",
                                      "IMG_20240131_1.jpg",
                                      "photo-deadbeef.jpg",
                                      "app-3f9a1c2.js",
                                      "app-3f9a1c2g.js",
                                      "3f9a1c2b.js",
                                      "-3f9a1c2b.js",
                                      "app3f9a1c2b.js",
                                      "app.3f9a1c2b",
                                      "a-3f9a1c2b/app.js",
                                      "a.3f9a1c2b/app.js",
                                      "index-3f9a1c2b.html",
                                      "feed.3f9a1c2b.xml",
                                      "index-B1x2yZ8q4.js",
                                      "index-B1x2 Z8q.js",
                                      "version2-final.js",
                                      "release-candidate1.js",
                                      "",
                                      ".",
                                      "..",
                                      "-.-",
                                      "app-3f9a1c2b3f9a1c2b3f9a1c2b3f9a1c2b3f9a1c2b3f9a1c2b3f9a1c2b3f9a1c2b3.js"}) {
    EXPECT_FALSE(is_hashed_name(name)) << name;
  }
}

}  // namespace
}  // namespace sallyport::http
