// Files that handlers keep in a Folder, over a socket.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "route/kept_folder.hpp"

namespace kept_files {

struct Upload {
  sallyport::Line<1, 200> name;
  sallyport::Text<0, 100'000> text;
};

}  // namespace kept_files

namespace sallyport::testing {
namespace {

using Uploads = Folder<"uploads">;
using Name = Path<"name", Line<1, 200>>;

Router routes() {
  Router router;
  constexpr anyone why("for the tests of files");
  router.post("/files", why, [](Body<kept_files::Upload> in, Uploads& uploads) {
    if (!uploads.write_new(in->name, in->text.view())) throw Problem(409, "There is such a file");
    return NoContent{};
  });
  router.get("/files/:name", why, [](Name name, const Uploads& uploads) { return uploads.file(*name); });
  router.get("/saved/:name", why, [](Name name, const Uploads& uploads) {
    return uploads.file(*name).header(attachment("as it was called.txt"));
  });
  router.get("/text/:name", why, [](Name name, const Uploads& uploads) {
    return Response::text(uploads.read(*name).or_problem(404, "No such file"));
  });
  router.get("/short/:name", why,
             [](Name name, const Uploads& uploads) { return Response::text(uploads.read(*name, 3).value_or("none")); });
  router.del("/files/:name", why, [](Name name, Uploads& uploads) {
    if (!uploads.remove(*name)) throw Problem(404, "No such file");
    return NoContent{};
  });
  router.get("/names", why, [](const Uploads& uploads) {
    std::string all;
    for (const std::string& name : uploads.names()) all += name + "\n";
    return Response::text(all);
  });
  // By a reference that is not the route's own.
  router.get("/write", why, [](const Uploads& uploads) {
    static_cast<void>(const_cast<Uploads&>(uploads).write_new("by-a-get", "x"));  // NOLINT: what is refused
    return NoContent{};
  });
  return router;
}

class KeptFiles : public ::testing::Test {
 protected:
  std::shared_ptr<Uploads> open() {
    auto folder = std::make_shared<Uploads>(folder_.path());
    std::string problem;
    folder->opened(route::KeptFolder::at(folder_.path(), problem));
    EXPECT_EQ(problem, "");
    return folder;
  }
  HttpResponse put(const std::string& name, const std::string& text) {
    return browser_.post_json("/files", R"({"name":")" + name + R"(","text":")" + text + "\"}");
  }

  TemporaryFolder folder_;
  TestService service_{routes(), {}, {}, {{&sallyport::detail::state_key<Uploads>, open()}}};
  Browser browser_{service_.port(), service_.authority()};
};

TEST_F(KeptFiles, AreSavedAndNeverShown) {
  EXPECT_EQ(put("x.html", "<script>alert(1)</script>").status, 204);
  const HttpResponse answer = browser_.get("/files/x.html");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "<script>alert(1)</script>");
  EXPECT_EQ(answer.field("content-type"), "application/octet-stream");
  EXPECT_EQ(answer.field("content-disposition"), "attachment; filename=\"x.html\"");
  EXPECT_EQ(answer.field("x-content-type-options"), "nosniff");
  EXPECT_EQ(put("x.txt", "text").status, 204);
  EXPECT_EQ(browser_.get("/files/x.txt").field("content-type"), "text/plain; charset=utf-8");
}

TEST_F(KeptFiles, AreSavedUnderAnotherName) {
  ASSERT_EQ(put("7f3a", "text").status, 204);
  EXPECT_EQ(browser_.get("/saved/7f3a").field("content-disposition"), "attachment; filename=\"as it was called.txt\"");
}

TEST_F(KeptFiles, InPartsAndUnderConditions) {
  const std::string text(50'000, 'x');
  ASSERT_EQ(put("large", "0123456789" + text).status, 204);
  const HttpResponse part = browser_.get("/files/large", "Range: bytes=2-4\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.field("content-range"), "bytes 2-4/50010");
  const HttpResponse whole = browser_.get("/files/large");
  EXPECT_EQ(whole.body.size(), 50'010U);
  EXPECT_EQ(browser_.get("/files/large", "If-None-Match: " + std::string(whole.field("etag")) + "\r\n").status, 304);
  EXPECT_EQ(browser_.get("/files/large", "Range: bytes=90000-\r\n").status, 416);
}

TEST_F(KeptFiles, ByNamesOfClients) {
  std::ofstream(folder_.path() + "/../secret-of-the-test") << "x";
  for (const std::string name : {"../secret-of-the-test", "..", ".hidden", "a/b", "nul", "C:x"})
    EXPECT_EQ(put(name, "x").status, 422) << name;
  for (const std::string name : {"..%2Fsecret-of-the-test", ".hidden", "nul", "C%3Ax"}) {
    const int status = browser_.get("/files/" + name).status;
    EXPECT_TRUE(status == 404 || status == 400) << name << status;
  }
  EXPECT_EQ(put("a", "one").status, 204);
  EXPECT_EQ(put("a", "two").status, 409);
  EXPECT_EQ(browser_.get("/text/a").body, "one");
  EXPECT_EQ(browser_.get("/text/b").status, 404);
  EXPECT_EQ(browser_.get("/short/a").body, "one");
  EXPECT_EQ(put("b", "four").status, 204);
  EXPECT_EQ(browser_.get("/short/b").status, 500);
  EXPECT_EQ(browser_.get("/names").body, "a\nb\n");
  EXPECT_EQ(browser_.del("/files/a").status, 204);
  EXPECT_EQ(browser_.del("/files/a").status, 404);
  std::filesystem::remove(folder_.path() + "/../secret-of-the-test");
}

TEST_F(KeptFiles, NothingIsWrittenWhileAGetIsAnswered) {
  EXPECT_EQ(browser_.get("/write").status, 500);
  EXPECT_NE(service_.log().find("a file was written or removed while a GET is answered"), std::string::npos);
  EXPECT_EQ(browser_.get("/names").body, "");
}

}  // namespace
}  // namespace sallyport::testing
