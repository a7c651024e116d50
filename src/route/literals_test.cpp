// What only the compiler may make, of literals: std::bit_cast and memcpy can't make one of other bytes.
#include <sallyport/sallyport.hpp>

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace sallyport {
namespace {

template <class... T>
constexpr bool none_of_other_bytes = ((!std::is_trivially_copyable_v<T> && !std::is_aggregate_v<T>)&&...);
template <class... T>
constexpr bool none_of_nothing = (!std::is_default_constructible_v<T> && ...);

static_assert(none_of_other_bytes<Sql<detail::SqlUse::change, void>, Migration, Problem, FieldName, RoutePath,
                                  LocalPath, anyone, role, WaiverCode, WaiverReason, WaiverDay>);
static_assert(none_of_other_bytes<limit<LimitedBy::client>, limit<LimitedBy::account>, limit<LimitedBy::everybody>,
                                  max_concurrent, Int<1, 9>, Real<0, 1>, detail::Order<"title", "body">>);
static_assert(none_of_other_bytes<csp, insecure_csp, csp_report_only, trusted_types, insecure_no_trusted_types,
                                  embeddable, permissions, helmet, detail::CoepOption, detail::CoopOption,
                                  detail::CorpOption, detail::ReferrerOption, detail::LiteralText>);
static_assert(none_of_nothing<Migration, FieldName, RoutePath, LocalPath, role, WaiverCode, WaiverReason, WaiverDay,
                              csp, insecure_csp, csp_report_only, trusted_types, embeddable, permissions, helmet>);
// What comes of a request, and proves something by being there.
static_assert(
    none_of_other_bytes<SignedIn, Html, LocalUrl, Url, ImgUrl, LikePattern, SecretBytes, Password, NewPassword>);

TEST(Literals, AreCopiedAsTheyAre) {
  const LocalPath path = "/notes?sort=new";
  LocalPath copy = path;
  const LocalPath other = "/";
  EXPECT_EQ(copy, path);
  copy = other;
  EXPECT_EQ(copy.view(), "/");
  const Problem problem(404, "No such note", "It may have been deleted.");
  const Problem same = problem;
  EXPECT_EQ(same.title(), "No such note");
  EXPECT_EQ(same.detail(), "It may have been deleted.");
  EXPECT_EQ(same.status(), 404);
}

TEST(Literals, KeepTheirNumbers) {
  constexpr limit search{"search", 30, std::chrono::minutes(1)};
  const auto copy = search.per_account().costs(3);
  EXPECT_EQ(copy.facts().max, 30U);
  EXPECT_EQ(copy.facts().cost, 3U);
  EXPECT_EQ(copy.facts().name, "search");
  const Int<1, 9> five = 5;
  const Int<1, 9> again = five;
  EXPECT_EQ(again.value(), 5);
}

}  // namespace
}  // namespace sallyport
