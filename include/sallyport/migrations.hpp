// Migrations: the steps that make and change an application's tables: a list of literals, to which new ones are added
// at the end.
#pragma once

#include <sallyport/detail/literal.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport {

/// One step of the tables' history: the text of one or more statements, a literal.
///
///     app.migrate({"CREATE TABLE notes (id BLOB PRIMARY KEY, owner BLOB NOT NULL, title TEXT NOT NULL) STRICT",
///                  "ALTER TABLE notes ADD COLUMN body TEXT NOT NULL DEFAULT ''"});
///
/// Each runs once per database, in order, in a transaction of its own. One that has run is never edited (its hash is
/// kept, and a difference refuses to start, CFG-061): a later change is a new step at the end. Foreign keys are not
/// enforced while a step runs, so that tables can be rebuilt, and are checked at its end.
class Migration {
 public:
  template <std::size_t N>
  consteval Migration(const char (&sql)[N]) : sql_(checked(sql)) {}  // NOLINT(google-explicit-constructor)
  template <detail::NotALiteral<Migration> Argument>
  __attribute__((unavailable("SQL-009: a migration is a \"literal\", not text made at run time")))
  Migration(Argument&&);  // NOLINT

  constexpr std::string_view sql() const noexcept { return sql_.view(); }

 private:
  template <std::size_t N>
  static consteval detail::LiteralText checked(const char (&sql)[N]) {
    if (sql[N - 1] != '\0') throw "SQL-009: a migration is a literal: this array has no terminating NUL";
    bool has_text = false;
    for (const char c : std::string_view(sql, N - 1)) {
      if (c == '\0') throw "SQL-004: NUL inside a migration";
      if (c > ' ') has_text = true;
    }
    if (!has_text) throw "SQL-011: an empty migration";
    return detail::LiteralText(sql);
  }

  detail::LiteralText sql_;
};

}  // namespace sallyport
