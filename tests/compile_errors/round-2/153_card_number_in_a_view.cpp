// V6 secrets and logs: Shows the number of the card and its check digits. Should happen: does not compile.
#include "service.hpp"

struct Card {
  std::string holder;
  std::string card_number;
  std::string cvv;
};
template <>
struct sp::view<Card> {
  using show = fields<&Card::holder, &Card::card_number, &Card::cvv>;
};
Card card(sp::SignedIn me) { return {std::string(me.name), "4111111111111111", "123"}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/card", sp::signed_in, card);
  return app.run();
}
