// What a handler forgets: a Maybe used blindly, a query not awaited, a change while a GET is answered. That request ends with 500, an id and one
// line that names the handler; the others and the process go on.
#include "support/small_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace misuse {

struct Note {
  std::string title;
};
struct Typed {
  sallyport::Text<3, 20> title;
};
struct Nick {
  sallyport::Maybe<sallyport::Text<1, 20>> nick;
};
struct Tags {
  sallyport::List<sallyport::Text<1, 20>, 5> tags;
};
/// What an application could keep for its whole life.
struct Kept {
  Kept() = default;  // a class, taken at its word
  mutable sallyport::Db* db = nullptr;
  mutable std::vector<sallyport::Piece> pieces;
  mutable std::optional<sallyport::BodyStream<1'000'000>> body;
};

}  // namespace misuse

template <>
struct sallyport::view<misuse::Note> {
  using show = fields<&misuse::Note::title>;
};

namespace sallyport::testing {
namespace {

using misuse::Kept;
using misuse::Note;

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

Task<Maybe<Note>> find(const Db& db, std::string title) {
  co_return co_await db.maybe<Note>("SELECT title FROM scraps WHERE title = ?", title);
}

Task<void> nothing() { co_return; }

const anyone why("for the tests of misuse");

Router routes() {
  Router router = small_routes();
  router.post("/notes", why, [](Body<misuse::Typed> in, Db& db) -> Task<NoContent> {
    co_await db.run("INSERT INTO scraps (title) VALUES (?)", in->title);
    co_return {};
  });
  router.get("/maybe/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Maybe<Note>> {
    co_return co_await db.maybe<Note>("SELECT title FROM scraps WHERE title = ?", *title);
  });
  router.get("/or/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    const Note note = co_await db.maybe<Note>("SELECT title FROM scraps WHERE title = ?", *title)
                          .or_problem(404, "No such note", "It is a long text that does not fit a short string.");
    co_return note;
  });
  router.get("/task/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    co_return co_await find(db, std::string(title->view())).or_problem(404, "No such note");
  });
  router.get("/found/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    co_return co_await db.found<Note>("SELECT title FROM scraps WHERE title = ?", *title);
  });
  router.get("/blind/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    const auto note = co_await db.maybe<Note>("SELECT title FROM scraps WHERE title = ?", *title);
    co_return *note;
  });
  router.get("/caught/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    const auto note = co_await db.maybe<Note>("SELECT title FROM scraps WHERE title = ?", *title);
    try {
      co_return *note;
    } catch (const std::exception&) {
      co_return Note{"caught as a std::exception"};
    } catch (...) {
      co_return Note{"caught as anything"};
    }
  });
  router.get("/nobody", why, [](Maybe<SignedIn> me) { return Note{std::string(me->name)}; });
  router.post("/typed", why, [](TryForm<misuse::Typed> in) { return Note{std::string(in->title.view())}; });
  router.post("/tags", why, [](Body<misuse::Tags> in) { return Note{std::string(in->tags[0].view())}; });
  router.post("/nick", why, [](Body<misuse::Nick> in) { return Note{std::string(in->nick->view())}; });
  router.post("/invite", why, [](Body<misuse::Typed> in) { return Note{(*Email::parse(in->title.view())).key()}; });
  router.post("/link", why,
              [](Body<misuse::Typed> in) { return Note{std::string((*Url::parse(in->title.view())).view())}; });
  router.del("/notes/:title", why, [](Path<"title", Text<1, 40>> title, Db& db) -> Task<NoContent> {
    co_await db.run("DELETE FROM scraps WHERE title = ?", *title).or_problem(404, "No such note");
    co_return {};
  });
  router.del("/both/:title", why, [](Path<"title", Text<1, 40>> title, Db& db) -> Task<NoContent> {
    co_await db.transaction([&](Transaction& tx) {
      const Note note =
          tx.maybe<Note>("SELECT title FROM scraps WHERE title = ?", *title).or_problem(404, "No such note");
      tx.run("DELETE FROM scraps WHERE title = ?", note.title).or_problem(409, "Gone");
    });
    co_return {};
  });
  router.del("/blindly/:title", why, [](Path<"title", Text<1, 40>> title, Db& db) -> Task<NoContent> {
    co_await db.transaction([&](Transaction& tx) {
      tx.run("INSERT INTO scraps (title) VALUES ('half')");
      const auto note = tx.maybe<Note>("SELECT title FROM scraps WHERE title = ?", *title);
      tx.run("DELETE FROM scraps WHERE title = ?", note->title);
    });
    co_return {};
  });
  router.get("/first/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    const auto notes = co_await db.all<Note>("SELECT title FROM scraps WHERE title = ?", *title);
    co_return notes.front();
  });
  router.get("/begin/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    auto notes = co_await db.all<Note>("SELECT title FROM scraps WHERE title = ?", *title);
    co_return Note{notes.begin()->title};
  });
  router.get("/second/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    co_return (co_await db.all<Note>("SELECT title FROM scraps WHERE title = ?", *title))[1];
  });
  router.get("/first-or-404/:title", why, [](Path<"title", Text<1, 40>> title, const Db& db) -> Task<Note> {
    co_return (co_await db.all<Note>("SELECT title FROM scraps WHERE title = ?", *title))
        .first()
        .or_problem(404, "No such note");
  });
  router.get("/sorted", why, [](const Db& db) -> Task<Rows<Note>> {
    auto notes = co_await db.all<Note>("SELECT title FROM scraps");
    std::sort(notes.begin(), notes.end(), [](const Note& a, const Note& b) { return a.title < b.title; });
    co_return notes;
  });
  router.post("/lock", why,
              [](State<Locked<int>> count) { return Note{std::to_string(count->with([](int& n) { return ++n; }))}; });
  router.post("/lock-twice", why, [](State<Locked<int>> count) {
    return Note{
        std::to_string(count->with([&](int& n) { return n + count->with([](int& again) { return ++again; }); }))};
  });
  router.get("/dashes/:count", why, [](Path<"count", Int<0, 1'000'000>> count) {
    return Response::text(std::string(static_cast<std::size_t>(count->value()), '-'));
  });
  router.get("/dashes-as-json/:count", why, [](Path<"count", Int<0, 1'000'000>> count) {
    return Note{std::string(static_cast<std::size_t>(count->value()), '-')};
  });
  router.post("/in-memory", why, [](BodyStream<1'000'000> body) -> Task<Note> {
    std::string all;
    while (const auto piece = co_await body.next()) piece->append_to(all, 1000);
    co_return Note{std::to_string(all.size())};
  });
  router.post("/forgotten", why, [](Db& db) -> Task<NoContent> {
    auto query = db.run("INSERT INTO scraps (title) VALUES ('forgotten')");
    co_return {};
  });
  router.post("/forgotten-task", why, [](const Db& db) -> Task<NoContent> {
    const auto task = find(db, "x");
    co_return {};
  });
  router.post("/keep", why, [](Db& db, State<const Kept> kept) {
    kept->db = &db;
    return NoContent{};
  });
  router.get("/write", why, [](State<const Kept> kept) -> Task<NoContent> {
    co_await kept->db->run("INSERT INTO scraps (title) VALUES ('by a GET')");
    co_return {};
  });
  router.get("/write-all", why, [](State<const Kept> kept) -> Task<NoContent> {
    co_await kept->db->transaction([](Transaction& tx) { tx.run("INSERT INTO scraps (title) VALUES ('by a GET')"); });
    co_return {};
  });
  router.get(
      "/write-stream", why, [](State<const Kept> kept) -> Stream<"text/csv"> {
        co_yield "title\r\n";
        co_await kept->db->run("INSERT INTO scraps (title) VALUES ('by a GET')");
        co_yield "end\r\n";
      });
  router.post("/pieces", why, [](BodyStream<1'000'000> body) -> Task<Note> {
    std::string whole;
    std::size_t size = 0;
    while (const auto piece = co_await body.next()) {
      piece->append_to(whole);
      size += piece->read([](const PieceView& bytes) { return bytes.size(); });
    }
    co_return Note{std::to_string(size) + (whole == std::string(whole.size(), 'x') ? " right" : " wrong")};
  });
  router.post("/kept-pieces", why, [](BodyStream<1'000'000> body) -> Task<Note> {
    std::vector<Piece> pieces;
    while (auto piece = co_await body.next()) pieces.push_back(*std::move(piece));
    co_return Note{pieces.front().text()};
  });
  router.post("/keep-piece", why, [](BodyStream<1'000'000> body, State<const Kept> kept) -> Task<NoContent> {
    while (auto piece = co_await body.next()) kept->pieces.push_back(*std::move(piece));
    kept->body.emplace(std::move(body));
    co_return {};
  });
  router.post("/keep-all", why, [](BodyStream<1'000'000> body, State<const Kept> kept) -> Task<NoContent> {
    auto piece = co_await body.next();
    if (piece) kept->pieces.assign(1, *std::move(piece));
    kept->body.emplace(std::move(body));  // so that the piece is the latest of it for ever
    co_return {};
  });
  router.get(
      "/forgets", why, [](State<const Kept>) -> Stream<"text/plain"> {
        for (int i = 0; i < 5; ++i) {
          co_yield "x";
          const auto task = nothing();
        }
      });
  router.get("/kept-piece", why, [](State<const Kept> kept) { return Note{kept->pieces.front().text()}; });
  router.post("/kept-body", why, [](State<const Kept> kept) -> Task<Note> {
    const auto piece = co_await kept->body->next();
    co_return Note{piece ? piece->text() : "none"};
  });
  router.post("/paid", why, [](Body<misuse::Typed> in, Db& db, Log& log) -> Task<NoContent> {
    log.info("order_paid", {{"title", in->title}, {"cents", 250}, {"gift", true}});
    co_await db.transaction([&](Transaction&) { log.warning("inside", {{"title", in->title}}); });
    try {
      co_await db.run("INSERT INTO scraps (title) VALUES (?)", std::nullopt);
    } catch (const DatabaseError& error) {
      log.error("scrap_lost", error, {{"said", error.what()}});
    }
    co_return {};
  });
  router.post("/consents/swallowed", why, [](Db& db) -> Task<NoContent> {
    try {
      co_await db.run("INSERT INTO scraps (title) VALUES (?)", std::nullopt);
    } catch (...) {
    }
    co_return {};
  });
  router.post("/consents/swallowed-by-type", why, [](Db& db) -> Task<NoContent> {
    try {
      co_await db.transaction([&](Transaction& tx) { tx.run("INSERT INTO scraps (title) VALUES (?)", std::nullopt); });
    } catch (const std::exception&) {
    }
    co_return {};
  });
  router.post("/consents/half", why, [](Db& db) -> Task<NoContent> {
    co_await db.transaction([&](Transaction& tx) {
      tx.run("INSERT INTO scraps (title) VALUES ('the first half')");
      try {
        tx.run("INSERT INTO scraps (title) VALUES (?)", std::nullopt);
      } catch (const DatabaseError&) {
      }
    });
    co_return {};
  });
  router.post("/consents/whole", why, [](Db& db) -> Task<NoContent> {
    co_await db.transaction([&](Transaction& tx) {
      try {
        tx.run("INSERT INTO scraps (title) VALUES (?)", std::nullopt);
      } catch (const DatabaseError& error) {
        if (error.kind() != DatabaseError::Kind::not_null) throw;
        tx.run("INSERT INTO scraps (title) VALUES ('without a title')");
      }
    });
    co_return {};
  });
  router.post("/consents/looked-at", why, [](Db& db) -> Task<NoContent> {
    try {
      co_await db.run("INSERT INTO scraps (title) VALUES (?)", std::nullopt);
    } catch (const DatabaseError& error) {
      if (error.kind() != DatabaseError::Kind::not_null) throw;
    }
    co_return {};
  });
  router.post("/consents/refused", why, [](Db& db) -> Task<NoContent> {
    try {
      co_await db.run("INSERT INTO scraps (title) VALUES (?)", std::nullopt);
    } catch (...) {
      throw Problem(422, "A title is needed");
    }
    co_return {};
  });
  router.post("/consents/counted", why, [](Db& db) -> Task<Note> {
    try {
      co_return co_await db.one<Note>("SELECT title FROM scraps WHERE title = ?", "none");
    } catch (const RowCountError&) {
    }
    co_return Note{"none"};
  });
  router.post("/log-in-a-thread", why, [](Log& log) {
    std::thread([&log] { log.info("mail_sent"); }).join();
    return NoContent{};
  });
  router.asset("/temporary.js", AssetType::javascript, std::string(2000, ' ') + "console.log(1);");
  router.get("/count", why, [](const Db& db) -> Task<Note> {
    co_return Note{std::to_string(co_await db.one<std::int64_t>("SELECT count(*) FROM scraps"))};
  });
  return router;
}

