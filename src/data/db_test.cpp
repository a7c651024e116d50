// Db from a handler's side: rows to structs, values to `?`, errors, threads.
#include <sallyport/db.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <future>
#include <limits>
#include <thread>

#include <sallyport/id.hpp>
#include <sallyport/number.hpp>
#include <sallyport/text.hpp>

#include "data/test_support.hpp"

namespace sallyport::data::db_test {

using Kind = DatabaseError::Kind;

struct User {};
struct Note {
  Id<Note> id;
  Id<User> writer;
  std::string title;
  Maybe<std::string> body;
};
bool operator==(const Note& a, const Note& b) {
  return a.id == b.id && a.writer == b.writer && a.title == b.title &&
         a.body.value_or("NULL") == b.body.value_or("NULL");
}

enum class Colour : std::uint8_t { red = 1, blue = 200 };

struct Everything {
  std::int64_t whole;
  std::uint16_t small;
  bool yes;
  double real;
  Colour colour;
  std::chrono::sys_time<std::chrono::milliseconds> at;
  std::string text;
  Text<1, 10> checked;
  Email email;
  Int<1, 100> page;
  std::vector<unsigned char> bytes;
  std::array<unsigned char, 4> four;
  Maybe<std::int32_t> maybe;
};

struct TitleOnly {
  std::string title;
};

template <class F>
Kind kind_of(F&& f) {
  try {
    f();
  } catch (const DatabaseError& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return Kind::other;
}

constexpr Migration tables[] = {
    "CREATE TABLE notes (id BLOB PRIMARY KEY, writer BLOB NOT NULL, title TEXT NOT NULL CHECK (title <> 'bad'), body "
    "TEXT) STRICT",
    "CREATE TABLE loose (a)",
    "CREATE TABLE children (parent BLOB NOT NULL REFERENCES notes (id), n INTEGER UNIQUE) STRICT",
    "CREATE TABLE everything (whole INTEGER, small INTEGER, yes INTEGER, real REAL, colour INTEGER, at INTEGER, text "
    "TEXT, "
    "checked TEXT, email TEXT, page INTEGER, bytes BLOB, four BLOB, maybe INTEGER) STRICT",
    "-- notes is for everybody: rows of a test\n-- everything is for everybody: rows of a test"};

// "SELECT 000" … "SELECT 299"
template <std::size_t I>
inline constexpr std::array<char, 11> select_number{
    'S', 'E', 'L', 'E', 'C', 'T', ' ', '0' + I / 100, '0' + I / 10 % 10, '0' + I % 10, 0};

class DbTest : public ::testing::Test {
 protected:
  static DatabaseOptions options(const TemporaryDirectory& directory) {
    DatabaseOptions options;
    options.path = directory.file("test.db");
    return options;
  }
  static bool make_tables(const TemporaryDirectory& directory) {
    const auto result = migrate(options(directory), "test", tables, std::chrono::system_clock::time_point{});
    EXPECT_EQ(result.error, MigrationError::none) << result.message;
    return true;
  }

  // Runs one awaitable of Db as a handler would.
  template <class F>
  auto await(F make) {
    using Answer = decltype(make().await_resume());
    return loop.run([](F f) -> Task<Answer> { co_return co_await f(); }(std::move(make)));
  }
  std::int64_t count() {
    return await([&] { return reader.one<std::int64_t>("SELECT count(*) FROM notes"); });
  }
  void add(std::string_view title) {
    await([&] {
      return db.run("INSERT INTO notes VALUES (?, ?, ?, ?)", Id<Note>::random(), Id<User>::random(), title,
                    std::nullopt);
    });
  }

  TemporaryDirectory directory;
  bool ready = make_tables(directory);
  Database database{options(directory)};
  Db& db = database.db();
  const Db& reader = database.reader();
  TestLoop loop;
};

Task<Note> add_note(Db& db, Id<User> me, std::string title) {
  co_return co_await db.one<Note>("INSERT INTO notes (id, writer, title, body) VALUES (?, ?, ?, ?) RETURNING *",
                                  Id<Note>::random(), me, title,
                                  std::string("a body longer than any small string ") + title);
}

TEST_F(DbTest, a_row_that_was_inserted_comes_back_as_the_struct) {
  const auto me = Id<User>::random();
  const Note note = loop.run(add_note(db, me, "milk"));
  EXPECT_EQ(note.writer, me);
  EXPECT_EQ(note.title, "milk");
  EXPECT_EQ(note.body.value_or("NULL"), "a body longer than any small string milk");

  const auto found =
      await([&] { return reader.maybe<Note>("SELECT * FROM notes WHERE id = ? AND writer = ?", note.id, me); });
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, note);
  EXPECT_FALSE(await([&] { return reader.maybe<Note>("SELECT * FROM notes WHERE id = ?", Id<Note>::random()); }));
}

TEST_F(DbTest, columns_are_matched_by_name_not_by_place) {
  add("milk");
  const Note note = await([&] { return reader.one<Note>("SELECT body, title, writer, id FROM notes"); });
  EXPECT_EQ(note.title, "milk");
  EXPECT_EQ(note.body, std::nullopt);
}

TEST_F(DbTest, every_type_of_value_survives_the_round_trip) {
  const auto at = std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(1'700'000'000'123));
  const std::vector<unsigned char> bytes{0, 1, 255};
  const std::string text = "it's \"quoted\"; ? -- /* \xc3\xa9";
  const auto back = await([&] {
    return db.one<Everything>("INSERT INTO everything VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
                              std::numeric_limits<std::int64_t>::min(), std::uint16_t{65535}, true, 0.1, Colour::blue,
                              at, text, *Text<1, 10>::parse("ten"), *Email::parse("a@example.org"), Int<1, 100>(7),
                              bytes, std::array<unsigned char, 4>{1, 2, 3, 4}, Maybe<std::int32_t>());
  });
  EXPECT_EQ(back.whole, std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(back.small, 65535);
  EXPECT_TRUE(back.yes);
  EXPECT_EQ(back.real, 0.1);
  EXPECT_EQ(back.colour, Colour::blue);
  EXPECT_EQ(back.at, at);
  EXPECT_EQ(back.text, text);
  EXPECT_EQ(back.checked, "ten");
  EXPECT_EQ(back.email.view(), "a@example.org");
  EXPECT_EQ(back.page.value(), 7);
  EXPECT_EQ(back.bytes, bytes);
  EXPECT_EQ(back.four, (std::array<unsigned char, 4>{1, 2, 3, 4}));
  EXPECT_EQ(back.maybe, std::nullopt);
}

TEST_F(DbTest, an_empty_text_is_not_null) {
  EXPECT_EQ(await([&] { return reader.one<std::string>("SELECT ?", std::string_view()); }), "");
  EXPECT_EQ(await([&] { return reader.one<std::string>("SELECT typeof(?)", std::span<const unsigned char>()); }),
            "blob");
  EXPECT_EQ(await([&] { return reader.one<std::string>("SELECT typeof(?)", std::nullopt); }), "null");
}

TEST_F(DbTest, arguments_are_copied_into_the_query) {
  auto query = [&] {
    const std::string gone(100, 'x');
    return reader.one<std::string>("SELECT ?", gone);
  };
  EXPECT_EQ(await(query), std::string(100, 'x'));
}

TEST_F(DbTest, sql_injection_through_bound_values_finds_and_changes_nothing) {
  add("secret");
  for (const char* attack : {"' OR 1=1 --", "' OR '1'='1", "'; DROP TABLE notes; --", "' UNION SELECT * FROM notes --",
                             "\\' OR 1=1 --", "%", "_", "1 OR 1=1", "\" OR \"\"=\"", "') OR ('1'='1", "?", "?1", ":a",
                             "secret' --", "\xbf' OR 1=1 --", "x' AND load_extension('a') --"}) {
    const std::string_view text(attack);
    EXPECT_FALSE(await([&] { return reader.maybe<Note>("SELECT * FROM notes WHERE title = ?", text); })) << attack;
    EXPECT_TRUE(await([&] {
                  return reader.all<Note>("SELECT * FROM notes WHERE title LIKE ? ESCAPE '\\'", contains(text));
                }).empty())
        << attack;
    EXPECT_EQ(await([&] { return db.run("DELETE FROM notes WHERE title = ?", text); }), 0) << attack;
    EXPECT_EQ(await([&] { return db.run("UPDATE notes SET body = ? WHERE title = ?", text, text); }), 0) << attack;
  }
  EXPECT_EQ(count(), 1);
}

TEST_F(DbTest, like_patterns_take_wildcards_literally) {
  add("100% sure");
  add("1000 sure");
  add("under_score");
  add("underXscore");
  add("back\\slash");
  const auto matches = [&](const LikePattern& pattern) {
    return await(
               [&] { return reader.all<TitleOnly>("SELECT title FROM notes WHERE title LIKE ? ESCAPE '\\'", pattern); })
        .size();
  };
  EXPECT_EQ(matches(contains("100%")), 1u);
  EXPECT_EQ(matches(contains("r_s")), 1u);
  EXPECT_EQ(matches(contains("k\\s")), 1u);
  EXPECT_EQ(matches(contains("SURE")), 2u);
  EXPECT_EQ(matches(starts_with("under")), 2u);
  EXPECT_EQ(matches(starts_with("score")), 0u);
  EXPECT_EQ(matches(contains("")), 5u);
}

TEST_F(DbTest, folded_patterns_ignore_case_in_every_script) {
  for (const char* title :
       {"\u00c4pfel & Birnen", "a\u0308pfel", "Apfel", "\u041f\u0440\u0438\u0432\u0415\u0422", "100% sure"})
    add(title);
  const auto matches = [&](std::string_view text) {
    return await([&] {
             return reader.all<TitleOnly>("SELECT title FROM notes WHERE folded(title) LIKE ? ESCAPE '\\'",
                                          contains_folded(text));
           })
        .size();
  };
  EXPECT_EQ(matches("\u00c4PFEL"), 2U) << "composed or not; an accent makes another letter";
  EXPECT_EQ(matches("\u041f\u0420\u0418"), 1U);
  EXPECT_EQ(matches("0% S"), 1U);
  EXPECT_EQ(matches("_"), 0U) << "wildcards are text";
}

TEST_F(DbTest, one_wants_exactly_one_row_and_maybe_at_most_one) {
  EXPECT_THROW(await([&] { return reader.one<TitleOnly>("SELECT title FROM notes"); }), RowCountError);
  add("a");
  add("b");
  EXPECT_THROW(await([&] { return reader.one<TitleOnly>("SELECT title FROM notes"); }), RowCountError);
  EXPECT_THROW(static_cast<void>(await([&] { return reader.maybe<TitleOnly>("SELECT title FROM notes"); })),
               RowCountError);
  EXPECT_EQ(await([&] { return reader.all<TitleOnly>("SELECT title FROM notes"); }).size(), 2u);
}

TEST_F(DbTest, all_refuses_more_than_ten_thousand_rows) {
  const auto rows = [&](int n) {
    return await([&] {
             return reader.all<std::int64_t>(
                 "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT n FROM c", n);
           })
        .size();
  };
  EXPECT_EQ(rows(10'000), 10'000u);
  EXPECT_THROW(rows(10'001), RowCountError);
}

TEST_F(DbTest, a_change_with_the_wrong_number_of_rows_is_taken_back) {
  add("a");
  add("b");
  EXPECT_THROW(await([&] { return db.one<Note>("UPDATE notes SET title = 'c' WHERE TRUE RETURNING *"); }),
               RowCountError);
  EXPECT_THROW(await([&] { return db.one<TitleOnly>("DELETE FROM notes WHERE title = 'a' RETURNING *"); }),
               DatabaseError);
  EXPECT_EQ(await([&] { return reader.one<std::int64_t>("SELECT count(*) FROM notes WHERE title IN ('a', 'b')"); }), 2);
  EXPECT_EQ(await([&] { return db.run("UPDATE notes SET title = 'c' WHERE TRUE"); }), 2)
      << "the connection still works";
}

TEST_F(DbTest, a_missing_and_an_extra_column_are_errors_that_name_both_sides) {
  add("a");
  try {
    await([&] { return reader.one<Note>("SELECT id, writer, title FROM notes"); });
    FAIL();
  } catch (const DatabaseError& error) {
    EXPECT_EQ(error.kind(), Kind::shape);
    EXPECT_NE(std::string(detail::ForTheLog::text(error)).find("id writer title body"), std::string::npos);
  }
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<TitleOnly>("SELECT title, body FROM notes"); }); }),
            Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<TitleOnly>("SELECT title, title FROM notes"); }); }),
            Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::int64_t>("SELECT 1, 2"); }); }), Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.all<TitleOnly>("SELECT id FROM notes WHERE FALSE"); }); }),
            Kind::shape)
      << "without a row as well";
}

