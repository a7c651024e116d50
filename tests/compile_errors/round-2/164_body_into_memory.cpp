// streams and files: Reads a streamed body of a gigabyte into a string. Should happen: is neutralised.
// Request: POST /up with 1 GiB, chunked: how much memory?
#include "service.hpp"

sp::Task<sp::Response> up(sp::SignedIn, sp::BodyStream<(1U << 30)> body) {
  std::string all;
  while (const auto piece = co_await body.next()) piece->append_to(all);
  co_return sp::Response::text(std::to_string(all.size()));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/up", sp::signed_in, up);
  return app.run();
}
