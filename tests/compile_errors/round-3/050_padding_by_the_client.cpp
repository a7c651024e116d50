// The width of a column of text is the client's, a thousand million if it likes.
#include "../round-2/service.hpp"

struct Width {
  sp::Int<1, 1'000'000'000> width;
};
sp::Task<Reply> line(sp::Query<Width> q, const sp::Db& db) {
  co_return Reply{co_await db.one<std::string>("SELECT printf('%.*c', ?, '-')", q->width.value())};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/line", sp::anyone("draws a line"), line);
  return app.run();
}