TEST_F(DbTest, nothing_is_converted) {
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::int64_t>("SELECT '1'"); }); }), Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::string>("SELECT 1"); }); }), Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::int64_t>("SELECT 1.0"); }); }), Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<double>("SELECT '1.0'"); }); }), Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::string>("SELECT x'00'"); }); }), Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::int64_t>("SELECT NULL"); }); }), Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<Id<User>>("SELECT x'0011'"); }); }), Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<Id<User>>("SELECT 'AAAAAAAAAAAAAAAAAAAAAA'"); }); }),
            Kind::shape);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<Email>("SELECT 'nobody'"); }); }), Kind::shape);
  EXPECT_EQ((kind_of([&] { await([&] { return reader.one<std::array<unsigned char, 4>>("SELECT x'001122'"); }); })),
            Kind::shape);
  EXPECT_EQ(await([&] { return reader.one<Maybe<std::int64_t>>("SELECT NULL"); }), std::nullopt);
  EXPECT_EQ(await([&] { return reader.one<Maybe<std::int64_t>>("SELECT ?", Maybe<std::int64_t>()); }), std::nullopt);
  EXPECT_EQ(*await([&] { return reader.one<Maybe<std::int64_t>>("SELECT ?", Maybe<std::int64_t>(7)); }), 7);
  EXPECT_EQ(await([&] { return reader.one<double>("SELECT coalesce(sum(real), 0) FROM everything"); }), 0.0);
}

