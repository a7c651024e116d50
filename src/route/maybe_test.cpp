// Maybe<T>: looked at, answered for, and used blindly.
#include <sallyport/extract.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/url.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <string>

namespace sallyport {
namespace {

struct Context final : detail::TaskContext {
  void post(detail::Job&) noexcept override {}
  void resume(detail::Job&) noexcept override {}
};

Maybe<std::string> some() { return std::string("a text that is longer than a short string"); }
Maybe<std::string> none() { return std::nullopt; }

TEST(Maybe, HoldsWhatItIsMadeOf) {
  const Maybe<std::string> text = some();
  ASSERT_TRUE(text);
  EXPECT_EQ(text->size(), 41U);
  EXPECT_EQ(*text, *some());
  EXPECT_EQ(text.value_or("other"), *text);
  EXPECT_FALSE(text == std::nullopt);
  EXPECT_FALSE(none());
  EXPECT_TRUE(none() == std::nullopt);
  EXPECT_EQ(none().value_or("other"), "other");
  EXPECT_EQ((Maybe<Int<1, 100>>().value_or(1)), (Int<1, 100>(1)));
}

TEST(Maybe, AnswersForNothing) {
  EXPECT_EQ(some().or_problem(404, "No such note"), *some());
  try {
    static_cast<void>(none().or_problem(404, "No such note", "It may have been deleted."));
    FAIL();
  } catch (const Problem& problem) {
    EXPECT_EQ(problem.status(), 404);
    EXPECT_EQ(problem.title(), "No such note");
    EXPECT_EQ(problem.detail(), "It may have been deleted.");
  }
  Maybe<std::string> named = some();
  named.or_problem(404, "No such note") = "changed";
  EXPECT_EQ(*named, "changed") << "of a named one it is a reference";
}

TEST(Maybe, UsedBlindlyThrowsWhatApplicationsDoNotCatch) {
  const Maybe<std::string> nothing;
  EXPECT_THROW(static_cast<void>(*nothing), detail::Misuse);
  EXPECT_THROW(static_cast<void>(nothing->size()), detail::Misuse);
  EXPECT_THROW(static_cast<void>(*none()), detail::Misuse);
  static_assert(!std::is_base_of_v<std::exception, detail::Misuse>);
}

TEST(Maybe, WhatParseAnswersIsLookedAtToo) {
  Parsed<Email> email = Email::parse("nobody");
  const Parsed<Email>& same = email;
  ASSERT_FALSE(email);
  EXPECT_EQ(email.error(), InputError::format);
  EXPECT_THROW(static_cast<void>(*email), detail::Misuse);
  EXPECT_THROW(static_cast<void>(*same), detail::Misuse);
  EXPECT_THROW(static_cast<void>(email->view()), detail::Misuse);
  EXPECT_THROW(static_cast<void>(*Email::parse("nobody")), detail::Misuse);
  EXPECT_THROW(static_cast<void>(*Url::parse("javascript:alert(1)")), detail::Misuse);
  EXPECT_THROW(static_cast<void>(*ImgUrl::parse("https://evil.example/pixel.gif")), detail::Misuse);
  EXPECT_EQ((*Email::parse("ann@notes.example")).view(), "ann@notes.example");
  EXPECT_EQ((*Url::parse("https://notes.example/")).view(), "https://notes.example/");
}

TEST(Maybe, TheRequestKnowsOfTheMisuseWhateverCatchesIt) {
  Context context;
  const detail::Running running(&context);
  try {
    static_cast<void>(*none());
  } catch (...) {
  }
  ASSERT_NE(context.misused().what, nullptr);
  EXPECT_TRUE(context.misused().ends_request);
}

TEST(Maybe, OutsideOfARequestTheMisuseIsSaid) {
  ::testing::internal::CaptureStderr();
  EXPECT_THROW(static_cast<void>(*none()), detail::Misuse);
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_TRUE(said.starts_with("sallyport: misused outside of a request: a Maybe was used without a look")) << said;
  EXPECT_TRUE(said.ends_with("\n")) << "one line, before the process may end";
}

TEST(Maybe, WithinARequestItsLogSaysIt) {
  Context context;
  const detail::Running running(&context);
  ::testing::internal::CaptureStderr();
  EXPECT_THROW(static_cast<void>(*none()), detail::Misuse);
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Maybe, OfATemporaryItIsAValue) {
  static_assert(std::is_same_v<decltype(*some()), std::string>);
  static_assert(std::is_same_v<decltype(some().or_problem(404, "x")), std::string>);
  const auto& text = *some();
  EXPECT_EQ(text.size(), 41U);
}

TEST(Maybe, HoldsWhatCanOnlyBeMoved) {
  Maybe<std::unique_ptr<int>> one = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(one).or_problem(404, "x");
  EXPECT_EQ(*taken, 7);
}

TEST(ListTest, BehindTheEnd) {
  List<int, 3> list;
  ASSERT_TRUE(list.add(1));
  EXPECT_EQ(list[0], 1);
  EXPECT_EQ(list.front(), 1);
  EXPECT_EQ(list.back(), 1);
  EXPECT_EQ(list.at(0), 1);
  EXPECT_THROW(static_cast<void>(list[1]), detail::Misuse);
  EXPECT_THROW(static_cast<void>(list.at(1)), detail::Misuse);
  EXPECT_THROW(static_cast<void>((List<int, 3>().front())), detail::Misuse);
  EXPECT_THROW(static_cast<void>((List<int, 3>().back())), detail::Misuse);
}

}  // namespace
}  // namespace sallyport
