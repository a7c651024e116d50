// A shop's JSON API: accounts, products, addresses and orders; administrators keep the products and the orders.
#include "routes.hpp"

int main(int argc, char** argv) {
  sallyport::App app{argc, argv};
  shop::routes(app);
  return app.run();
}