TEST_F(DbTest, numbers_that_do_not_fit_are_errors) {
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::uint8_t>("SELECT 256"); }); }), Kind::out_of_range);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::int8_t>("SELECT -129"); }); }), Kind::out_of_range);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<std::uint64_t>("SELECT -1"); }); }), Kind::out_of_range);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<bool>("SELECT 2"); }); }), Kind::out_of_range);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<Colour>("SELECT 300"); }); }), Kind::out_of_range);
  EXPECT_EQ((kind_of([&] { await([&] { return reader.one<Int<1, 100>>("SELECT 101"); }); })), Kind::out_of_range);
  EXPECT_EQ(kind_of([&] {
              await([&] { return reader.one<std::chrono::system_clock::time_point>("SELECT 9223372036854775807"); });
            }),
            Kind::out_of_range);
  EXPECT_EQ(kind_of([&] {
              await([&] { return reader.one<bool>("SELECT ? = 1", std::numeric_limits<std::uint64_t>::max()); });
            }),
            Kind::out_of_range);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.one<bool>("SELECT ? = 1", std::nan("")); }); }),
            Kind::out_of_range);
  EXPECT_EQ(await([&] { return reader.one<std::uint64_t>("SELECT 9223372036854775807"); }), 9223372036854775807u);
}

