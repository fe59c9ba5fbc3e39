// The elementary functions: errors as stated in mathfn.h, limits and special values, and one hash
// that every compiler, option and machine must reproduce.
#include "core/mathfn.h"

#include <doctest/doctest.h>

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/real.h"

namespace lrlab {
namespace {

using Limits = std::numeric_limits<Real>;
constexpr Real kInf = Limits::infinity();
constexpr Real kNan = Limits::quiet_NaN();
constexpr Real kMax = Limits::max();
constexpr Real kTiny = Limits::denorm_min();

// The reference: the C library in the next wider type.
#ifdef LRLAB_DOUBLE
using Wide = long double;
#else
using Wide = double;
#endif
// Where long double is no wider (Apple, Windows) or its functions are not (musl in WebAssembly),
// the reference itself can be some ULP off.
constexpr double kReferenceError = sizeof(Real) == 8 && LDBL_MANT_DIG != 64 ? 2.5 : 0;

// Distance of y from the exact value in units of that value's last place.
double ulp_error(Real y, Wide exact) {
  const Real rounded = static_cast<Real>(exact);
  if (std::isnan(rounded) || std::isinf(rounded) || std::isinf(y)) {
    const bool same = y == rounded || (std::isnan(y) && std::isnan(rounded));
    return same ? 0 : 1e9;
  }
  const int exponent =
      std::max(rounded == 0 ? Limits::min_exponent : std::ilogb(rounded) + 1, Limits::min_exponent);
  const Wide unit = std::ldexp(Wide(1), exponent - Limits::digits);
  return static_cast<double>(std::fabs(static_cast<Wide>(y) - exact) / unit);
}

struct Worst {
  double ulp = 0;
  Real at = 0;
};

template <class F, class G>
void look(Worst& worst, F f, G reference, Real x) {
  const double e = ulp_error(f(x), reference(static_cast<Wide>(x)));
  if (!(e <= worst.ulp)) worst = {e, x};
}

// Largest error over 0 <= lo <= |x| <= hi: evenly over the bit patterns, so every power of two has
// its share, and evenly over the interval.
template <class F, class G>
Worst worst_of(F f, G reference, Real lo, Real hi, bool both_signs) {
  using fn::detail::from_bits;
  using fn::detail::to_bits;
  constexpr unsigned kSamples = 100'003;
  const auto step = (to_bits(hi) - to_bits(lo)) / kSamples + 1;
  Worst worst;
  for (unsigned i = 0; i < kSamples; ++i) {
    const Real spread = from_bits<Real>(to_bits(lo) + i * step);
    const Real even = lo + (hi - lo) * (static_cast<Real>(i) / kSamples);
    for (const Real x : {spread > hi ? hi : spread, even}) {
      look(worst, f, reference, x);
      if (both_signs) look(worst, f, reference, -x);
    }
  }
  return worst;
}

#define CHECK_ULP(bound, f, reference, lo, hi, both_signs)                                      \
  do {                                                                                          \
    const Worst worst = worst_of([](Real x) { return f(x); }, [](Wide x) { return reference; }, \
                                 lo, hi, both_signs);                                           \
    INFO(#f " is off by ", worst.ulp, " ULP at ", worst.at);                                    \
    CHECK(worst.ulp <= (bound) + kReferenceError);                                              \
  } while (false)

bool same_bits(Real a, Real b) {
  return (std::isnan(a) && std::isnan(b)) || fn::detail::to_bits(a) == fn::detail::to_bits(b);
}

}  // namespace

TEST_CASE("exp: within 1 ULP, subnormal results included" IN_REAL) {
  CHECK_ULP(1, fn::exp, std::exp(x), kTiny, kMax, true);
  CHECK_ULP(1, fn::exp, std::exp(x), Real(0), Real(2), true);
  CHECK_ULP(1, fn::exp, std::exp(x), Real(0), Real(fn::detail::Format<Real>::kExpMax), true);
  CHECK(fn::exp(Real(0)) == 1);
  CHECK(fn::exp(kInf) == kInf);
  CHECK(fn::exp(-kInf) == 0);
  CHECK(std::isnan(fn::exp(kNan)));
}

TEST_CASE("expm1: within 1.8 ULP" IN_REAL) {
  CHECK_ULP(1.8, fn::expm1, std::expm1(x), kTiny, kMax, true);
  CHECK_ULP(1.8, fn::expm1, std::expm1(x), Real(0), Real(3), true);
  CHECK(same_bits(fn::expm1(Real(-0.0)), Real(-0.0)));
  CHECK(fn::expm1(kInf) == kInf);
  CHECK(fn::expm1(-kInf) == -1);
  CHECK(std::isnan(fn::expm1(kNan)));
}

TEST_CASE("log: within 0.9 ULP, subnormal arguments included" IN_REAL) {
  CHECK_ULP(0.9, fn::log, std::log(x), kTiny, kMax, false);
  CHECK_ULP(0.9, fn::log, std::log(x), Real(0.5), Real(2), false);
  CHECK(fn::log(Real(1)) == 0);
  CHECK(fn::log(Real(0)) == -kInf);
  CHECK(fn::log(Real(-0.0)) == -kInf);
  CHECK(fn::log(kInf) == kInf);
  CHECK(std::isnan(fn::log(Real(-1))));
  CHECK(std::isnan(fn::log(-kInf)));
  CHECK(std::isnan(fn::log(kNan)));
}

TEST_CASE("log1p: within 0.9 ULP" IN_REAL) {
  CHECK_ULP(0.9, fn::log1p, std::log1p(x), kTiny, kMax, false);
  CHECK_ULP(0.9, fn::log1p, std::log1p(x), kTiny, Real(0.9999), true);
  CHECK_ULP(0.9, fn::log1p, std::log1p(x), Real(0), Real(0.9999), true);
  CHECK(same_bits(fn::log1p(Real(-0.0)), Real(-0.0)));
  CHECK(fn::log1p(Real(-1)) == -kInf);
  CHECK(fn::log1p(kInf) == kInf);
  CHECK(std::isnan(fn::log1p(Real(-1.5))));
  CHECK(std::isnan(fn::log1p(-kInf)));
  CHECK(std::isnan(fn::log1p(kNan)));
}

TEST_CASE("tanh: within 2.7 ULP, odd, at most 1" IN_REAL) {
  CHECK_ULP(2.7, fn::tanh, std::tanh(x), kTiny, kMax, true);
  CHECK_ULP(2.7, fn::tanh, std::tanh(x), Real(0), Real(2), true);
  CHECK_ULP(2.7, fn::tanh, std::tanh(x), Real(2), Real(20), true);
  CHECK(same_bits(fn::tanh(Real(-0.0)), Real(-0.0)));
  CHECK(fn::tanh(kInf) == 1);
  CHECK(fn::tanh(-kInf) == -1);
  CHECK(std::isnan(fn::tanh(kNan)));
  unsigned wrong = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Real x = static_cast<Real>(i) / 400, y = fn::tanh(x);
    wrong += !(y <= 1 && fn::tanh(-x) == -y);
  }
  CHECK(wrong == 0);
}

TEST_CASE("sigmoid: within 2.4 ULP, both tails included" IN_REAL) {
  const auto reference = [](Wide x) {
    const Wide e = std::exp(-std::fabs(x));
    return (x < 0 ? e : 1) / (1 + e);
  };
  const auto f = [](Real x) { return fn::sigmoid(x); };
  for (const auto& worst : {worst_of(f, reference, kTiny, kMax, true),
                            worst_of(f, reference, Real(0), Real(20), true)}) {
    INFO("at ", worst.at);
    CHECK(worst.ulp <= 2.4 + kReferenceError);
  }
  CHECK(fn::sigmoid(Real(0)) == Real(0.5));
  CHECK(fn::sigmoid(kInf) == 1);
  CHECK(fn::sigmoid(-kInf) == 0);
  CHECK(fn::sigmoid(Real(-100)) > 0);
  CHECK(std::isnan(fn::sigmoid(kNan)));
}

TEST_CASE("softplus: within 2.1 ULP, both tails included" IN_REAL) {
  const auto reference = [](Wide x) {
    return (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x)));
  };
  const auto f = [](Real x) { return fn::softplus(x); };
  for (const auto& worst : {worst_of(f, reference, kTiny, kMax, true),
                            worst_of(f, reference, Real(0), Real(20), true)}) {
    INFO("at ", worst.at);
    CHECK(worst.ulp <= 2.1 + kReferenceError);
  }
  CHECK(fn::softplus(kInf) == kInf);
  CHECK(fn::softplus(-kInf) == 0);
  CHECK(fn::softplus(Real(1000)) == 1000);
  CHECK(std::isnan(fn::softplus(kNan)));
}

