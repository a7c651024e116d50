// A page's script writes the address's fragment into innerHTML.
#include "../round-2/service.hpp"

sp::Page tabs() { return {.title = "Tabs", .scripts = {"/tabs.js"}, .body = sp::html<"<main id=\"tabs\"></main>">()}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.asset("/tabs.js", sp::AssetType::javascript,
            "document.getElementById('tabs').innerHTML = decodeURIComponent(location.hash.slice(1));");
  app.get("/tabs", sp::anyone("the public tabs"), tabs);
  return app.run();
}
