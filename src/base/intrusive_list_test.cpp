// Items join, leave and go, in any order.
#include "base/intrusive_list.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace sallyport::base {
namespace {

class Item : public Linked<Item> {
 public:
  explicit Item(char the_name) noexcept : name(the_name) {}
  const char name;
};

// Read from both ends, which must agree.
std::string names(const IntrusiveList<Item>& list) {
  std::string forward;
  std::string backward;
  for (const Item* item = list.front(); item; item = list.after(*item)) forward.push_back(item->name);
  for (const Item* item = list.back(); item; item = list.before(*item)) backward.push_back(item->name);
  EXPECT_EQ(forward, std::string(backward.rbegin(), backward.rend()));
  return forward;
}

TEST(IntrusiveList, KeepsTheOrder) {
  Item a('a'), b('b'), c('c'), d('d');
  IntrusiveList<Item> list;
  EXPECT_EQ(names(list), "");
  list.push_back(b);
  list.push_back(d);
  list.push_front(a);
  list.insert_before(d, c);
  EXPECT_EQ(names(list), "abcd");
}

TEST(IntrusiveList, AnItemLeavesFromAnyPlaceAndJoinsAgain) {
  Item a('a'), b('b'), c('c');
  IntrusiveList<Item> list;
  for (Item* item : {&a, &b, &c}) list.push_back(*item);
  b.unlink();
  EXPECT_FALSE(b.linked());
  EXPECT_EQ(names(list), "ac");
  b.unlink();  // again, for nothing
  a.unlink();
  c.unlink();
  EXPECT_EQ(names(list), "");
  list.push_back(b);
  EXPECT_TRUE(b.linked());
  EXPECT_EQ(names(list), "b");
}

TEST(IntrusiveList, AnItemThatGoesLeaves) {
  Item a('a');
  std::optional<Item> b('b');
  Item c('c');
  IntrusiveList<Item> list;
  for (Item* item : {&a, &*b, &c}) list.push_back(*item);
  b.reset();
  EXPECT_EQ(names(list), "ac");
}

TEST(IntrusiveList, AListThatGoesLeavesItsItemsInNone) {
  Item a('a'), b('b');
  {
    IntrusiveList<Item> list;
    list.push_back(a);
    list.push_back(b);
  }
  EXPECT_FALSE(a.linked());
  EXPECT_FALSE(b.linked());
}

TEST(IntrusiveList, TakesAnotherOver) {
  Item a('a'), b('b'), c('c');
  IntrusiveList<Item> list;
  IntrusiveList<Item> other;
  list.append(other);
  EXPECT_EQ(names(list), "");
  list.push_back(a);
  other.push_back(b);
  other.push_back(c);
  list.append(other);
  EXPECT_EQ(names(list), "abc");
  EXPECT_EQ(names(other), "");
  a.unlink();
  other.push_back(a);
  EXPECT_EQ(names(list), "bc");
  EXPECT_EQ(names(other), "a");
}

}  // namespace
}  // namespace sallyport::base
