// What a lane costs in memory, measured by the allocator itself.
#include <doctest/doctest.h>

#include "experiment/bench.h"
#include "experiment/codec.h"
#include "experiment/session.h"

#ifdef __has_feature  // clang's way to ask; g++ defines __SANITIZE_ADDRESS__
#if __has_feature(address_sanitizer)
#define LRLAB_SANITIZED 1
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(LRLAB_SANITIZED)
#include <malloc.h>
#define LRLAB_CAN_MEASURE 1
#endif

namespace lrlab {

TEST_CASE("history: a million steps take no more memory than the first thousand need") {
  Series series(1024);
  for (std::uint64_t step = 0; step < 1000000; ++step) series.push(step, step == 777777 ? 5 : 1);
  CHECK(series.buckets().size() <= 1024);
  float highest = 0;
  for (const Bucket& b : series.buckets()) highest = b.max > highest ? b.max : highest;
  CHECK(highest == 5);  // the one spike is still there
}

#ifdef LRLAB_CAN_MEASURE
std::size_t allocated() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;  // small blocks, and large ones that have pages of their own
}

TEST_CASE("memory: a lane of w5's size stays under 8 MB with its history and snapshots") {
  // The digits have 64 inputs; a hidden layer makes up for w5's 784, so that there are as many weights.
  const Config config = from_query("dataset=digits&hidden=256,256,64&activation=relu&optimizer=adam&batch_size=128");
  Race race;
  race.lanes[0].config = config;
  const std::size_t before = allocated();
  Session session(race);
  session.run(300);
  const std::size_t params = session.lane(0).trainer().theta().size();
  REQUIRE(params > 90000);
  const std::size_t used = allocated() - before;
  MESSAGE("a lane with " << params << " parameters uses " << used / 1024 << " KB, data included");
  CHECK(used < 8u << 20);
}
#else
TEST_CASE("memory: a lane of w5's size stays under 8 MB" * doctest::skip()) {}  // this allocator keeps no count
#endif

}  // namespace lrlab
