// Every place where a handler may write co_await, each with values that notice a second destruction. g++ 12 fails many of
// them: docs/decisions/0026-compilers.md.
#include "harness.hpp"

#include <sallyport/stream.hpp>

#include <array>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace compilers {
namespace {

using sp::Task;

struct Draft {
  Piece title;
  Piece body;
  int number = 0;
};

Task<int> save(Draft draft) {
  const int length = co_await later(draft.title.length());
  co_return length + draft.body.length() + draft.number;
}
Task<int> save_const(const Draft& draft) {
  co_await later(0);
  co_return draft.title.length() + draft.number;
}
Task<int> save_moved(Draft&& draft) {
  co_await later(0);
  const Draft kept = std::move(draft);
  co_return kept.body.length() + kept.number;
}
int sum(int a, int b, int c) { return a + b + c; }
int length_of(const Piece& piece) { return piece.length(); }
Task<Draft> draft(int number) { co_return Draft{Piece(co_await later(number)), co_await later(Piece(number)), number}; }
Task<Draft> draft_by_names(int number) {
  co_return Draft{.title = co_await task(Piece(number)), .body = Piece(number), .number = co_await later(number)};
}
Task<std::vector<Piece>> pieces() {
  std::vector<Piece> all;
  all.reserve(3);
  for (int i = 1; i <= 3; ++i) all.push_back(co_await task(Piece(i)));
  co_return all;
}
Task<void> nothing() { co_await later(0); }

constexpr Shape shapes[] = {
    {"if (co_await) co_return",
     []() -> Task<int> {
       if (co_await later(1) == 1) co_return 7;
       co_return 0;
     },
     7},
    {"if (co_await) not taken",
     []() -> Task<int> {
       if (co_await task(1) == 0) co_return 7;
       co_return 8;
     },
     8},
    {"if (co_await of a temporary) else",
     []() -> Task<int> {
       if (co_await save(Draft{Piece(1), Piece(2), 3}) == 0) {
         co_return 1;
       } else {
         co_return 2;
       }
     },
     2},
    {"if (!co_await)",
     []() -> Task<int> {
       if (!co_await task(false)) co_return 1;
       co_return 2;
     },
     1},
    {"if with an initialiser",
     []() -> Task<int> {
       if (const Piece piece = co_await task(Piece(5)); piece.number() == co_await later(5)) co_return piece.length();
       co_return 0;
     },
     40},
    {"if (declaration)",
     []() -> Task<int> {
       if (const std::optional<Piece> piece = co_await task(std::optional<Piece>(Piece(5)))) co_return piece->number();
       co_return 0;
     },
     5},
    {"if (co_await) throw, caught",
     []() -> Task<int> {
       try {
         if (co_await later(0) == 0) throw 5;
         co_return 0;
       } catch (int thrown) {
         co_return thrown;
       }
     },
     5},
    {"if (co_await) in a loop with continue and break",
     []() -> Task<int> {
       int total = 0;
       for (int i = 0; i < 6; ++i) {
         if (co_await later(i) == 1) continue;
         if (co_await task(i) == 4) break;
         total += i;
       }
       co_return total;
     },
     5},
    {"while (co_await)",
     []() -> Task<int> {
       int i = 0;
       while (co_await later(i) < 3) ++i;
       co_return i;
     },
     3},
    {"while (co_await) co_return",
     []() -> Task<int> {
       while (co_await task(true)) co_return 4;
       co_return 0;
     },
     4},
    {"while (declaration)",
     []() -> Task<int> {
       int left = 3;
       int turns = 0;
       while (const int now = co_await later(left)) {
         turns += now;
         --left;
       }
       co_return turns;
     },
     6},
    {"for (co_await; co_await; co_await)",
     []() -> Task<int> {
       int total = 0;
       for (int i = co_await later(1); co_await later(i < 4); i += co_await task(1)) total += i;
       co_return total;
     },
     6},
    {"for (; co_await;) co_return",
     []() -> Task<int> {
       for (; co_await task(true);) co_return 3;
       co_return 0;
     },
     3},
    {"do while (co_await)",
     []() -> Task<int> {
       int i = 0;
       do {
         ++i;
       } while (co_await later(i < 3));
       co_return i;
     },
     3},
    {"switch (co_await)",
     []() -> Task<int> {
       switch (co_await task(2)) {
         case 1:
           co_return 10;
         case 2:
           co_return 20;
         default:
           co_return 30;
       }
     },
     20},
    {"switch (co_await) with break and fall-through",
     []() -> Task<int> {
       int total = 0;
       switch (co_await later(1)) {
         case 1:
           total += co_await later(1);
           [[fallthrough]];
         case 2:
           total += co_await task(2);
           break;
         default:
           total = 100;
       }
       co_return total;
     },
     3},
    {"?: of co_awaits, a variable",
     []() -> Task<int> {
       const int taken = co_await later(true) ? co_await later(5) : co_await never(6);
       co_return taken;
     },
     5},
    {"?: of co_awaits, co_return",
     []() -> Task<int> { co_return co_await later(true) ? co_await later(5) : co_await never(6); }, 5,
     Known::both_sides},
    {"?: of co_awaits, an argument",
     []() -> Task<int> {
       const int total = sum(1, co_await later(false) ? co_await never(5) : co_await later(6), 1);
       co_return total;
     },
     8, Known::both_sides},
    {"?: of co_awaits, throw",
     []() -> Task<int> {
       try {
         throw(co_await later(true) ? co_await later(5) : co_await never(6));
       } catch (int thrown) {
         co_return thrown;
       }
     },
     5, Known::both_sides},
    {"?: of temporaries",
     []() -> Task<int> {
       const Piece piece = co_await later(false) ? Piece(1) : co_await task(Piece(2));
       co_return piece.number();
     },
     2},
    {"?: in a condition",
     []() -> Task<int> {
       if (co_await later(true) ? co_await later(false) : co_await never(true)) co_return 1;
       co_return 2;
     },
     2},
    {"&& and ||, variables",
     []() -> Task<int> {
       const bool both = co_await later(true) && co_await task(true);
       const bool one = co_await later(false) || co_await task(true);
       const bool first = co_await later(true) || co_await never(false);
       const bool none = co_await later(false) && co_await never(true);
       co_return both + 2 * one + 4 * first + 8 * none;
     },
     7},
    {"&& and ||, conditions",
     []() -> Task<int> {
       if (co_await later(false) && co_await never(true)) co_return 1;
       if (co_await later(true) || co_await never(true)) co_return 2;
       co_return 3;
     },
     2},
    {"&&, co_return", []() -> Task<int> { co_return co_await later(false) && co_await never(true); }, 0,
     Known::both_sides},
    {"&&, while",
     []() -> Task<int> {
       while (co_await later(false) && co_await never(true)) co_return 1;
       co_return 2;
     },
     2, Known::both_sides},
    {"&& and || below another operator",
     []() -> Task<int> {
       if (!(co_await later(true) || co_await never(true))) co_return 1;
       co_return 2;
     },
     2},
    {"&& and || with comparisons",
     []() -> Task<int> {
       if (co_await later(1) == 1 && (co_await task(2) == 3 || !co_await later(false))) co_return 1;
       co_return 0;
     },
     1},
    {"comparisons on both sides",
     []() -> Task<int> { co_return (co_await later(1) < co_await later(2)) + (co_await task(3) == co_await task(3)); },
     2},
    {"arithmetic", []() -> Task<int> { co_return co_await later(2) * co_await task(3) - co_await later(1); }, 5},
    {"comma", []() -> Task<int> { co_return (co_await nothing(), co_await later(3)); }, 3},
    {"several arguments",
     []() -> Task<int> { co_return sum(co_await later(1), co_await task(2), co_await at_once(3)); }, 6},
    {"argument and temporary",
     []() -> Task<int> { co_return length_of(co_await task(Piece(1))) + length_of(Piece(2)); }, 80},
    {"co_await of a co_await's answer",
     []() -> Task<int> { co_return co_await later(co_await later(co_await task(4))); }, 4},
    {"throw co_await",
     []() -> Task<int> {
       try {
         throw co_await task(9);
       } catch (int thrown) {
         co_return thrown;
       }
     },
     9},
    {"throw of a value made of a co_await",
     []() -> Task<int> {
       try {
         throw Piece(co_await later(9));
       } catch (const Piece& thrown) {
         co_return thrown.number();
       }
     },
     9},
    {"co_await after a catch",
     []() -> Task<int> {
       int caught = 0;
       try {
         const Piece before(1);
         co_await nothing();
         throw 5;
       } catch (int thrown) {
         caught = thrown;
       }
       co_return caught + co_await later(1);
     },
     6},
    {"aggregate temporary by value",
     []() -> Task<int> {
       co_return co_await save(Draft{Piece(1), Piece(2), 3});
     },
     83},
    {"aggregate temporary with designators",
     []() -> Task<int> { co_return co_await save(Draft{.title = Piece(1), .body = Piece(2), .number = 3}); }, 83},
    {"braces without a name",
     []() -> Task<int> {
       co_return co_await save({Piece(1), Piece(2), 3});
     },
     83},
    {"aggregate temporary by const reference",
     []() -> Task<int> {
       co_return co_await save_const(Draft{Piece(1), Piece(2), 3});
     },
     43},
    {"aggregate temporary by rvalue reference",
     []() -> Task<int> {
       co_return co_await save_moved(Draft{Piece(1), Piece(2), 3});
     },
     43},
    {"aggregate with co_await inside, awaited",
     []() -> Task<int> {
       co_return co_await save(Draft{co_await task(Piece(1)), Piece(co_await later(2)), co_await later(3)});
     },
     83, Known::leak},
    {"aggregate temporary as a statement",
     []() -> Task<int> {
       co_await save(Draft{Piece(1), Piece(2)});
       co_return 1;
     },
     1},
    {"aggregate variable with co_await inside",
     []() -> Task<int> {
       const Draft kept{co_await task(Piece(1)), Piece(2), co_await later(5)};
       co_return kept.title.length() + kept.number;
     },
     45, Known::leak},
    {"co_return of an aggregate with co_await inside",
     []() -> Task<int> {
       const Draft made = co_await draft(4);
       co_return made.title.number() + made.body.number() + made.number;
     },
     12, Known::leak},
    {"co_return of an aggregate with designators",
     []() -> Task<int> {
       const Draft made = co_await draft_by_names(4);
       co_return made.title.number() + made.body.number() + made.number;
     },
     12, Known::leak},
    {"member of an awaited temporary", []() -> Task<int> { co_return (co_await draft(4)).title.number(); }, 4,
     Known::leak},
    {"array of awaited values",
     []() -> Task<int> {
       const std::array<Piece, 2> both{co_await task(Piece(1)), co_await later(Piece(2))};
       co_return both[0].number() + both[1].number();
     },
     3, Known::leak},
    {"temporary bound to a reference",
     []() -> Task<int> {
       const Piece& kept = Piece(6);
       co_await nothing();
       co_return kept.number();
     },
     6, Known::leak},
    {"awaited temporary bound to a reference",
     []() -> Task<int> {
       const Piece& kept = co_await task(Piece(6));
       Piece&& other = co_await later(Piece(7));
       co_await nothing();
       co_return kept.number() + other.number();
     },
     13},
    {"member of a temporary bound to a reference",
     []() -> Task<int> {
       const Piece& kept = Draft{Piece(6), Piece(7)}.body;
       co_await nothing();
       co_return kept.number();
     },
     7},
    {"structured binding",
     []() -> Task<int> {
       const auto [title, body, number] = co_await draft(4);
       co_await nothing();
       co_return title.number() + body.number() + number;
     },
     12, Known::leak},
    {"structured binding of a reference",
     []() -> Task<int> {
       auto&& [first, second] = co_await task(std::pair<Piece, int>(Piece(3), 4));
       co_await nothing();
       co_return first.number() + second;
     },
     7},
    {"range-for over an awaited value",
     []() -> Task<int> {
       int total = 0;
       for (const Piece& piece : co_await pieces()) total += piece.number();
       co_return total;
     },
     6},
    {"range-for with co_await in its body",
     []() -> Task<int> {
       int total = 0;
       for (const Piece& piece : co_await pieces()) total += co_await later(piece.number());
       co_return total;
     },
     6},
    {"range-for that leaves early",
     []() -> Task<int> {
       for (const Piece& piece : co_await pieces()) {
         if (co_await task(piece.number()) == 2) co_return piece.number();
       }
       co_return 0;
     },
     2},
    {"values that live across a co_await",
     []() -> Task<int> {
       const Piece outer(1);
       int total = outer.number();
       {
         Piece inner(2);
         co_await nothing();
         total += inner.number();
       }
       const Piece last = co_await task(Piece(3));
       co_return total + last.number() + outer.number();
     },
     7},
    {"assignment",
     []() -> Task<int> {
       Piece piece(1);
       piece = co_await task(Piece(2));
       int number = 1;
       number += co_await later(piece.number());
       co_return number;
     },
     3},
    {"a lambda that is a coroutine",
     []() -> Task<int> {
       const auto twice = [](Piece piece) -> Task<int> { co_return 2 * co_await later(piece.number()); };
       co_return co_await twice(Piece(4));
     },
     8},
};

// --- co_yield: a generator that a coroutine asks for one piece after the other ------------------------------------------

using Lines = sp::Stream<"text/plain; charset=utf-8">;

std::string line_of(const Draft& draft) { return std::string(static_cast<std::size_t>(draft.number), 'y'); }
Task<std::string> line(int length) { co_return std::string(static_cast<std::size_t>(co_await later(length)), 'z'); }

Task<int> total_length(Lines lines) {
  sp::detail::Pieces pieces = lines.take();
  int total = 0;
  while (co_await pieces.next()) total += static_cast<int>(pieces.take_piece().size());
  co_return total;
}

constexpr Shape generators[] = {
    {"co_yield co_await",
     [] {
       return total_length([]() -> Lines {
         co_yield co_await line(30);
         co_yield co_await line(co_await later(40));
       }());
     },
     70},
    {"co_yield of an aggregate temporary",
     [] {
       return total_length([]() -> Lines {
         co_yield line_of(Draft{Piece(1), Piece(2), 20});
         co_yield line_of(Draft{.title = co_await task(Piece(1)), .body = Piece(2), .number = co_await later(30)});
       }());
     },
     50, Known::leak},
    {"co_yield in a range-for and a condition",
     [] {
       return total_length([]() -> Lines {
         const Piece outer(1);
         for (const Piece& piece : co_await pieces()) {
           if (co_await later(piece.number()) == 2) continue;
           co_yield std::string(static_cast<std::size_t>(piece.length()), 'x');
         }
         if (!co_await task(false)) co_return;
         co_yield "never";
       }());
     },
     80},
};

int try_all() {
  std::size_t runs = 0;
  int failed = 0;
  const auto try_one = [&](const Shape& shape) {
    std::printf("%s ", shape.name);
    std::fflush(stdout);  // whoever dies in it is named
    const Verdict verdict = try_shape(shape);
    runs += verdict.runs;
    failed += verdict.wrong.empty() ? 0 : 1;
    if (!verdict.wrong.empty()) {
      std::printf("FAIL: %s\n", verdict.wrong.c_str());
    } else if (!verdict.known.empty()) {
      std::printf("known: %s\n", verdict.known.c_str());
    } else {
      std::printf("ok\n");
    }
  };
  for (const Shape& shape : shapes) try_one(shape);
  for (const Shape& shape : generators) try_one(shape);
  std::printf("%zu shapes, %zu runs, %d failed\n", std::size(shapes) + std::size(generators), runs, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace compilers

int main() { return compilers::try_all(); }
