#include "experiment/history.h"

#include <algorithm>

namespace lrlab {
namespace {

void merge(Bucket& into, const Bucket& other) {
  if (other.count == 0) return;
  if (into.count == 0) {
    into = other;
    return;
  }
  const std::uint32_t count = into.count + other.count;
  into.min = std::min(into.min, other.min);
  into.max = std::max(into.max, other.max);
  // In double: the difference of two floats can be too large for a float.
  const double mean = static_cast<double>(into.mean), share = static_cast<double>(other.count) / static_cast<double>(count);
  into.mean = std::clamp(static_cast<float>(mean + (static_cast<double>(other.mean) - mean) * share), into.min, into.max);
  into.count = count;
}

}  // namespace

void Series::push(std::uint64_t step, double value) {
  const float v = static_cast<float>(value);
  take_back();
  if (!(v * 0 == 0)) return;
  while (step / stride_ >= capacity_) {
    for (std::size_t i = 0; i < buckets_.size(); i += 2) {
      Bucket b = buckets_[i];
      if (i + 1 < buckets_.size()) merge(b, buckets_[i + 1]);
      buckets_[i / 2] = b;
    }
    buckets_.resize((buckets_.size() + 1) / 2);
    stride_ *= 2;
  }
  const auto index = static_cast<std::size_t>(step / stride_);
  if (buckets_.size() <= index) buckets_.resize(index + 1);
  merge(buckets_[index], {v, v, v, 1});
  last_ = value;
  ++total_;
}

void Series::push_for_now(std::uint64_t step, double value) {
  take_back();
  const auto index = static_cast<std::size_t>(step / stride_);
  if (index >= capacity_ || !(static_cast<float>(value) * 0 == 0)) return;  // the row stays as it is
  kept_size_ = buckets_.size();
  kept_index_ = index;
  kept_ = index < kept_size_ ? buckets_[index] : Bucket{};
  kept_last_ = last_;
  push(step, value);
  for_now_ = true;
}

void Series::take_back() {
  if (!for_now_) return;
  for_now_ = false;
  buckets_[kept_index_] = kept_;
  buckets_.resize(kept_size_);
  last_ = kept_last_;
  --total_;
}

void Series::clear() { *this = Series(capacity_); }

void Series::truncate(std::uint64_t step) {
  take_back();
  const auto keep = static_cast<std::size_t>((step + stride_ - 1) / stride_);
  if (keep < buckets_.size()) buckets_.resize(keep);
  for (std::size_t i = buckets_.size(); i-- > 0;)
    if (buckets_[i].count) {
      last_ = static_cast<double>(buckets_[i].mean);
      return;
    }
  clear();
}

}  // namespace lrlab