class Misuse : public ::testing::Test {
 protected:
  explicit Misuse(ops::Mode mode = ops::Mode::development)
      : service_(routes(), {"CREATE TABLE scraps (title TEXT NOT NULL) STRICT"},
                 [mode](ops::Settings& settings) {
                   settings.mode = mode;
                   if (mode == ops::Mode::production) settings.server.origin = "https://notes.example";
                   settings.limits.answer_bytes = 100'000;
                   settings.limits.general_per_second = 1'000'000;
                   settings.limits.general_burst = 1'000'000;
                 },
                 {{&sallyport::detail::state_key<Kept>, std::make_shared<Kept>()},
                  {&sallyport::detail::state_key<Locked<int>>, std::make_shared<Locked<int>>()}}) {}

  Browser browser() { return Browser(service_.port(), service_.authority()); }
  void expect_500(const HttpResponse& answer, const std::string& reason) {
    EXPECT_EQ(answer.status, 500);
    const std::size_t at = answer.body.find("urn:uuid:");
    ASSERT_NE(at, std::string::npos);
    const std::string log = service_.log();
    EXPECT_EQ(times(log, reason), 1U) << log;
    const std::size_t line = log.find(reason);
    ASSERT_NE(line, log.npos);
    const std::size_t begin = log.rfind('\n', line) + 1;
    const std::string text = log.substr(begin, log.find('\n', line) - begin);
    EXPECT_NE(text.find(answer.body.substr(at + 9, 36)), text.npos) << text;
    EXPECT_NE(text.find("\"handler\":\"misuse_test.cpp:"), text.npos) << text;
    EXPECT_NE(text.find("\"route\":\"/"), text.npos) << text;
    EXPECT_NE(text.find("\"method\":\""), text.npos) << text;
  }
  HttpResponse post(const std::string& target) { return browser().send("POST", target, "", ""); }
  std::string count() { return browser().get("/count").body; }