TEST_F(DbTest, constraint_violations_have_types_and_texts_without_values) {
  const auto id = Id<Note>::random();
  const auto insert = [&](const char* title) {
    return await([&] {
      return db.run("INSERT INTO notes VALUES (?, ?, ?, ?)", id, Id<User>::random(), std::string_view(title),
                    std::nullopt);
    });
  };
  EXPECT_EQ(insert("a"), 1);
  try {
    insert("a private title");
    FAIL();
  } catch (const Conflict& conflict) {
    EXPECT_EQ(conflict.kind(), Kind::unique);
    EXPECT_NE(std::string(detail::ForTheLog::text(conflict)).find("notes.id"), std::string::npos);
    EXPECT_STREQ(conflict.what(), "database error");
    EXPECT_EQ(std::string(detail::ForTheLog::text(conflict)).find("private"), std::string::npos);
  }
  EXPECT_EQ(kind_of([&] { await([&] { return db.run("UPDATE notes SET title = 'bad' WHERE TRUE"); }); }), Kind::check);
  EXPECT_EQ(kind_of([&] { await([&] { return db.run("UPDATE notes SET title = NULL WHERE TRUE"); }); }),
            Kind::not_null);
  EXPECT_EQ(kind_of([&] {
              await([&] { return db.run("UPDATE notes SET title = ? WHERE TRUE", std::span<const unsigned char>()); });
            }),
            Kind::type);
  EXPECT_EQ(kind_of([&] { await([&] { return db.run("INSERT INTO children VALUES (?, 1)", Id<Note>::random()); }); }),
            Kind::foreign_key);
  EXPECT_THROW(await([&] { return db.run("INSERT INTO children VALUES (?, 1)", Id<Note>::random()); }),
               BrokenReference);
  EXPECT_EQ(await([&] { return db.run("INSERT INTO children VALUES (?, 1)", id); }), 1);
}

