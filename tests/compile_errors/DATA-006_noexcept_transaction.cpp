// code: DATA-006
// cases: 3
// A function of a transaction that nothing may leave, so that a row that is not there ends the process.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

std::int64_t count(sp::Transaction& tx) noexcept;

sp::Task<std::int64_t> honest(sp::Db& db) {
  co_return co_await db.transaction(
      [](sp::Transaction& tx) { return tx.one<std::int64_t>("SELECT count(*) FROM drafts"); });
}
#if CASE == 1
sp::Task<std::int64_t> f(sp::Db& db) {
  co_return co_await db.transaction(
      [](sp::Transaction& tx) noexcept { return tx.one<std::int64_t>("SELECT count(*) FROM drafts"); });
}
#elif CASE == 2
sp::Task<void> f(sp::Db& db) {
  co_await db.transaction([&](sp::Transaction& tx) noexcept { tx.run("DELETE FROM drafts WHERE title = ''"); });
}
#elif CASE == 3
sp::Task<std::int64_t> f(sp::Db& db) { co_return co_await db.transaction(count); }
#endif