TEST_CASE("erf: within 1.5 ULP, at most 1" IN_REAL) {
  CHECK_ULP(1.5, fn::erf, std::erf(x), kTiny, kMax, true);
  CHECK_ULP(1.5, fn::erf, std::erf(x), Real(0), Real(7), true);
  CHECK(same_bits(fn::erf(Real(-0.0)), Real(-0.0)));
  CHECK(fn::erf(kInf) == 1);
  CHECK(fn::erf(-kInf) == -1);
  CHECK(std::isnan(fn::erf(kNan)));
}

TEST_CASE("sin, cos: within 0.8 ULP for arguments of every size" IN_REAL) {
  CHECK_ULP(0.8, fn::sin, std::sin(x), kTiny, kMax, true);
  CHECK_ULP(0.8, fn::cos, std::cos(x), kTiny, kMax, true);
  CHECK_ULP(0.8, fn::sin, std::sin(x), Real(0), Real(10), true);
  CHECK_ULP(0.8, fn::cos, std::cos(x), Real(0), Real(10), true);
  CHECK_ULP(0.8, fn::sin, std::sin(x), Real(1e3), Real(1e5), true);
  CHECK_ULP(0.8, fn::cos, std::cos(x), Real(1e3), Real(1e5), true);
  CHECK_ULP(0.8, fn::sin, std::sin(x), Real(1e6), Real(1e7), true);  // both reductions
  CHECK_ULP(0.8, fn::cos, std::cos(x), Real(1e6), Real(1e7), true);
  CHECK(same_bits(fn::sin(Real(-0.0)), Real(-0.0)));
  CHECK(std::isnan(fn::sin(kInf)));
  CHECK(std::isnan(fn::cos(-kInf)));
  CHECK(std::isnan(fn::sin(kNan)));
}

