// Folders, assets and compression over a socket: what express.static does, and what it has had to learn.
#include "base/descriptor_budget.hpp"
#include "support/small_service.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace sallyport::testing {
namespace {

void write(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  // Long ago, for a service whose clock stands still.
  const timespec times[2] = {{946'684'800, 0}, {946'684'800, 0}};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
}

Router folder_routes(const std::string& folder) {
  Router router = small_routes();
  router.files("/static", anyone("for the tests of files"), folder);
  router.files("/mine", signed_in, folder, same_for_everyone("the files of this test"));
  router.get("/long", anyone("for the tests of files"), [] { return small::Greeting{std::string(5000, 'a')}; });
  router.get("/tagged", anyone("for the tests of files"),
             [] { return Response::text(std::string(5000, 'a')).header("ETag", "\"mine\""); });
  router.get("/short", anyone("for the tests of files"), [] { return small::Greeting{"a"}; });
  return router;
}

class FileService {
 public:
  FileService() {
    const std::string root = folder_.file("public");
    std::filesystem::create_directories(root + "/docs");
    write(root + "/hello.txt", "0123456789");
    write(root + "/empty.txt", "");
    write(root + "/app.3f9a1c2b.js", "let x = 1;\n");
    write(root + "/index.html", "<!doctype html><title>t</title>");
    write(root + "/docs/index.html", "<!doctype html><title>docs</title>");
    write(root + "/style.css", "body{}");
    write(root + "/style.css.br", "brotli");
    write(root + "/style.css.gz", "gzip");
    write(root + "/picture.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    write(root + "/strange.xyz", "?");
    write(root + "/large.bin", std::string(3'000'000, 'L'));
    write(folder_.file("secret.txt"), "secret");
    std::filesystem::create_symlink(folder_.file("secret.txt"), root + "/link.txt");
    service_.emplace(folder_routes(root), std::vector<Migration>{},
                     [](ops::Settings& settings) { settings.limits.connections_per_client = 1000; });
  }
  TestService* operator->() { return &*service_; }
  std::string request(const std::string& line, const std::string& rest = {}) {
    return line + " HTTP/1.1\r\nHost: " + service_->authority() + "\r\n" + rest + "\r\n";
  }
  HttpResponse get(const std::string& path, const std::string& rest = {}) {
    HttpClient client(service_->port());
    client.send(request("GET " + path, rest));
    return client.receive().value_or(HttpResponse{});
  }
  TemporaryFolder folder_;
  std::optional<TestService> service_;
};

TEST(Folder, ServesWhatLiesInIt) {
  FileService service;
  const auto text = service.get("/static/hello.txt");
  EXPECT_EQ(text.status, 200);
  EXPECT_EQ(text.body, "0123456789");
  EXPECT_EQ(text.field("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(text.field("cache-control"), "no-cache");
  EXPECT_EQ(text.field("accept-ranges"), "bytes");
  EXPECT_NE(text.field("etag"), "");
  EXPECT_EQ(service.get("/static/empty.txt").body, "");
  EXPECT_EQ(service.get("/static/large.bin").body, std::string(3'000'000, 'L'));
  EXPECT_EQ(service.get("/static/").field("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(service.get("/static/docs/").status, 200);
  EXPECT_EQ(service.get("/static/docs/").field("cache-control"), "private, no-cache");
  EXPECT_EQ(service.get("/static/strange.xyz").field("content-type"), "application/octet-stream");
  EXPECT_EQ(service.get("/static/app.3f9a1c2b.js").field("cache-control"), "public, max-age=31536000, immutable");
}

TEST(Folder, HeadHasNoBody) {
  FileService service;
  HttpClient client(service->port());
  client.send(service.request("HEAD /static/hello.txt") + service.request("GET /"));
  EXPECT_EQ(client.receive(true)->field("content-length"), "10");
  EXPECT_EQ(client.receive()->status, 200);
}

TEST(Folder, TraversalFindsNothing) {
  FileService service;
  for (const char* path :
       {"/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt", "/static/link.txt",
        "/static/.env", "/static/docs", "/static/docs//index.html", "/static/nothing.txt", "/static/hello.txt/",
        "/static/hello.txt%00.png", "/static/..\\secret.txt"}) {
    const int status = service.get(path).status;
    EXPECT_TRUE(status == 404 || status == 400) << path << ": " << status;
  }
}

TEST(Folder, ScriptInAPictureStaysInert) {
  FileService service;
  const auto picture = service.get("/static/picture.svg");
  EXPECT_EQ(picture.field("content-type"), "image/svg+xml; charset=utf-8");
  EXPECT_NE(picture.field("content-security-policy").find("sandbox"), std::string::npos);
  EXPECT_NE(service.get("/static/index.html").field("content-security-policy").find("script-src 'none'"),
            std::string::npos);
}

TEST(Folder, RangesAndConditions) {
  FileService service;
  const auto whole = service.get("/static/hello.txt");
  const auto part = service.get("/static/hello.txt", "Range: bytes=2-4\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.field("content-range"), "bytes 2-4/10");
  const auto beyond = service.get("/static/hello.txt", "Range: bytes=10-\r\n");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.field("content-range"), "bytes */10");
  EXPECT_EQ(service.get("/static/hello.txt", "Range: bytes=0-0,2-2\r\n").status, 200) << "several: the whole";
  const std::string etag = whole.field("etag");
  EXPECT_EQ(service.get("/static/hello.txt", "If-None-Match: " + etag + "\r\n").status, 304);
  EXPECT_EQ(service.get("/static/hello.txt", "If-Match: \"other\"\r\n").status, 412);
  EXPECT_EQ(service.get("/static/hello.txt", "Range: bytes=2-4\r\nIf-Range: " + etag + "\r\n").status, 206);
  EXPECT_EQ(service.get("/static/hello.txt", "Range: bytes=2-4\r\nIf-Range: \"other\"\r\n").status, 200);
  const auto unchanged = service.get("/static/hello.txt", "If-None-Match: " + etag + "\r\n");
  EXPECT_EQ(unchanged.field("etag"), etag);
  EXPECT_EQ(unchanged.field("cache-control"), "no-cache");
}

TEST(Folder, CompressedFilesBesideTheOriginal) {
  FileService service;
  const auto brotli = service.get("/static/style.css", "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(brotli.body, "brotli");
  EXPECT_EQ(brotli.field("content-encoding"), "br");
  EXPECT_EQ(brotli.field("content-type"), "text/css; charset=utf-8");
  EXPECT_NE(brotli.field("vary").find("Accept-Encoding"), std::string::npos);
  const auto gzip = service.get("/static/style.css", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(gzip.body, "gzip");
  const auto plain = service.get("/static/style.css");
  EXPECT_EQ(plain.body, "body{}");
  EXPECT_EQ(plain.count("content-encoding"), 0U);
  EXPECT_NE(plain.field("etag"), gzip.field("etag"));
  EXPECT_NE(brotli.field("etag"), gzip.field("etag"));
}

TEST(Folder, PolicyGuardsIt) {
  FileService service;
  EXPECT_EQ(service.get("/mine/hello.txt").status, 401);
  EXPECT_EQ(service.get("/mine/nothing.txt").status, 401) << "not even whether it exists";
}

TEST(Folder, FilesAreNotForm) {
  FileService service;
  HttpClient client(service->port());
  client.send(service.request("POST /static/hello.txt", "Sec-Fetch-Site: same-origin\r\nContent-Length: 0\r\n"));
  const auto answer = client.receive();
  EXPECT_EQ(answer->status, 405);
  EXPECT_EQ(answer->field("allow"), "OPTIONS, GET, HEAD");
}

// One client that fetches large files and reads nothing must not take every descriptor there is.
TEST(Folder, OpenFilesOfOneClientAreBounded) {
  FileService service;
  std::vector<std::unique_ptr<HttpClient>> slow;
  for (std::uint32_t i = 0; i < base::descriptor_budget().files_per_client; ++i) {
    slow.push_back(std::make_unique<HttpClient>(service->port()));
    slow.back()->send(service.request("GET /static/large.bin"));
    ASSERT_EQ(slow.back()->receive_head()->status, 200) << i;
  }
  const auto refused = service.get("/static/large.bin");
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.field("retry-after"), "");
  EXPECT_EQ(service.get("/static/hello.txt").status, 200) << "small files hold nothing open";
  EXPECT_NE(service->log().find("limit/files"), std::string::npos);
  slow.clear();
  int status = 503;
  for (int i = 0; i < 1000 && status == 503; ++i) {
    service->advance(std::chrono::nanoseconds(1));
    status = service.get("/static/large.bin").status;
  }
  EXPECT_EQ(status, 200);
}

TEST(Folder, LookingForWhatIsNotThereIsCounted) {
  TemporaryFolder folder;
  write(folder.file("there.txt"), "x");
  Router router;
  router.files("/static", anyone("for the tests of files"), folder.file("."));
  const TestService service(router, {}, [](ops::Settings& settings) {
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 3;
  });
  const auto status = [&](const std::string& path) {
    HttpClient client(service.port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
    return client.receive()->status;
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(status("/static/backup.zip"), 404);
  EXPECT_EQ(status("/static/backup.zip"), 429);
  EXPECT_EQ(status("/static/there.txt"), 200);
}

TEST(Folder, LookingForWhatIsWithheldIsCounted) {
  TemporaryFolder folder;
  write(folder.file("there.txt"), "x");
  Router router;
  router.files("/static", anyone("for the tests of files"), folder.file("."));
  const TestService service(router, {}, [](ops::Settings& settings) {
    settings.limits.general_per_second = 1;
    settings.limits.general_burst = 2;
  });
  write(folder.file("dump.sql"), "x");
  write(folder.file("key.txt"), "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----\n");
  const auto status = [&](const std::string& path) {
    HttpClient client(service.port());
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
    return client.receive()->status;
  };
  EXPECT_EQ(status("/static/dump.sql"), 404);
  EXPECT_EQ(status("/static/key.txt"), 404);
  EXPECT_EQ(status("/static/dump.sql"), 429) << "or the answer would tell that it is there";
  EXPECT_EQ(status("/static/key.txt"), 429);
  EXPECT_EQ(status("/static/there.txt"), 200);
}

TEST(Folder, WhatNobodyShouldReadRefusesToStart) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("public/.git"));
  write(folder.file("public/dump.sql"), "x");
  Router router;
  router.files("/static", anyone("for the tests of files"), folder.file("public"));
  try {
    const TestService service(router);
    FAIL() << "it started";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("CFG-023"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("dump.sql"), std::string::npos) << error.what();
  }
}

TEST(Folder, WhatAppearsAfterTheStartIsJudgedAsWell) {
  TemporaryFolder folder;
  std::filesystem::create_directories(folder.file("public"));
  Router router;
  router.files("/static", anyone("for the tests of files"), folder.file("public"));
  TestService service(router);
  std::filesystem::create_directories(folder.file("public/node_modules"));
  const std::string key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----\n";
  for (const char* name : {"site.key", "dump.sql", "dump.sql.gz", "app.db", "access.log", "index.html.bak", "main.cpp",
                           "ID_RSA", "node_modules/x.js"}) {
    write(folder.file(std::string("public/") + name), "x");
    HttpClient client(service.port());
    client.send(std::string("GET /static/") + name + " HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 404) << name;
  }
  write(folder.file("public/notes.txt"), "A key begins with -----BEGIN PRIVATE KEY-----, as it were.\n");
  write(folder.file("public/backup.txt"), "first\n" + key);
  HttpClient client(service.port());
  client.send("GET /static/backup.txt HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 404);
  client.send("GET /static/backup.txt HTTP/1.1\r\nHost: " + service.authority() + "\r\nRange: bytes=40-\r\n\r\n");
  const auto rest = client.receive();
  EXPECT_EQ(rest->status, 404) << "a part of it, without the line that tells";
  EXPECT_EQ(rest->field("content-range"), "");
  EXPECT_EQ(rest->field("etag"), "");
  client.send("HEAD /static/backup.txt HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
  EXPECT_EQ(client.receive(true)->status, 404);
  client.send("GET /static/notes.txt HTTP/1.1\r\nHost: " + service.authority() + "\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 200);
  client.send("GET /static/notes.txt HTTP/1.1\r\nHost: " + service.authority() + "\r\nRange: bytes=2-4\r\n\r\n");
  const auto part = client.receive();
  EXPECT_EQ(part->status, 206);
  EXPECT_EQ(part->body, "key");
  EXPECT_NE(service.log().find("\"event\":\"sys_exposed_file\""), std::string::npos);
}

TEST(Asset, IsSentCompressed) {
  SmallService service;
  Router router;
  const std::string script(4000, ';');
  router.asset("/big.js", AssetType::javascript, script);
  const TestService big(router);
  HttpClient client(big.port());
  client.send("GET /big.js HTTP/1.1\r\nHost: " + big.authority() + "\r\nAccept-Encoding: br\r\n\r\n");
  const auto answer = client.receive();
  EXPECT_EQ(answer->field("content-encoding"), "br");
  EXPECT_LT(answer->body.size(), 200U);
  client.send("GET /big.js HTTP/1.1\r\nHost: " + big.authority() +
              "\r\nAccept-Encoding: br\r\nIf-None-Match: " + answer->field("etag") + "\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 304);
  client.send("GET /big.js HTTP/1.1\r\nHost: " + big.authority() + "\r\nRange: bytes=0-1\r\n\r\n");
  EXPECT_EQ(client.receive()->body, ";;");
}

TEST(Compression, OfAnswersWithoutSecrets) {
  FileService service;
  const auto coded = service.get("/long", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(coded.field("content-encoding"), "gzip");
  EXPECT_EQ(coded.field("vary"), "Accept-Encoding");
  EXPECT_LT(coded.body.size(), 200U);
  EXPECT_EQ(service.get("/long").field("vary"), "Accept-Encoding") << "a cache must know that there are two";
  EXPECT_EQ(service.get("/short", "Accept-Encoding: gzip\r\n").count("content-encoding"), 0U);
  EXPECT_EQ(service.get("/tagged", "Accept-Encoding: gzip\r\n").count("content-encoding"), 0U)
      << "the tag names the bytes as they are";
  EXPECT_EQ(service.get("/long", "Accept-Encoding: gzip;q=0\r\n").count("content-encoding"), 0U);
}

// BREACH, CVE-2013-3587: what is secret and what the client sent must not be compressed together.
TEST(Compression, NotOfAnswersToSomebody) {
  FileService service;
  EXPECT_EQ(service.get("/long", "Accept-Encoding: gzip\r\nCookie: a=b\r\n").count("content-encoding"), 0U);
  EXPECT_EQ(service.get("/long", "Accept-Encoding: gzip\r\nAuthorization: Bearer x\r\n").count("content-encoding"), 0U);
}

}  // namespace
}  // namespace sallyport::testing
