// What the shop sells, to whom, and what its clients send.
#pragma once

#include <sallyport/sallyport.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace shop {

namespace sp = sallyport;

using Cents = sp::Int<0, 100'000'000>;
using Stock = sp::Int<0, 1'000'000>;

struct Product {
  sp::Id<Product> id;
  std::string title, description;
  std::int64_t price, stock;
};

struct Address {
  sp::Id<Address> id;
  sp::Id<sp::User> owner;
  std::string name, street, postcode, city;
};

enum class Status : std::uint8_t { unpaid, paid, shipped, cancelled };

struct Order {
  sp::Id<Order> id;
  sp::Id<sp::User> owner;
  Status status;
  std::int64_t total, placed;
};

struct OrderLine {
  sp::Id<Product> product;
  std::string title;
  std::int64_t quantity, price;
};

/// An order with what was ordered, at the prices of that day.
struct Receipt {
  Order order;
  std::vector<OrderLine> lines;
};

// --- what clients send

struct SignUp {
  sp::Line<1, 80> name;
  sp::Email email;
  sp::NewPassword password;
};

struct SignIn {
  sp::Email email;
  sp::Password password;
};

constexpr std::int64_t page_size = 20;
using PageNumber = sp::Maybe<sp::Int<1, 10'000>>;
/// How many rows stand before this page; absent is the first.
inline std::int64_t rows_before(const PageNumber& page) { return page ? (page->value() - 1) * page_size : 0; }

struct Paging {
  PageNumber page;
};

enum class Sort : std::uint8_t { title, price, stock };

struct Search {
  sp::Maybe<sp::Line<1, 100>> q;
  sp::Maybe<Sort> sort;
  bool descending;
  PageNumber page;
};

struct NewProduct {
  sp::Line<1, 200> title;
  sp::Text<0, 5000> description;
  Cents price;
  Stock stock;
};

struct ProductChange {
  sp::Maybe<sp::Line<1, 200>> title;
  sp::Maybe<sp::Text<0, 5000>> description;
  sp::Maybe<Cents> price;
  sp::Maybe<Stock> stock;
};

struct NewAddress {
  sp::Line<1, 80> name;
  sp::Line<1, 200> street;
  sp::Line<1, 20> postcode;
  sp::Line<1, 80> city;
};

struct Item {
  sp::Id<Product> product;
  sp::Int<1, 100> quantity;
};

struct NewOrder {
  sp::List<Item, 50> items;
};

struct StatusChange {
  Status status;
};

}  // namespace shop

template <>
struct sallyport::view<shop::Product> {
  using show = fields<&shop::Product::id, &shop::Product::title, &shop::Product::description, &shop::Product::price,
                      &shop::Product::stock>;
};
template <>
struct sallyport::entity<shop::Product> : sallyport::table<"products", &shop::Product::id> {};

template <>
struct sallyport::view<shop::Address> {
  using show = fields<&shop::Address::id, &shop::Address::name, &shop::Address::street, &shop::Address::postcode,
                      &shop::Address::city>;
  using hidden = fields<&shop::Address::owner>;
};
template <>
struct sallyport::entity<shop::Address> : sallyport::table<"addresses", &shop::Address::id, &shop::Address::owner> {};

template <>
struct sallyport::view<shop::Order> {
  using show = fields<&shop::Order::id, &shop::Order::status, &shop::Order::total, &shop::Order::placed>;
  using hidden = fields<&shop::Order::owner>;
};
template <>
struct sallyport::entity<shop::Order> : sallyport::table<"orders", &shop::Order::id, &shop::Order::owner> {};

template <>
struct sallyport::view<shop::OrderLine> {
  using show =
      fields<&shop::OrderLine::product, &shop::OrderLine::title, &shop::OrderLine::quantity, &shop::OrderLine::price>;
};
template <>
struct sallyport::view<shop::Receipt> {
  using show = fields<&shop::Receipt::order, &shop::Receipt::lines>;
};
