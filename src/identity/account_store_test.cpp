// Accounts: right and wrong passwords, equal answers and equal work for every cause of failure, renewed hashes.
#include "identity/account_store.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/worker_pool.hpp"
#include "identity/test_support.hpp"

namespace sallyport::identity {
namespace {

using detail::operator""_own;
using test::run_blocking;

constexpr std::string_view good = "gravel lantern oboe";
constexpr crypto::Argon2Parameters cheap{.memory_kib = 64, .iterations = 1, .parallelism = 1};
constexpr crypto::Argon2Parameters dearer{.memory_kib = 128, .iterations = 2, .parallelism = 1};

// Counts the jobs that pass.
class CountingQueue final : public detail::JobQueue {
 public:
  explicit CountingQueue(detail::JobQueue& queue) : queue_(queue) {}
  bool submit(detail::Job& job) noexcept override {
    ++jobs;
    return queue_.submit(job);
  }
  std::atomic<int> jobs{0};

 private:
  detail::JobQueue& queue_;
};

class AccountStoreTest : public ::testing::Test {
 protected:
  std::optional<User> create(std::string_view address, std::string_view password = good) {
    const Email at = email(address);
    const NewPassword secret = chosen(password);
    return run_blocking(store.create("Ada", at, secret));
  }
  std::optional<User> verify(std::string_view address, std::string_view password = good) {
    return verify_with(store, address, password);
  }
  static std::optional<User> verify_with(AccountStore& accounts, std::string_view address,
                                         std::string_view password = good) {
    const Email at = email(address);
    const Password secret = typed(password);
    return run_blocking(accounts.verify(at, secret));
  }
  std::string stored_hash() {
    return on.database.run_blocking(
        [](Transaction& tx) { return tx.one<std::string>("SELECT password FROM sallyport_users"_own); });
  }

