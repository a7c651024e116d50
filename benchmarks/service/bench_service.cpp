// The service that ./bench measures: a JSON answer, a validated JSON body and a folder of files, nothing turned off.
#include <sallyport/sallyport.hpp>

#include <unistd.h>

namespace sp = sallyport;

struct Greeting {
  std::string message;
};
template <>
struct sp::view<Greeting> {
  using show = fields<&Greeting::message>;
};

struct NewNote {
  sp::Text<1, 200> title;
  sp::Text<0, 10'000> body;
};
struct Echo {
  std::string title, body;
};
template <>
struct sp::view<Echo> {
  using show = fields<&Echo::title, &Echo::body>;
};

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  app.get("/", sp::anyone("the workload `get`"), [] { return Greeting{"Hello, World!"}; });
  app.post("/notes", sp::anyone("the workload `post`"), [](sp::Body<NewNote> note) {
    return sp::Created<Echo>({std::string(note->title.view()), std::string(note->body.view())});
  });
  // Made by ./bench where it starts the service for that workload; valgrind, which counts instructions, does not know openat2.
  if (::access("static", F_OK) == 0) app.files("/static", sp::anyone("the workload `download`"), "static");
  return app.run();
}