TEST_CASE("sin, cos: nearest doubles to multiples of pi/2 keep all their digits" IN_REAL) {
  // The hardest double of all: within 1.4e-19 of a multiple of pi/2 (Muller 2016, table 11.1).
  const double hardest = 0x1.6ac5b262ca1ffp+849;
  CHECK(fn::cos(hardest) == doctest::Approx(-4.68716592425462761112e-19).epsilon(1e-15));
  CHECK(fn::sin(hardest) == 1);
  // The double nearest to pi lies 0x1.1a62633145c07p-53 below it.
  CHECK(fn::sin(0x1.921fb54442d18p+1) == 0x1.1a62633145c07p-53);
  CHECK(fn::cos(0x1.921fb54442d18p+0) == 0x1.1a62633145c07p-54);
  CHECK(fn::sin(0x1.921fb54442d18p+31) == -fn::sin(0x1.1a62633145c07p-23));  // large reduction
}

TEST_CASE("sin_cos: the bits of sin and of cos, for arguments of every size" IN_REAL) {
  const auto agree = [](double x) {
    const auto [s, c] = fn::sin_cos(x);
    INFO("x = ", x);
    CHECK(fn::detail::to_bits(s) == fn::detail::to_bits(fn::sin(x)));
    CHECK(fn::detail::to_bits(c) == fn::detail::to_bits(fn::cos(x)));
  };
  for (const double sign : {1.0, -1.0}) {
    agree(sign * 0.0);
    for (double x = 1e-310; x < 1e300; x *= 1.37) agree(sign * x);
    for (int i = 0; i < 2000; ++i) agree(sign * i * 0.0137);
  }
  CHECK(std::isnan(fn::sin_cos(std::numeric_limits<double>::infinity()).sin));
  CHECK(std::isnan(fn::sin_cos(std::numeric_limits<double>::quiet_NaN()).cos));
}