TEST_F(DbTest, a_query_that_does_not_fit_the_tables_is_an_error) {
  EXPECT_EQ(kind_of([&] { await([&] { return reader.all<TitleOnly>("SELECT title FROM nothing"); }); }), Kind::other);
  EXPECT_EQ(kind_of([&] { await([&] { return reader.all<TitleOnly>("SELECT \"titel\" AS title FROM notes"); }); }),
            Kind::other)
      << "a misspelt column in double quotes is no text";
}

TEST_F(DbTest, a_long_statement_is_interrupted) {
  DatabaseOptions impatient = options(directory);
  impatient.statement_limit = std::chrono::milliseconds(0);
  Database other(impatient);
  EXPECT_EQ(kind_of([&] {
              await([&] {
                return std::as_const(other.db())
                    .one<std::int64_t>(
                        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c");
              });
            }),
            Kind::timed_out);
  EXPECT_EQ(await([&] { return std::as_const(other.db()).one<std::int64_t>("SELECT 1"); }), 1);
}

Task<std::int64_t> move_rows(Db& db, bool fail) {
  const std::string title(40, 't');
  const auto moved = co_await db.transaction([&](Transaction& tx) {
    tx.run("INSERT INTO notes VALUES (?, ?, ?, ?)", Id<Note>::random(), Id<User>::random(), title, std::nullopt);
    const auto inside = tx.one<std::int64_t>("SELECT count(*) FROM notes");
    EXPECT_TRUE(tx.maybe<Note>("SELECT * FROM notes WHERE title = ?", title));
    if (fail) throw std::runtime_error("changed my mind");
    return inside + static_cast<std::int64_t>(tx.all<TitleOnly>("SELECT title FROM notes").size());
  });
  co_return moved;
}

TEST_F(DbTest, a_transaction_happens_wholly_or_not_at_all) {
  EXPECT_THROW(loop.run(move_rows(db, true)), std::runtime_error);
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(loop.run(move_rows(db, false)), 2);
  EXPECT_EQ(count(), 1);
}

TEST_F(DbTest, a_failed_change_inside_a_transaction_leaves_the_rest_of_it) {
  add("a");
  add("b");
  await([&] {
    return db.transaction([](Transaction& tx) {
      tx.run("UPDATE notes SET body = 'kept' WHERE TRUE");
      EXPECT_THROW(tx.one<Note>("UPDATE notes SET title = 'c' WHERE TRUE RETURNING *"), RowCountError);
      return true;
    });
  });
  EXPECT_EQ(await([&] {
              return reader.one<std::int64_t>("SELECT count(*) FROM notes WHERE body = 'kept' AND title <> 'c'");
            }),
            2);
}

TEST_F(DbTest, a_transaction_that_sqlite_ended_goes_no_further) {
  DatabaseOptions impatient = options(directory);
  impatient.statement_limit = std::chrono::milliseconds(0);
  Database other(impatient);
  EXPECT_EQ(kind_of([&] {
              await([&] {
                return other.db().transaction([](Transaction& tx) {
                  tx.run("INSERT INTO loose VALUES (1)");
                  EXPECT_THROW(tx.run("INSERT INTO loose WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM "
                                      "c) SELECT n FROM c"),
                               DatabaseError);
                  tx.run("INSERT INTO loose VALUES (2)");
                  return true;
                });
              });
            }),
            Kind::other);
  EXPECT_EQ(await([&] { return std::as_const(other.db()).one<std::int64_t>("SELECT count(*) FROM loose"); }), 0);
}

TEST_F(DbTest, a_full_queue_is_overloaded_and_nothing_is_lost) {
  DatabaseOptions narrow = options(directory);
  narrow.queue_limit = 1;
  Database other(narrow);
  std::promise<void> started;
  std::promise<void> go_on;
  std::thread blocker([&] {
    other.run_blocking([&](Transaction&) {
      started.set_value();
      go_on.get_future().wait();
    });
  });
  started.get_future().wait();  // the writer is busy, its queue empty

  std::vector<detail::OwnedTask<std::string>> tasks;
  const auto write = [](Db& target) -> Task<std::string> {
    try {
      co_await target.run("INSERT INTO loose VALUES (1)");
    } catch (const Overloaded&) {
      co_return "overloaded";
    }
    co_return "written";
  };
  const auto keep = [&](Task<std::string> task) { tasks.emplace_back(task); };
  keep(write(other.db()));
  keep(write(other.db()));
  tasks[0].start(loop);
  tasks[1].start(loop);
  ASSERT_TRUE(tasks[1].done());
  EXPECT_EQ(tasks[1].await_resume(), "overloaded");
  EXPECT_FALSE(tasks[0].done());
  EXPECT_EQ(await([&] { return std::as_const(other.db()).one<std::int64_t>("SELECT count(*) FROM loose"); }), 0)
      << "readers go on meanwhile";
  go_on.set_value();
  blocker.join();
  while (!tasks[0].done()) loop.pump();
  EXPECT_EQ(tasks[0].await_resume(), "written");
}

TEST_F(DbTest, readers_and_the_writer_work_at_the_same_time) {
  std::vector<detail::OwnedTask<std::int64_t>> tasks;
  const auto write = [](Db& target, int n) -> Task<std::int64_t> {
    co_return co_await target.run("INSERT INTO loose VALUES (?)", std::string(300, 'x') + std::to_string(n));
  };
  const auto read = [](const Db& target) -> Task<std::int64_t> {
    co_return static_cast<std::int64_t>((co_await target.all<std::string>("SELECT a FROM loose")).size());
  };
  const auto write_then_read = [](Db& target, std::string mark) -> Task<std::int64_t> {
    co_await target.run("INSERT INTO loose VALUES (?)", mark);
    co_return co_await target.one<std::int64_t>("SELECT count(*) FROM loose WHERE a = ?", mark);
  };
  const auto keep = [&](Task<std::int64_t> task) { tasks.emplace_back(task); };
  for (int i = 0; i < 50; ++i) {
    keep(write(db, i));
    keep(read(reader));
    keep(write_then_read(db, "mark " + std::to_string(i)));
  }
  loop.run_all(tasks);
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::int64_t answer = tasks[i].await_resume();
    if (i % 3 == 0) {
      EXPECT_EQ(answer, 1);
    }
    if (i % 3 == 2) {
      EXPECT_EQ(answer, 1) << "what was awaited is seen";
    }
  }
  EXPECT_EQ(await([&] { return reader.one<std::int64_t>("SELECT count(*) FROM loose"); }), 100);
}

