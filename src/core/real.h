// The number type of training: float in the product, double in the oracle build.
//
// The core is compiled twice from the same source. The second build passes -DLRLAB_DOUBLE=1 and
// renames the namespace (-Dlrlab=lrlab_double), so that both can be linked into one test binary
// and the double one can be compared with PyTorch's float64 numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

namespace lrlab {

#ifdef LRLAB_DOUBLE
using Real = double;
#define IN_REAL " (double)"  // ends the name of every core test: it runs once for each type
#else
using Real = float;
#define IN_REAL " (float)"
#endif

// Columns of a batch begin at a cache line: a vector load that straddles two lines counts as two.
template <class T>
struct Aligned {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};
  Aligned() = default;
  template <class U>
  Aligned(const Aligned<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), kLine)); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, kLine); }
  bool operator==(const Aligned&) const = default;
};
using AlignedVector = std::vector<Real, Aligned<Real>>;

}  // namespace lrlab