TEST_CASE("pow: within 0.75 ULP" IN_REAL) {
  double worst = 0;
  for (unsigned i = 0; i < 40'000; ++i) {
    const double u = (i * 7919 % 40'009) / 40'009.0, v = (i * 104'729 % 40'009) / 40'009.0;
    const double x = std::exp2((u - 0.5) * (i % 2 == 0 ? 2000 : 4));
    const double y = (v - 0.5) * (i % 2 == 0 ? 4 : 1500);
    const long double exact = std::pow(static_cast<long double>(x), static_cast<long double>(y));
    if (!(exact > DBL_MIN && exact < DBL_MAX)) continue;
    const double unit = std::ldexp(1.0, std::ilogb(static_cast<double>(exact)) - 52);
    worst = std::max(worst, static_cast<double>(std::fabs(fn::pow(x, y) - exact)) / unit);
  }
  CHECK(worst <= 0.75 + (LDBL_MANT_DIG == 64 ? 0 : 1));
}

TEST_CASE("pow: exact results are exact" IN_REAL) {
  for (int base = 2; base <= 10; ++base) {
    double power = 1;
    for (unsigned n = 0; power < 0x1p53; ++n, power *= base) {
      CHECK(fn::pow(base, n) == power);
      CHECK(fn::pow(-base, n) == (n % 2 == 0 ? power : -power));
      CHECK(fn::pow_int(base, n) == power);
    }
  }
  for (int n = -1074; n <= 1023; ++n) CHECK_UNARY(fn::pow(2, n) == std::ldexp(1.0, n));
  CHECK(fn::pow(0.25, 0.5) == 0.5);
  CHECK(fn::pow(1e-3, 1) == 1e-3);
}

TEST_CASE("pow: special cases are those of C" IN_REAL) {
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double values[] = {0.0, -0.0, 1.0,  -1.0,  inf,    -inf,   nan,    0.5,     -0.5,   2.0,
                           -2., 3.0,  -3.0, 1e300, -1e300, 1e-300, 5e-324, -5e-324, 0x1p53, 0.3};
  for (const double x : values) {
    for (const double y : values) {
      const double ours = fn::pow(x, y), theirs = std::pow(x, y);
      INFO("x = ", x, ", y = ", y, ": ", ours, " and ", theirs);
      CHECK(std::signbit(ours) == (std::isnan(ours) ? std::signbit(ours) : std::signbit(theirs)));
      const bool close = std::fabs(ours - theirs) <= 4e-16 * std::fabs(theirs) + 5e-324;
      CHECK_UNARY(ours == theirs || close || (std::isnan(ours) && std::isnan(theirs)));
    }
  }
}

TEST_CASE("pow_int: 0.999^t keeps its digits over a million steps" IN_REAL) {
  CHECK(fn::pow_int(0.999, 1'000'000) == 0);
  CHECK(fn::pow_int(0.9999, 1'000'000) == doctest::Approx(3.70113535124868e-44).epsilon(1e-14));
  CHECK(fn::pow_int(0.0, 0) == 1);
}

TEST_CASE("floor, sqrt, abs, copysign: exactly the library's" IN_REAL) {
  using fn::detail::from_bits;
  using fn::detail::to_bits;
  const auto step = to_bits(kInf) / 50'021;
  unsigned wrong = 0;
  for (unsigned i = 0; i <= 50'021; ++i) {
    const Real spread = from_bits<Real>(i * step), even = static_cast<Real>(i) / 64 - 300;
    for (const Real x : {spread, -spread, even, Real(-0.5), Real(-0.0), kInf, -kInf, kNan}) {
      wrong += !same_bits(fn::floor(x), std::floor(x));
      wrong += !same_bits(fn::sqrt(x), std::sqrt(x));
      wrong += !same_bits(fn::abs(x), std::fabs(x));
      wrong += !same_bits(fn::copysign(Real(2), x), std::copysign(Real(2), x));
      wrong += fn::is_finite(x) != std::isfinite(x);
      wrong += fn::is_nan(x) != std::isnan(x);
    }
  }
  CHECK(wrong == 0);
}

// --- the same bits everywhere -------------------------------------------------------------------

namespace {

// FNV-1a over the bits of what is added; every NaN counts as one value.
struct Hash {
  std::uint64_t value = 0xcbf29ce484222325;
  template <class T>
  void add(T x) {
    const auto bits = fn::detail::to_bits(x != x ? std::numeric_limits<T>::quiet_NaN() : x);
    for (unsigned shift = 0; shift < 8 * sizeof bits; shift += 8) {
      value = (value ^ ((bits >> shift) & 0xff)) * 0x100000001b3;
    }
  }
};

// Every power of two and some values within it, both signs, subnormals, infinities and NaN.
std::vector<Real> golden_arguments() {
  std::vector<Real> x = {kNan, kInf, -kInf};
  const auto step = fn::detail::to_bits(kInf) / 3001;
  for (unsigned i = 0; i < 3001; ++i) {
    const Real spread = fn::detail::from_bits<Real>(i * step);
    const Real even = static_cast<Real>(i) / 128;
    x.insert(x.end(), {spread, -spread, even, -even});
  }
  return x;
}

using Function = Real (*)(Real);
constexpr Function kFunctions[] = {
    [](Real x) { return fn::exp(x); },      [](Real x) { return fn::expm1(x); },
    [](Real x) { return fn::log(x); },      [](Real x) { return fn::log1p(x); },
    [](Real x) { return fn::tanh(x); },     [](Real x) { return fn::sigmoid(x); },
    [](Real x) { return fn::softplus(x); }, [](Real x) { return fn::erf(x); },
    [](Real x) { return fn::sin(x); },      [](Real x) { return fn::cos(x); },
    [](Real x) { return fn::sqrt(x); },     [](Real x) { return fn::floor(x); },
};

}  // namespace

TEST_CASE("elementary functions: the same bits on every compiler and machine" IN_REAL) {
  Hash hash;
  const std::vector<Real> arguments = golden_arguments();
  for (const Function f : kFunctions) {
    for (const Real x : arguments) hash.add(f(x));
  }
  for (unsigned i = 0; i < 2000; ++i) {
    hash.add(fn::pow(std::ldexp(1.0 + i / 2000.0, static_cast<int>(i % 61) - 30), i * 0.01 - 9));
    hash.add(fn::pow_int(1 - i / 4000.0, i * i));
  }
  const std::uint64_t golden = sizeof(Real) == 4 ? 0x8f29cf1376c94ef : 0x31d52ad02f55b4c8;
  CHECK(hash.value == golden);
}

TEST_CASE("elementary functions: a vectorised loop gives the bits of single calls" IN_REAL) {
  const std::vector<Real> x = golden_arguments();
  std::vector<Real> y(x.size());
  std::size_t differ = 0;
  const auto compare = [&](Function single) {
    for (std::size_t i = 0; i < x.size(); ++i) differ += !same_bits(y[i], single(x[i]));
  };
  const Real* in = x.data();
  Real* out = y.data();
  const std::size_t n = x.size();
  for (std::size_t i = 0; i < n; ++i) out[i] = fn::exp(in[i]);
  compare(kFunctions[0]);
  for (std::size_t i = 0; i < n; ++i) out[i] = fn::expm1(in[i]);
  compare(kFunctions[1]);
  for (std::size_t i = 0; i < n; ++i) out[i] = fn::log(in[i]);
  compare(kFunctions[2]);
  for (std::size_t i = 0; i < n; ++i) out[i] = fn::log1p(in[i]);
  compare(kFunctions[3]);
  for (std::size_t i = 0; i < n; ++i) out[i] = fn::tanh(in[i]);
  compare(kFunctions[4]);
  for (std::size_t i = 0; i < n; ++i) out[i] = fn::sigmoid(in[i]);
  compare(kFunctions[5]);
  for (std::size_t i = 0; i < n; ++i) out[i] = fn::softplus(in[i]);
  compare(kFunctions[6]);
  for (std::size_t i = 0; i < n; ++i) out[i] = fn::erf(in[i]);
  compare(kFunctions[7]);
  CHECK(differ == 0);
}

}  // namespace lrlab
