// A user's homepage becomes a link without a look at whether it is one.
#include "../round-2/service.hpp"

struct Homepage {
  sp::Line<1, 200> address;
};
sp::Page preview(sp::Query<Homepage> q) {
  const auto url = sp::Url::parse(q->address.view());
  return {.title = "Preview", .body = sp::html<"<p><a href=\"{}\">homepage</a></p>">(*url)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/preview", sp::anyone("a preview of the link"), preview);
  return app.run();
}
