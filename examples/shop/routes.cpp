// What the service is made of.
#include "routes.hpp"

namespace shop {

void routes(sallyport::App& app) {
  app.migrate({R"(
    CREATE TABLE products (id BLOB PRIMARY KEY, title TEXT NOT NULL, description TEXT NOT NULL, price INTEGER NOT NULL,
      stock INTEGER NOT NULL CHECK (stock >= 0)) STRICT;
    CREATE TABLE addresses (id BLOB PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE,
      name TEXT NOT NULL, street TEXT NOT NULL, postcode TEXT NOT NULL, city TEXT NOT NULL) STRICT;
    CREATE TABLE orders (id BLOB PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id), status INTEGER NOT NULL,
      total INTEGER NOT NULL DEFAULT 0, placed INTEGER NOT NULL DEFAULT (unixepoch())) STRICT;
    CREATE TABLE order_lines (order_id BLOB NOT NULL REFERENCES orders (id), product BLOB NOT NULL REFERENCES products (id),
      title TEXT NOT NULL, quantity INTEGER NOT NULL, price INTEGER NOT NULL, PRIMARY KEY (order_id, product)) STRICT)"});
  accounts(app);
  products(app);
  addresses(app);
  orders(app);
}

}  // namespace shop