TEST_F(DbTest, a_reader_whose_const_was_cast_away_still_can_not_write) {
  Db& forged = const_cast<Db&>(reader);
  EXPECT_THROW(await([&] { return forged.run("INSERT INTO loose VALUES (1)"); }), DatabaseError);
  EXPECT_THROW(await([&] { return forged.one<std::int64_t>("INSERT INTO loose VALUES (1) RETURNING a"); }),
               DatabaseError);
  EXPECT_THROW(
      await([&] { return forged.transaction([](Transaction& tx) { return tx.run("INSERT INTO loose VALUES (1)"); }); }),
      DatabaseError);
  EXPECT_EQ(await([&] { return reader.one<std::int64_t>("SELECT count(*) FROM loose"); }), 0);
}

template <class T>
inline constexpr auto composed_query = std::to_array("SELECT title FROM notes WHERE title = ?");

template <class T>
Task<Maybe<T>> load(const Db& db, std::string_view title) {
  co_return co_await db.maybe<T>(composed_query<T>, title);
}

TEST_F(DbTest, text_that_constant_expressions_made_is_a_query) {
  add("milk");
  EXPECT_TRUE(loop.run(load<TitleOnly>(reader, "milk")));
  EXPECT_FALSE(loop.run(load<TitleOnly>(reader, "honey")));
}

TEST_F(DbTest, more_statements_than_are_kept_work) {
  std::int64_t sum = 0;
  const auto ask = [&]<std::size_t... I>(std::size_t hundreds, std::index_sequence<I...>) {
    if (hundreds == 0) ((sum += await([&] { return reader.one<std::int64_t>(select_number<I>); })), ...);
    if (hundreds == 1) ((sum += await([&] { return reader.one<std::int64_t>(select_number<100 + I>); })), ...);
    if (hundreds == 2) ((sum += await([&] { return reader.one<std::int64_t>(select_number<200 + I>); })), ...);
  };
  // Two readers keep 256 statements each: six rounds make both of them start over.
  for (std::size_t round = 0; round < 18; ++round) ask(round % 3, std::make_index_sequence<100>());
  EXPECT_EQ(sum, 6 * (299 * 300 / 2));
}

TEST_F(DbTest, exceptions_of_a_blocking_transaction_arrive_and_roll_back) {
  EXPECT_THROW(database.run_blocking([](Transaction& tx) {
    tx.run("INSERT INTO loose VALUES (1)");
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(database.run_blocking([](Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM loose"); }),
            0);
}

}  // namespace sallyport::data::db_test
