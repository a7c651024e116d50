// M3 body: Multiplies two ints of the body. Should happen: is neutralised.
// Request: POST /sum {"price":2000000000,"count":2}: does the process live, and what is the sum?
#include "service.hpp"

struct Sum {
  int price;
  int count;
};
sp::Response sum(sp::Body<Sum> in) { return sp::Response::text(std::to_string(in->price * in->count)); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/sum", sp::anyone("a public form"), sum);
  return app.run();
}
