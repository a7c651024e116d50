// The shop as its customers and its keepers meet it.
#include "model.hpp"
#include "routes.hpp"

#include <sallyport/testing.hpp>

#include <gtest/gtest.h>

namespace {

namespace test = sallyport::test;

struct Shop : testing::Test {
  test::Service service{shop::routes};
  test::Client admin = service.sign_in("boss@example.org", {.role = "admin"});
  test::Client ada = service.sign_in("ada@example.org");

  std::string product(const std::string& title, int price, int stock) {
    return admin
        .post("/products", R"({"title":")" + title + R"(","description":"","price":)" + std::to_string(price) +
                               R"(,"stock":)" + std::to_string(stock) + "}")
        .expect(201)
        .json<shop::Product>()
        .id.text();
  }
  static std::string order_of(const std::string& id, int quantity) {
    return R"({"items":[{"product":")" + id + R"(","quantity":)" + std::to_string(quantity) + "}]}";
  }
  std::int64_t stock_of(std::size_t index) {
    return service.visitor().get("/products").expect(200).json<std::vector<shop::Product>>()[index].stock;
  }
};

TEST_F(Shop, AnOrderTakesFromTheStockAndKeepsThePrice) {
  const std::string soap = product("Soap", 250, 10);
  const auto placed = ada.post("/orders", order_of(soap, 3)).expect(201);
  EXPECT_EQ(placed.json("/order/total"), 750);
  EXPECT_EQ(placed.json("/order/status"), "unpaid");
  EXPECT_EQ(stock_of(0), 7);
  admin.patch("/products/" + soap, R"({"price":900})").expect(200);
  const std::string path = "/orders/" + std::string(placed.json("/order/id").text());
  EXPECT_EQ(ada.get(path).expect(200).json("/lines/0/price"), 250);
}

// All or nothing: what could be had before the one that could not is given back.
TEST_F(Shop, AnOrderThatCantBeFilledChangesNothing) {
  const std::string comb = product("Comb", 100, 5);
  const std::string soap = product("Soap", 250, 1);
  ada.post("/orders",
           R"({"items":[{"product":")" + comb + R"(","quantity":2},{"product":")" + soap + R"(","quantity":2}]})")
      .expect(409);
  EXPECT_EQ(stock_of(0), 5);
  EXPECT_EQ(stock_of(1), 1);
  EXPECT_EQ(ada.get("/orders").expect(200).json().size(), 0u);
}

TEST_F(Shop, ACancelledOrderGivesBackOnce) {
  const std::string soap = product("Soap", 250, 10);
  const auto placed = ada.post("/orders", order_of(soap, 4)).expect(201);
  const std::string path = "/orders/" + std::string(placed.json("/order/id").text());
  ada.post(path + "/cancel").expect(204);
  ada.post(path + "/cancel").expect(409);
  EXPECT_EQ(stock_of(0), 10);
}

TEST_F(Shop, NobodyReachesTheOrdersAndAddressesOfOthers) {
  const std::string soap = product("Soap", 250, 10);
  const auto placed = ada.post("/orders", order_of(soap, 1)).expect(201);
  const std::string order = "/orders/" + std::string(placed.json("/order/id").text());
  const auto kept =
      ada.post("/addresses", R"({"name":"Home","street":"1 High Street","postcode":"AB1","city":"Leeds"})").expect(201);
  auto eve = service.sign_in("eve@example.org");
  eve.get(order).expect(404);
  eve.post(order + "/cancel").expect(404);
  eve.del("/addresses/" + std::string(kept.json("/id").text())).expect(404);
  EXPECT_EQ(eve.get("/addresses").expect(200).json().size(), 0u);
  EXPECT_EQ(ada.get("/addresses").expect(200).json().size(), 1u);
}

TEST_F(Shop, OnlyAdministratorsKeepProductsAndOrders) {
  ada.post("/products", R"({"title":"Soap","description":"","price":1,"stock":1})").expect(403);
  ada.get("/admin/orders").expect(403);
  const auto placed = ada.post("/orders", order_of(product("Soap", 250, 10), 1)).expect(201);
  const std::string path = "/admin/orders/" + std::string(placed.json("/order/id").text());
  ada.patch(path, R"({"status":"paid"})").expect(403);
  admin.patch(path, R"({"status":"paid"})").expect(200);
  EXPECT_EQ(ada.get("/orders").expect(200).json("/0/status"), "paid");
}

TEST_F(Shop, TheWindowIsSearchedAndSorted) {
  static_cast<void>(product("Soap", 250, 1));
  static_cast<void>(product("Émile's comb", 100, 1));
  auto visitor = service.visitor();
  EXPECT_EQ(visitor.get("/products?q=%C3%89MILE").expect(200).json().size(), 1u);
  EXPECT_EQ(visitor.get("/products?sort=price").expect(200).json("/0/title"), "Émile's comb");
  EXPECT_EQ(visitor.get("/products?sort=price&descending=true").expect(200).json("/0/title"), "Soap");
  visitor.get("/products?sort=price%3B--").expect(400);
}

}  // namespace
