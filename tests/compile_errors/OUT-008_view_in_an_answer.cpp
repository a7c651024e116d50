// code: OUT-008
// cases: 8
// An answer owns what it shows: what a view looks at may be gone when the answer is written.
#include <sallyport/sallyport.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sp = sallyport;

template <class Value>
struct Shown {
  int id;
  Value text;
};
template <class Value>
struct sp::view<Shown<Value>> {
  using show = fields<&Shown<Value>::id, &Shown<Value>::text>;
};
struct Inside {
  Shown<std::string_view> part;
};
template <>
struct sp::view<Inside> {
  using show = fields<&Inside::part>;
};
struct Hidden {
  int id;
  std::string_view note;
};
template <>
struct sp::view<Hidden> {
  using show = fields<&Hidden::id>;
  using hidden = fields<&Hidden::note>;
};

void routes(sp::App& app) {
  app.get("/", sp::anyone("the front page"), [] { return Shown<std::string>{1, "own"}; });
  app.get("/list", sp::anyone("the front page"), [] { return std::vector<Shown<std::vector<std::string>>>{}; });
  app.get("/hidden", sp::anyone("the front page"), [] { return Hidden{1, "not shown"}; });
#if CASE == 1
  app.get("/a", sp::anyone("the front page"), [] {
    const std::string local = "a text that is gone when the handler has returned";
    return Shown<std::string_view>{1, local};
  });
#elif CASE == 2
  app.get("/a", sp::anyone("the front page"), [] { return Shown<const char*>{1, "text"}; });
#elif CASE == 3
  app.get("/a", sp::anyone("the front page"), [] { return Shown<std::span<const int>>{1, {}}; });
#elif CASE == 4
  app.get("/a", sp::anyone("the front page"), [] { return Shown<std::optional<std::string_view>>{1, {}}; });
#elif CASE == 5
  app.get("/a", sp::anyone("the front page"), []() -> sp::Task<std::vector<Shown<std::vector<std::string_view>>>> {
    co_return std::vector<Shown<std::vector<std::string_view>>>{};
  });
#elif CASE == 6
  app.post("/a", sp::anyone("the front page"), [] { return sp::Created<Inside>(Inside{}); });
#elif CASE == 7
  app.get("/a", sp::anyone("the front page"), [] { return sp::Response::json(Shown<std::string_view>{1, "text"}); });
#elif CASE == 8
  app.get("/a", sp::anyone("the front page"), [] { return sp::Response::json(std::vector<std::string_view>{"text"}); });
#endif
}
