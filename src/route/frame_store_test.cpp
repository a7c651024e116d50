// Frames of coroutines: recycled, and empty when they are.
#include <sallyport/job.hpp>
#include <sallyport/task.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

namespace sallyport::detail {
namespace {

TEST(FrameStore, RecycledFrameShowsNothingOfTheLastRequest) {
  constexpr std::size_t size = 700;
  void* const first = allocate_frame(size);
  std::memset(first, 's', size);
  free_frame(first, size);
  auto* const second = static_cast<unsigned char*>(allocate_frame(size));
  ASSERT_EQ(second, first) << "it is recycled";
  // Its first bytes link the frames that wait; the frame's own header takes their place.
  EXPECT_TRUE(std::all_of(second + sizeof(void*), second + size, [](unsigned char byte) { return byte == 0; }));
  free_frame(second, size);
}

TEST(FrameStore, LeasesDifferAcrossThreads) {
  std::vector<std::uint64_t> here(3000);
  std::vector<std::uint64_t> there(3000);
  std::thread other([&] { std::generate(there.begin(), there.end(), next_lease); });
  std::generate(here.begin(), here.end(), next_lease);
  other.join();
  std::set<std::uint64_t> all(here.begin(), here.end());
  all.insert(there.begin(), there.end());
  EXPECT_EQ(all.size(), 6000U);
}

}  // namespace
}  // namespace sallyport::detail
