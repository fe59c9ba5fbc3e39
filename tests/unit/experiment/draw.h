// Random configs for property tests: made by a sequence of choices, so that the same generator runs
// on our own random numbers (everywhere) and on RapidCheck's (where it is installed, with shrinking:
// fewer and smaller choices make a config nearer to the default).
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <span>
#include <string>

#include "core/random.h"
#include "experiment/codec.h"

namespace lrlab {

// A source of choices; 0 is always the dullest one.
struct Draw {
  virtual ~Draw() = default;
  virtual std::uint64_t below(std::uint64_t n) = 0;  // 0 ... n − 1
};

struct RandomDraw : Draw {
  Random random;
  explicit RandomDraw(std::uint64_t seed, std::uint64_t item = 0) : random(seed, Stream::kJobs, item) {}
  std::uint64_t below(std::uint64_t n) override { return n ? random.next_u64() % n : 0; }
};

// Recorded choices, 0 when they are used up.
struct TapeDraw : Draw {
  std::span<const std::uint32_t> tape;
  explicit TapeDraw(std::span<const std::uint32_t> t) : tape(t) {}
  std::uint64_t below(std::uint64_t n) override {
    if (tape.empty() || n == 0) return 0;
    const std::uint64_t v = tape.front();
    tape = tape.subspan(1);
    return v % n;
  }
};

// Any value of the spec: its ends, plain numbers, and numbers with all their digits.
inline double random_value(Draw& draw, const ParamSpec& spec) {
  if (spec.kind == ParamKind::kBool) return static_cast<double>(draw.below(2));
  if (spec.kind == ParamKind::kChoice) return static_cast<double>(draw.below(static_cast<std::uint64_t>(choice_count(spec))));
  const double share = static_cast<double>(draw.below(std::uint64_t(1) << 53)) / 9007199254740992.0;
  double v = 0;
  switch (draw.below(6)) {
    case 0: v = spec.def; break;
    case 1: v = spec.min; break;
    case 2: v = spec.max; break;
    case 3:  // any magnitude
      v = std::max(spec.min, spec.max * std::pow(10.0, -17 * share));
      break;
    default: v = spec.min + (spec.max - spec.min) * share;
  }
  return spec.kind == ParamKind::kInteger ? std::nearbyint(v) : v;
}

// How large a random config may be: `small` ones train in microseconds.
enum class Size { kAny, kSmall };

inline Config random_config(Draw& draw, Size size = Size::kAny) {
  Config c;
  for (const Pick& p : picks()) {
    if (draw.below(2) == 0) continue;
    const auto choices = p.rows + (p.none ? 1 : 0);
    p.choose(c, static_cast<int>(draw.below(choices)) - (p.none ? 1 : 0));
    const RowText row = p.chosen(c);
    for (std::size_t i = 0; i < row.params.size(); ++i) {
      const ParamSpec& spec = row.params[i];
      if (draw.below(2) == 0) continue;
      if (spec.kind == ParamKind::kList) {
        p.list_of(c).clear();
        for (std::uint64_t n = draw.below(6); n > 0; --n) p.list_of(c).push_back(random_value(draw, spec));
      } else {
        p.params_of(c)[i] = random_value(draw, spec);
      }
    }
  }
  if (draw.below(2)) {
    c.hidden.clear();
    const std::uint64_t most = size == Size::kSmall ? 12 : static_cast<std::uint64_t>(kMaxWidth);
    for (std::uint64_t n = draw.below(kMaxHiddenLayers + 1); n > 0; --n) c.hidden.push_back(1 + static_cast<int>(draw.below(most)));
  }
  for (const Field& f : fields()) f.set(c, draw.below(2) ? random_value(draw, f.spec) : default_of(f, c));
  if (c.dataset.info->given) {
    std::vector<PaintedPoint> points;
    const bool regression = draw.below(2);
    for (std::uint64_t n = 1 + draw.below(20); n > 0; --n)
      points.push_back({static_cast<double>(draw.below(2000)) / 1000 - 1, static_cast<double>(draw.below(2000)) / 1000 - 1,
                        static_cast<double>(draw.below(3)) - regression});
    c.own = paint(points, regression);
  }
  if (size == Size::kSmall) c.count = 4 + static_cast<int>(draw.below(100));
  validate(c);
  return c;
}

// The seed of the project's own random tests: LRLAB_SEED, else 1. Printed when something fails.
inline std::uint64_t test_seed() {
  const char* text = std::getenv("LRLAB_SEED");
  return text ? std::strtoull(text, nullptr, 10) : 1;
}

// property(draw) for `count` random draws. It checks with doctest's macros.
template <class Property>
void for_all(int count, Property property) {
  const std::uint64_t seed = test_seed();
  for (int i = 0; i < count; ++i) {
    INFO("LRLAB_SEED=" << seed << ", item " << i);
    RandomDraw draw(seed, static_cast<std::uint64_t>(i));
    property(draw);
  }
}

// Texts of issues reach people and terminals: short, valid UTF-8, no controls.
inline void check_readable(const std::vector<Issue>& issues) {
  for (const Issue& issue : issues) {
    CAPTURE(issue.message);
    CHECK(issue.message.size() > 10);
    CHECK(issue.message.size() < 1000);
    CHECK(issue.message.back() == '.');
    CHECK(printable(issue.message, 2000) == issue.message);
    CHECK(printable(issue.key, 2000) == issue.key);
  }
}

}  // namespace lrlab