  TestService service_;
};
class MisuseInProduction : public Misuse {
 protected:
  MisuseInProduction() : Misuse(ops::Mode::production) {}
};

const std::string blind = "a Maybe was used without a look";

TEST_F(Misuse, WhatIsThereIsAnsweredAndWhatIsNotIs404) {
  Browser client = browser();
  EXPECT_EQ(client.post_json("/notes", R"({"title":"milk"})").status, 204);
  for (const std::string way : {"/maybe/", "/or/", "/task/", "/found/"}) {
    EXPECT_EQ(client.get(way + "milk").body, R"({"title":"milk"})") << way;
    EXPECT_EQ(client.get(way + "wine").status, 404) << way;
  }
  EXPECT_NE(client.get("/or/wine").body.find("No such note"), std::string::npos);
  EXPECT_EQ(client.del("/notes/wine").status, 404);
  EXPECT_EQ(client.del("/both/wine").status, 404);
  EXPECT_EQ(client.del("/both/milk").status, 204);
  EXPECT_EQ(client.del("/notes/milk").status, 404);
}

TEST_F(Misuse, RowThatIsNotThere) { expect_500(browser().get("/blind/wine"), blind); }
TEST_F(Misuse, RowThatIsNotThereWithEverythingCaught) { expect_500(browser().get("/caught/wine"), blind); }
TEST_F(Misuse, CallerWhoIsNotSignedIn) { expect_500(browser().get("/nobody"), blind); }
TEST_F(Misuse, FormThatIsInvalid) { expect_500(browser().post_form("/typed", "title=x"), blind); }
TEST_F(Misuse, MemberThatIsNotThere) {
  EXPECT_EQ(browser().post_json("/nick", R"({"nick":"ann"})").body, R"({"title":"ann"})");
  expect_500(browser().post_json("/nick", "{}"), blind);
}
TEST_F(Misuse, TextThatIsNoEmail) {
  expect_500(browser().post_json("/invite", R"({"title":"nobody"})"), "the result of parse was used without a look");
}
TEST_F(Misuse, TextThatIsNoLink) {
  expect_500(browser().post_json("/link", R"_({"title":"javascript:alert(1)"})_"), blind);
}
TEST_F(Misuse, ElementBehindTheEnd) {
  expect_500(browser().post_json("/tags", R"({"tags":[]})"), "an element was used that is not there");
}