  TestDatabase on;
  StubbornEngine engine{on.database.own_engine()};
  Db db{engine};
  base::WorkerPool pool{2, 16};
  CountingQueue hashing{pool};
  crypto::PasswordHasher hasher{cheap};
  AccountStore store{db, hashing, hasher, on.clock};
};

TEST_F(AccountStoreTest, WhoSignsUpCanSignIn) {
  const auto created = create("Ada@Example.org");
  ASSERT_TRUE(created);
  const auto user = verify("Ada@example.org");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->id, created->id);
  EXPECT_EQ(user->name, "Ada");
  EXPECT_EQ(user->email, "Ada@example.org") << "the domain in lower case, the rest as typed";
  EXPECT_EQ(user->role, "") << "nobody is given a role by signing up";
  EXPECT_EQ(on.number("SELECT created_at FROM sallyport_users"_own), 1'767'225'600'000);
}

TEST_F(AccountStoreTest, TheHashIsAPhcString) {
  ASSERT_TRUE(create("ada@example.org"));
  EXPECT_TRUE(stored_hash().starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
}

TEST_F(AccountStoreTest, CapitalsDoNotMakeAnotherAccount) {
  ASSERT_TRUE(create("Ada@example.org"));
  EXPECT_TRUE(verify("ADA@EXAMPLE.ORG"));
  EXPECT_FALSE(create("aDa@example.org"));
  EXPECT_EQ(on.number("SELECT count(*) FROM sallyport_users"_own), 1);
}

TEST_F(AccountStoreTest, AWrongPasswordIsNothing) {
  ASSERT_TRUE(create("ada@example.org"));
  EXPECT_FALSE(verify("ada@example.org", "gravel lantern obo"));
  EXPECT_FALSE(verify("ada@example.org", "gravel lantern oboe "));
  EXPECT_FALSE(verify("ada@example.org", "Gravel lantern oboe"));
}

TEST_F(AccountStoreTest, ASecondSignUpChangesNothing) {
  const auto first = create("ada@example.org");
  EXPECT_FALSE(create("ada@example.org", "another long pass phrase"));
  EXPECT_EQ(verify("ada@example.org")->id, first->id);
  EXPECT_FALSE(verify("ada@example.org", "another long pass phrase"));
}

TEST_F(AccountStoreTest, EveryCauseOfFailureCostsOneHash) {
  ASSERT_TRUE(create("ada@example.org"));
  ASSERT_TRUE(create("eve@example.org"));
  ASSERT_TRUE(create("dan@example.org"));
  on.change("UPDATE sallyport_users SET disabled_at = 1 WHERE email = 'eve@example.org'"_own);
  on.change("UPDATE sallyport_users SET password = 'garbage' WHERE email = 'dan@example.org'"_own);
  hashing.jobs = 0;
  EXPECT_FALSE(verify("nobody@example.org"));
  EXPECT_EQ(hashing.jobs, 1);
  EXPECT_FALSE(verify("ada@example.org", "wrong"));
  EXPECT_EQ(hashing.jobs, 2);
  EXPECT_FALSE(verify("eve@example.org"));
  EXPECT_EQ(hashing.jobs, 3);
  EXPECT_FALSE(verify("dan@example.org"));
  EXPECT_EQ(hashing.jobs, 4);
  EXPECT_FALSE(create("ada@example.org")) << "an e-mail that is taken";
  EXPECT_EQ(hashing.jobs, 5);
}

// The job count can't tell whether the job hashes; the processor time of this process can, whatever else the
// machine does.
TEST_F(AccountStoreTest, AnUnknownAccountTakesAsLongAsAWrongPassword) {
  const crypto::PasswordHasher slow{crypto::argon2_minimum};
  AccountStore accounts{db, hashing, slow, on.clock};
  {
    const Email at = email("ada@example.org");
    const NewPassword secret = chosen(good);
    ASSERT_TRUE(run_blocking(accounts.create("Ada", at, secret)));
  }
  const auto time_of = [&](std::string_view address) {
    const std::clock_t begin = std::clock();
    EXPECT_FALSE(verify_with(accounts, address, "wrong"));
    return std::clock() - begin;
  };
  EXPECT_GT(time_of("nobody@example.org") * 4, time_of("ada@example.org"));
}

TEST_F(AccountStoreTest, ADamagedHashIsCountedForTheOperator) {
  ASSERT_TRUE(create("ada@example.org"));
  EXPECT_EQ(store.damaged_hashes(), 0U);
  on.change("UPDATE sallyport_users SET password = '$argon2id$v=19$m=64,t=1,p=1$AAAA' WHERE TRUE"_own);
  EXPECT_FALSE(verify("ada@example.org"));
  EXPECT_EQ(store.damaged_hashes(), 1U);
}

TEST_F(AccountStoreTest, AWeakerHashIsRenewedBySigningIn) {
  ASSERT_TRUE(create("ada@example.org"));
  const crypto::PasswordHasher stronger{dearer};
  AccountStore today{db, hashing, stronger, on.clock};
  EXPECT_FALSE(verify_with(today, "ada@example.org", "wrong"));
  EXPECT_TRUE(stored_hash().starts_with("$argon2id$v=19$m=64,t=1,p=1$")) << "a wrong password renews nothing";
  EXPECT_TRUE(verify_with(today, "ada@example.org"));
  EXPECT_TRUE(stored_hash().starts_with("$argon2id$v=19$m=128,t=2,p=1$"));
  EXPECT_TRUE(verify_with(today, "ada@example.org"));
  EXPECT_FALSE(verify_with(today, "ada@example.org", "wrong"));
}

// Set by an earlier version, which hashed what was typed: here in NFD.
TEST_F(AccountStoreTest, AHashOfWhatWasTypedIsRenewedBySigningIn) {
  ASSERT_TRUE(create("ada@example.org"));
  const std::string decomposed = "cafe\u0301 lantern oboe";
  crypto::Argon2Hash old{.parameters = cheap, .salt_size = 16, .tag_size = 32};
  ASSERT_TRUE(crypto::argon2id({reinterpret_cast<const unsigned char*>(decomposed.data()), decomposed.size()},
                               old.salt(), {}, {}, cheap, std::span{old.tag_bytes}.first(32)));
  const std::string stored = crypto::write_phc(old);
  on.database.run_blocking(
      [&](Transaction& tx) { tx.run("UPDATE sallyport_users SET password = ? WHERE TRUE"_own, stored); });
  EXPECT_FALSE(verify("ada@example.org", "caf\u00e9 lantern oboe")) << "as it was";
  EXPECT_TRUE(verify("ada@example.org", decomposed));
  EXPECT_NE(stored_hash(), stored);
  EXPECT_TRUE(verify("ada@example.org", "caf\u00e9 lantern oboe")) << "from another keyboard";
  EXPECT_TRUE(verify("ada@example.org", decomposed));
}

TEST_F(AccountStoreTest, AHashThatIsUpToDateIsLeftAlone) {
  ASSERT_TRUE(create("ada@example.org"));
  const std::string before = stored_hash();
  EXPECT_TRUE(verify("ada@example.org"));
  EXPECT_EQ(stored_hash(), before);
}

TEST_F(AccountStoreTest, RenewalThatFailsDoesNotFailTheSignIn) {
  ASSERT_TRUE(create("ada@example.org"));
  const crypto::PasswordHasher stronger{dearer};
  AccountStore today{db, hashing, stronger, on.clock};
  engine.writer_full = true;
  EXPECT_TRUE(verify_with(today, "ada@example.org"));
  EXPECT_TRUE(stored_hash().starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
}

TEST_F(AccountStoreTest, ADisabledAccountIsNotRenewed) {
  ASSERT_TRUE(create("ada@example.org"));
  on.change("UPDATE sallyport_users SET disabled_at = 1 WHERE TRUE"_own);
  const crypto::PasswordHasher stronger{dearer};
  AccountStore today{db, hashing, stronger, on.clock};
  EXPECT_FALSE(verify_with(today, "ada@example.org"));
  EXPECT_TRUE(stored_hash().starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
}

// A second hash would tell by its time that the password of a disabled account was right.
TEST_F(AccountStoreTest, NorIsAHashMadeForADisabledAccount) {
  ASSERT_TRUE(create("ada@example.org"));
  on.change("UPDATE sallyport_users SET disabled_at = 1 WHERE TRUE"_own);
  const crypto::PasswordHasher slow{crypto::argon2_minimum};
  AccountStore today{db, hashing, slow, on.clock};
  const std::clock_t begin = std::clock();
  ASSERT_TRUE(slow.hash(typed(good)));
  const std::clock_t hashed = std::clock();
  EXPECT_FALSE(verify_with(today, "ada@example.org"));
  EXPECT_LT((std::clock() - hashed) * 2, hashed - begin);
}

TEST_F(AccountStoreTest, AFullHashingQueueIsOverload) {
  ASSERT_TRUE(create("ada@example.org"));
  FullQueue full;
  AccountStore busy{db, full, hasher, on.clock};
  EXPECT_THROW(verify_with(busy, "ada@example.org"), Overloaded);
  EXPECT_THROW(verify_with(busy, "nobody@example.org"), Overloaded);
  const Email at = email("new@example.org");
  const NewPassword secret = chosen(good);
  EXPECT_THROW(run_blocking(busy.create("New", at, secret)), Overloaded);
}

TEST_F(AccountStoreTest, SignUpsWithOneEmailAtOnceMakeOneAccount) {
  std::atomic<int> made{0};
  std::vector<std::thread> browsers;
  for (int i = 0; i < 8; ++i) browsers.emplace_back([&] { made += create("ada@example.org") ? 1 : 0; });
  for (auto& browser : browsers) browser.join();
  EXPECT_EQ(made, 1);
}

TEST_F(AccountStoreTest, SqlInTheFieldsIsText) {
  const Email at = email("o'brien@example.org");
  const NewPassword secret = chosen(good);
  const std::string_view name = "'); DROP TABLE sallyport_users; --";
  ASSERT_TRUE(run_blocking(store.create(name, at, secret)));
  EXPECT_EQ(verify("o'brien@example.org")->name, name);
}

}  // namespace
}  // namespace sallyport::identity
