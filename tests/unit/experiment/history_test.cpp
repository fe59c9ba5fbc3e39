// A series: fixed memory, and no spike lost.
#include <doctest/doctest.h>

#include <limits>

#include "draw.h"
#include "experiment/history.h"

namespace lrlab {
namespace {

struct Extremes {
  float min = std::numeric_limits<float>::infinity(), max = -min;
};
Extremes extremes(const Series& s) {
  Extremes e;
  for (const Bucket& b : s.buckets())
    if (b.count) e.min = std::min(e.min, b.min), e.max = std::max(e.max, b.max);
  return e;
}

std::uint64_t counted(const Series& s) {
  std::uint64_t n = 0;
  for (const Bucket& b : s.buckets()) n += b.count;
  return n;
}

void check_sane(const Series& s, std::size_t capacity) {
  CHECK(s.buckets().size() <= capacity);
  for (const Bucket& b : s.buckets()) {
    const bool sane = b.count == 0 || (b.min <= b.mean && b.mean <= b.max && b.mean * 0 == 0);
    CHECK(sane);
    if (!sane) break;
  }
}

TEST_CASE("series: a million steps in the memory of 1024 buckets, every spike kept") {
  Series s;
  for (std::uint64_t step = 0; step < 1'000'000; ++step)
    s.push(step, step == 123'457 ? -1e6 : step == 876'543 ? 1e6 : 1 + 1e-6 * static_cast<double>(step));
  CHECK(s.buckets().size() <= 1024);
  CHECK(s.buckets().capacity() <= 2048);
  CHECK(s.buckets().size() > 400);
  CHECK(extremes(s).min == -1e6f);
  CHECK(extremes(s).max == 1e6f);
  CHECK(counted(s) == 1'000'000);
  CHECK(s.buckets()[123'457 / s.stride()].min == -1e6f);
  CHECK(s.buckets()[876'543 / s.stride()].max == 1e6f);
  CHECK(s.buckets().front().mean == doctest::Approx(1).epsilon(0.01));
  check_sane(s, 1024);
}

TEST_CASE("series: whatever comes in whatever order, extremes and counts are kept and means lie between") {
  for_all(200, [](Draw& draw) {
    const std::size_t capacity = 1 + draw.below(40);
    Series s(capacity);
    Extremes e;
    std::uint64_t n = 0;
    for (std::uint64_t k = draw.below(400); k > 0; --k) {
      const std::uint64_t step = draw.below(5) ? draw.below(1000) : draw.below(std::uint64_t(1) << 40);
      double v = std::ldexp(static_cast<double>(draw.below(1000)) - 500, static_cast<int>(draw.below(230)) - 120);
      if (draw.below(20) == 0) v = draw.below(2) ? std::numeric_limits<double>::infinity() : std::nan("");
      s.push(step, v);
      const float f = static_cast<float>(v);
      if (!(f * 0 == 0)) continue;
      e.min = std::min(e.min, f);
      e.max = std::max(e.max, f);
      ++n;
      CHECK(s.last() == v);
    }
    CHECK(counted(s) == n);
    CHECK(s.empty() == (n == 0));
    CHECK(extremes(s).min == e.min);
    CHECK(extremes(s).max == e.max);
    check_sane(s, capacity);
  });
}

TEST_CASE("series: the largest floats do not overflow a mean") {
  Series s(2);
  for (std::uint64_t i = 0; i < 64; ++i) s.push(i, i % 2 ? 3.4e38 : -3.4e38);
  check_sane(s, 2);
}

TEST_CASE("series: nothing that is not finite is kept") {
  Series s;
  s.push(0, std::nan(""));
  s.push(1, std::numeric_limits<double>::infinity());
  s.push(2, 1e300);  // too large for a plot's float
  CHECK(s.empty());
  CHECK(counted(s) == 0);
}

TEST_CASE("series: truncate forgets what came at a step and later, clear everything") {
  Series s(16);
  for (std::uint64_t i = 0; i < 16; ++i) s.push(i, static_cast<double>(i));
  s.truncate(10);
  CHECK(counted(s) == 10);
  CHECK(extremes(s).max == 9);
  CHECK(s.last() == 9);
  for (std::uint64_t i = 10; i < 200; ++i) s.push(i, 100);
  CHECK(s.stride() == 16);
  s.truncate(32);
  CHECK(counted(s) == 32);
  s.truncate(0);
  CHECK(s.empty());
  CHECK(s.stride() == 1);
  s.push(5, 2);
  CHECK(s.last() == 2);
  s.clear();
  CHECK(s.empty());
  s.truncate(3);
  CHECK(s.empty());
}

TEST_CASE("history: what is pushed for now is gone with the next value, and never changes the row") {
  for_all(200, [](Draw& draw) {
    Series plain(16), broken(16);
    std::uint64_t step = 0;
    for (int i = 0; i < 60; ++i) {
      step += 1 + draw.below(4);
      const double v = static_cast<double>(draw.below(1000)) / 7;
      for (std::uint64_t k = draw.below(3); k > 0; --k) {
        broken.push_for_now(step - draw.below(step), -1e6);
        if (broken.last() != -1e6) CHECK(broken.stride() == plain.stride());
      }
      plain.push(step, v);
      broken.push(step, v);
    }
    REQUIRE(plain.buckets().size() == broken.buckets().size());
    CHECK(plain.last() == broken.last());
    for (std::size_t k = 0; k < plain.buckets().size(); ++k) {
      CHECK(plain.buckets()[k].count == broken.buckets()[k].count);
      CHECK(plain.buckets()[k].mean == broken.buckets()[k].mean);
      CHECK(plain.buckets()[k].min == broken.buckets()[k].min);
    }
    broken.push_for_now(step, -5);
    broken.truncate(step / 2);
    plain.truncate(step / 2);
    CHECK(plain.last() == broken.last());
  });
}

}  // namespace
}  // namespace lrlab
