// What tests/clients/clients.py asks: files, an upload that is refused, handlers and event streams that wait.
#include <sallyport/sallyport.hpp>

#include <chrono>
#include <string>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Words {
  std::string text;
};
template <>
struct sp::view<Words> {
  using show = fields<&Words::text>;
};
struct Thing {
  sp::Line<1, 200> title;
};

namespace {

constexpr sp::anyone everybody{"for the tests with clients of other people"};

Words hello() { return {"hello"}; }
Words add(sp::Body<Thing> in) { return {std::string(in->title.view())}; }
sp::Task<Words> slow() {
  co_await sp::sleep_for(20s);
  co_return Words{"at last"};
}
sp::Task<Words> two_seconds() {
  co_await sp::sleep_for(2s);
  co_return Words{"at last"};
}
sp::EventStream events() {
  co_yield sp::Event("hello");
  co_await sp::sleep_for(1h);
}

}  // namespace

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  app.get("/", everybody, hello);
  app.post("/upload", everybody, add);
  app.get("/slow", everybody, slow);
  app.get("/two-seconds", everybody, two_seconds);
  app.get("/alone", everybody, sp::max_concurrent{1}, slow);
  app.get("/events", everybody, events);
  app.files("/files", everybody, "files");
  return app.run();
}