TEST_F(Misuse, RowsOfWhichThereAreNone) {
  Browser client = browser();
  EXPECT_EQ(client.post_json("/notes", R"({"title":"wine"})").status, 204);
  EXPECT_EQ(client.post_json("/notes", R"({"title":"milk"})").status, 204);
  EXPECT_EQ(client.get("/sorted").body, R"([{"title":"milk"},{"title":"wine"}])");
  EXPECT_EQ(client.get("/first/milk").body, R"({"title":"milk"})");
  EXPECT_EQ(client.get("/begin/milk").body, R"({"title":"milk"})");
  EXPECT_EQ(client.get("/first-or-404/milk").body, R"({"title":"milk"})");
  EXPECT_EQ(client.get("/first-or-404/beer").status, 404);
  expect_500(client.get("/first/beer"), "an element was used that is not there");
  expect_500(client.get("/begin/beer"), "an iterator was used where there is no element");
  EXPECT_EQ(client.get("/second/milk").status, 500);
}

TEST_F(Misuse, LockWithinItself) {
  expect_500(post("/lock-twice"), "with() of a Locked was called within itself");
  EXPECT_EQ(post("/lock").body, R"({"title":"1"})") << "the lock is free again";
}

TEST_F(Misuse, AnswerAsLargeAsTheClientAsks) {
  EXPECT_EQ(browser().get("/dashes/100000").body.size(), 100'000U);
  expect_500(browser().get("/dashes/100001"), "an answer is larger than limits.answer_bytes");
  EXPECT_EQ(browser().get("/dashes-as-json/900000").status, 500);
}

TEST_F(Misuse, BodyPutTogetherInMemory) {
  EXPECT_EQ(browser().send("POST", "/in-memory", "text/plain", std::string(1000, 'x')).body, R"({"title":"1000"})");
  EXPECT_EQ(browser().send("POST", "/in-memory", "text/plain", std::string(1001, 'x')).status, 413);
}

TEST_F(Misuse, InATransactionNothingHappens) {
  expect_500(browser().del("/blindly/wine"), blind);
  EXPECT_EQ(count(), R"({"title":"0"})");
}

// Under the address sanitizer this shows that no such request reads what is not its own.
TEST_F(Misuse, AThousandTimesBesideOthers) {
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([this, i] {
      Browser client = browser();
      for (int n = 0; n < 250; ++n) {
        const char* const path = i % 2 == 0 ? "/blind/wine" : "/nobody";
        EXPECT_EQ(client.get(path).status, 500);
        EXPECT_EQ(client.get("/").body, R"({"message":"hello"})");
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(times(service_.log(), blind), 1000U);
}

TEST_F(Misuse, QueryThatIsNotAwaitedIsLoud) {
  expect_500(post("/forgotten"), "INSERT INTO scraps (title) VALUES ('forgotten')");
  expect_500(post("/forgotten-task"), "a Task was made and never awaited");
  EXPECT_EQ(count(), R"({"title":"0"})");
}

TEST_F(MisuseInProduction, QueryThatIsNotAwaitedIsLogged) {
  Browser client = browser();
  client.expect({.tls = true, .development = false});
  EXPECT_EQ(client.send("POST", "/forgotten", "", "").status, 204);
  EXPECT_EQ(times(service_.log(), "never awaited"), 1U);
}

TEST_F(Misuse, ChangeWhileAGetIsAnsweredByADbThatWasKept) {
  EXPECT_EQ(post("/keep").status, 204);
  expect_500(browser().get("/write"), "VALUES ('by a GET')");
  expect_500(browser().get("/write-all"), "\"detail\":\"a transaction\"");
  HttpClient stream(service_.port());
  stream.send("GET /write-stream HTTP/1.1\r\nHost: " + service_.authority() + "\r\n\r\n");
  ASSERT_TRUE(stream.receive_head());
  for (int i = 0; i < 5000 && times(service_.log(), "a change of the database") < 3; ++i)
    service_.advance(std::chrono::nanoseconds(1));
  EXPECT_EQ(times(service_.log(), "a change of the database while a GET is answered"), 3U);
  EXPECT_EQ(count(), R"({"title":"0"})");
}

TEST_F(Misuse, PiecesOfABodyThatAreKept) {
  const std::string body(300'000, 'x');
  EXPECT_EQ(browser().send("POST", "/pieces", "text/plain", body).body, R"({"title":"300000 right"})");
  expect_500(browser().send("POST", "/kept-pieces", "text/plain", body), "a piece of a body was kept");
}

TEST_F(MisuseInProduction, IsLoggedOncePerRequest) {
  for (int i = 1; i <= 2; ++i) {
    HttpClient client(service_.port());
    client.expect({.tls = true, .development = false});
    client.send("GET /forgets HTTP/1.1\r\nHost: " + service_.authority() + "\r\n\r\n");
    EXPECT_EQ(client.receive()->body, "xxxxx");
    EXPECT_EQ(times(service_.log(), "never awaited"), static_cast<std::size_t>(i));
  }
}

TEST_F(Misuse, PieceOfAnEarlierRequestWhoseBodyIsKeptAsWell) {
  EXPECT_EQ(browser().send("POST", "/keep-all", "text/plain", "secret").status, 204);
  expect_500(browser().get("/kept-piece"), "a parameter of a handler was kept");
}

TEST_F(Misuse, PieceAndBodyOfAnEarlierRequest) {
  EXPECT_EQ(browser().send("POST", "/keep-piece", "text/plain", "secret").status, 204);
  expect_500(browser().get("/kept-piece"), "a piece of a body was kept");
  expect_500(post("/kept-body"), "a parameter of a handler was kept");
}

TEST_F(Misuse, ALineOfAThreadIsDroppedAndTheProcessGoesOn) {
  EXPECT_EQ(browser().post_json("/log-in-a-thread", "").status, 204);
  EXPECT_EQ(service_.log().find("mail_sent"), std::string::npos);
}

TEST_F(Misuse, AnErrorOfTheDatabaseThatIsPassedOverIsNoSuccess) {
  expect_500(browser().post_json("/consents/swallowed", ""), "an error of the database was caught and not looked at");
  EXPECT_EQ(browser().post_json("/consents/swallowed-by-type", "").status, 500);
  expect_500(browser().post_json("/consents/half", ""), "nothing of the transaction has happened");
  EXPECT_EQ(browser().get("/count").body, R"({"title":"0"})");
  EXPECT_EQ(browser().post_json("/consents/whole", "").status, 204);
  EXPECT_EQ(browser().get("/count").body, R"({"title":"1"})");
  EXPECT_EQ(browser().post_json("/consents/looked-at", "").status, 204);
  EXPECT_EQ(browser().post_json("/consents/refused", "").status, 422);
  EXPECT_EQ(browser().post_json("/consents/counted", "").status, 200);
}

TEST_F(Misuse, LinesOfTheApplicationHaveTheirRequestAndAreEscaped) {
  EXPECT_EQ(browser().post_json("/paid", R"({"title":"a\"b"})").status, 204);
  const std::string log = service_.log();
  EXPECT_NE(log.find(R"("event":"order_paid")"), log.npos) << log;
  EXPECT_NE(log.find(R"("title":"a\"b","cents":250,"gift":true)"), log.npos) << log;
  EXPECT_NE(log.find(R"("event":"inside")"), log.npos) << "on the database's thread as well";
  EXPECT_NE(log.find(R"("said":"database error")"), log.npos) << log;
  EXPECT_NE(log.find("scraps.title"), log.npos) << "the log has the cause: " << log;
  EXPECT_EQ(times(log, R"("by":"app")"), 3U);
}

TEST_F(Misuse, AssetOwnsItsBytes) {
  const auto answer = browser().get("/temporary.js");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, std::string(2000, ' ') + "console.log(1);");
}

}  // namespace
}  // namespace sallyport::testing
