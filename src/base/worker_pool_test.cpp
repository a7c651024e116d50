// Who waits for whom: clients take turns, none fills the queue, and slow work of one does not hold all workers.
#include "base/worker_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <semaphore>
#include <string>

namespace sallyport::base {
namespace {

// A client, and what is told of its jobs.
class Client final : public detail::TaskContext {
 public:
  explicit Client(std::uint64_t source) : source_(source) {}
  [[nodiscard]] std::uint64_t source() const noexcept override { return source_; }
  void post(detail::Job&) noexcept override { done.release(); }
  void resume(detail::Job&) noexcept override {}
  std::counting_semaphore<> done{0};

 private:
  std::uint64_t source_;
};

class Named final : public detail::Job {
 public:
  Named(Client& client, std::string& order, char name) : order_(order), name_(name) { waits({}, client); }

 private:
  void perform(std::size_t) override { order_ += name_; }
  std::string& order_;
  char name_;
};

// Holds its worker until it is let go.
class Held final : public detail::Job {
 public:
  explicit Held(Client& client) { waits({}, client); }
  std::binary_semaphore begun{0};
  std::binary_semaphore go{0};

 private:
  void perform(std::size_t) override {
    begun.release();
    go.acquire();
  }
};

TEST(WorkerPool, ClientsTakeTurns) {
  Client many(1);
  Client one(2);
  Client other(3);
  std::string order;
  WorkerPool pool(1, 100);
  Held first(many);
  ASSERT_TRUE(pool.submit(first));
  first.begun.acquire();
  std::array jobs{Named(many, order, 'a'), Named(many, order, 'b'), Named(many, order, 'c'),
                  Named(one, order, '1'),  Named(one, order, '2'),  Named(other, order, 'x')};
  for (Named& job : jobs) ASSERT_TRUE(pool.submit(job));
  first.go.release();
  for (int i = 0; i < 4; ++i) many.done.acquire();
  for (int i = 0; i < 2; ++i) one.done.acquire();
  other.done.acquire();
  EXPECT_EQ(order, "1xa2bc");
}

TEST(WorkerPool, AClientThatComesLaterDoesNotWaitForThoseWhoWereThere) {
  Client many(1);
  Client late(2);
  std::string order;
  WorkerPool pool(1, 100);
  Held first(many);
  Held second(many);
  ASSERT_TRUE(pool.submit(first));
  first.begun.acquire();
  ASSERT_TRUE(pool.submit(second));
  std::array jobs{Named(many, order, 'a'), Named(many, order, 'b'), Named(many, order, 'c')};
  for (Named& job : jobs) ASSERT_TRUE(pool.submit(job));
  first.go.release();
  second.begun.acquire();
  Named job(late, order, 'L');
  ASSERT_TRUE(pool.submit(job));
  second.go.release();
  late.done.acquire();
  for (int i = 0; i < 5; ++i) many.done.acquire();
  EXPECT_EQ(order, "Labc");
}

TEST(WorkerPool, NoClientFillsTheQueue) {
  Client many(1);
  Client one(2);
  std::string order;
  WorkerPool pool(1, 4, 2);
  Held first(many);
  ASSERT_TRUE(pool.submit(first));
  first.begun.acquire();
  std::array jobs{Named(many, order, 'a'), Named(many, order, 'b'), Named(many, order, 'c')};
  EXPECT_TRUE(pool.submit(jobs[0]));
  EXPECT_TRUE(pool.submit(jobs[1]));
  EXPECT_FALSE(pool.submit(jobs[2])) << "two wait";
  Named job(one, order, '1');
  EXPECT_TRUE(pool.submit(job));
  first.go.release();
  one.done.acquire();
  for (int i = 0; i < 3; ++i) many.done.acquire();
  EXPECT_EQ(order, "1ab");
}

TEST(WorkerPool, SlowWorkOfOneClientDoesNotHoldAllWorkers) {
  Client slow(1);
  Client other(2);
  std::string order;
  WorkerPool pool(2, 100, 100, std::chrono::milliseconds(0));  // all work is slow
  Held first(slow);
  Held second(slow);
  ASSERT_TRUE(pool.submit(first));
  first.begun.acquire();
  ASSERT_TRUE(pool.submit(second));
  Named job(other, order, 'x');
  ASSERT_TRUE(pool.submit(job));
  other.done.acquire();
  EXPECT_FALSE(second.begun.try_acquire());
  first.go.release();
  second.begun.acquire();  // a worker is left free again
  second.go.release();
  slow.done.acquire();
  slow.done.acquire();
}

TEST(WorkerPool, WhatIsNobodysHasNoBounds) {
  Client nobody(0);
  std::array<std::string, 4> ran;
  WorkerPool pool(2, 3, 1, std::chrono::milliseconds(0));
  Held first(nobody);
  Held second(nobody);
  ASSERT_TRUE(pool.submit(first));
  first.begun.acquire();
  ASSERT_TRUE(pool.submit(second));
  second.begun.acquire();
  std::array jobs{Named(nobody, ran[0], 'a'), Named(nobody, ran[1], 'b'), Named(nobody, ran[2], 'c'),
                  Named(nobody, ran[3], 'd')};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.submit(jobs[static_cast<std::size_t>(i)]));
  EXPECT_FALSE(pool.submit(jobs[3]));
  first.go.release();
  second.go.release();
  for (int i = 0; i < 5; ++i) nobody.done.acquire();
  EXPECT_EQ(ran[0] + ran[1] + ran[2] + ran[3], "abc");
}

}  // namespace
}  // namespace sallyport::base
