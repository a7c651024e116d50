// Tasks are sorted by a due date that some lack, by a comparison that is noexcept.
#include "../round-2/service.hpp"

#include <algorithm>

struct Todo {
  std::string what;
  sp::Maybe<std::int64_t> due;
  friend bool operator<(const Todo& a, const Todo& b) noexcept { return *a.due < *b.due; }
};
template <>
struct sp::view<Todo> {
  using show = fields<&Todo::what, &Todo::due>;
};
struct NewTodo {
  sp::Line<1, 100> what;
  sp::Maybe<std::int64_t> due;
};
sp::Task<sp::NoContent> add(sp::Body<NewTodo> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO todos (owner, what, due) VALUES (?, ?, ?)", me.id, in->what, in->due);
  co_return {};
}
sp::Task<std::vector<Todo>> list(sp::SignedIn me, const sp::Db& db) {
  auto todos = co_await db.all<Todo>("SELECT what, due FROM todos WHERE owner = ?", me.id);
  std::sort(todos.begin(), todos.end());
  co_return todos;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE todos (owner BLOB NOT NULL, what TEXT NOT NULL, due INTEGER) STRICT"});
  app.post("/todos", sp::signed_in, add);
  app.get("/todos", sp::signed_in, list);
  return app.run();
}
