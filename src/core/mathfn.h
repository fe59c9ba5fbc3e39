// Elementary functions with a stated error and the same bits on every machine.
//
// The C library's exp or tanh differ between glibc, musl and Apple, and even between processors
// (glibc picks FMA versions at run time). Training amplifies one differing bit into a different
// curve, so a shared link could not replay. These functions use only + - * /, sqrt, comparisons
// and integer operations, which IEEE 754 and WebAssembly define to the last bit; the project is
// compiled with -ffp-contract=off. NaN gives NaN (its payload is not defined), infinities give
// the limits, and subnormal results are kept.
//
// The one-argument functions are written without branches (both sides are computed, then one is
// selected), so a plain loop `y[i] = fn::tanh(x[i])` vectorises. Rounding to an integer is done by
// adding and subtracting 1.5 * 2^(mantissa bits): converting an out-of-range float to an integer
// would give different results on x86 and in WebAssembly.
//
// Errors are in ULP (units in the last place of the correct result), the largest seen in the
// sampling of tests/unit/core/mathfn_test.cpp, for float / double.
//
// Polynomials are minimax fits (Remez exchange in 60 digits); each names its interval and the
// relative error that it alone causes. Methods: W. J. Cody and W. Waite, "Software Manual for the
// Elementary Functions", 1980; Sun Microsystems, FDLIBM 5.3, 1993; J.-M. Muller, "Elementary
// Functions: Algorithms and Implementation", 3rd ed., 2016.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>

namespace lrlab::fn {

// Inlining is what lets the caller's loop vectorise, so it is not left to the compiler's taste.
#define LRLAB_INLINE [[gnu::always_inline]] inline

namespace detail {

// Layout and constants of the two IEEE formats.
template <std::floating_point T>
struct Format;

template <>
struct Format<float> {
  using Int = std::int32_t;
  static constexpr int kMantissaBits = 23;
  static constexpr Int kBias = 127;
  static constexpr Int kOne = 0x3f800000;       // bits of 1
  static constexpr Int kSqrtHalf = 0x3f3504f3;  // bits of sqrt(1/2)
  static constexpr float kRounder = 0x1.8p23f;
  static constexpr float kLn2Hi = 0x1.62ep-1f;           // ln 2 in two parts: k * kLn2Hi is exact
  static constexpr float kLn2Lo = 0x1.0bfbe8p-15f;       // for every exponent k
  static constexpr float kExpMin = -104, kExpMax = 89;   // beyond: 0 and infinity
  static constexpr float kExpm1Min = -20, kTanhMax = 10;  // beyond: -1 and 1, to the last bit
};

template <>
struct Format<double> {
  using Int = std::int64_t;
  static constexpr int kMantissaBits = 52;
  static constexpr Int kBias = 1023;
  static constexpr Int kOne = 0x3ff0000000000000;
  static constexpr Int kSqrtHalf = 0x3fe6a09e667f3bcd;
  static constexpr double kRounder = 0x1.8p52;
  static constexpr double kLn2Hi = 0x1.62e42feep-1;
  static constexpr double kLn2Lo = 0x1.a39ef35793c76p-33;
  static constexpr double kExpMin = -746, kExpMax = 710;
  static constexpr double kExpm1Min = -40, kTanhMax = 20;
};

template <class T>
using Int = typename Format<T>::Int;

template <class T>
LRLAB_INLINE Int<T> to_bits(T x) {
  return std::bit_cast<Int<T>>(x);
}
template <class T>
LRLAB_INLINE T from_bits(Int<T> bits) {
  return std::bit_cast<T>(bits);
}

// 2^k for a k in the normal range of exponents.
template <class T>
LRLAB_INLINE T power_of_two(Int<T> k) {
  return from_bits<T>((k + Format<T>::kBias) << Format<T>::kMantissaBits);
}

// c0 + c1 x + c2 x^2 + ..., by Horner's rule.
template <class T>
LRLAB_INLINE T polynomial(T, T c0) {
  return c0;
}
template <class T, class... Rest>
LRLAB_INLINE T polynomial(T x, T c0, Rest... rest) {
  return c0 + x * polynomial(x, rest...);
}

// (exp(r) - 1 - r) / r^2 on |r| <= ln(2)/2; error 2^-28 / 2^-57 of exp(r).
LRLAB_INLINE float exp_tail(float r) {
  return polynomial(r, 4.9999993412e-1f, 1.6666520108e-1f, 4.1668394213e-2f, 8.3687804097e-3f,
                    1.3814466937e-3f);
}
LRLAB_INLINE double exp_tail(double r) {
  return polynomial(r, 5.000000000000010721e-1, 1.6666666666666410229e-1, 4.166666666652918831e-2,
                    8.3333333334956276081e-3, 1.3888888943922727099e-3, 1.9841269504756581153e-4,
                    2.4801492762698872195e-5, 2.7557587350426195172e-6, 2.7630378655912911129e-7,
                    2.4999962640567785134e-8);
}

// (log((1+s)/(1-s)) / s - 2) / z with z = s^2, s from sqrt(1/2) .. sqrt(2); error 2^-37 / 2^-59.
LRLAB_INLINE float log_tail(float z) {
  return polynomial(z, 6.6666665641e-1f, 4.0000336219e-1f, 2.8537238331e-1f, 2.3583568752e-1f);
}
LRLAB_INLINE double log_tail(double z) {
  return polynomial(z, 6.6666666666667348957e-1, 3.9999999999411091419e-1,
                    2.8571428743262838372e-1, 2.2222198475973499742e-1, 1.8183569740334371536e-1,
                    1.5313903235806897758e-1, 1.4797507797000739324e-1);
}

// x = k ln 2 + r with |r| <= ln(2)/2; r_lo is the rounding error of r.
template <class T>
struct ExpReduced {
  Int<T> k;
  T r, r_lo;
};
template <class T>
LRLAB_INLINE ExpReduced<T> exp_reduce(T x) {
  using F = Format<T>;
  constexpr T kInvLn2 = T(1.44269504088896340735992468100189214);
  const T shifted = x * kInvLn2 + F::kRounder;
  const T k = shifted - F::kRounder;
  const T hi = x - k * F::kLn2Hi;
  const T lo = k * F::kLn2Lo;
  const T r = hi - lo;
  return {to_bits(shifted) - to_bits(F::kRounder), r, (hi - r) - lo};
}

// expm1 for kExpm1Min <= x <= kExpMax; the halving keeps 2^k finite up to the overflow.
template <class T>
LRLAB_INLINE T expm1_in_range(T x) {
  const auto [k, r, r_lo] = exp_reduce(x);
  const T m = r + (r * r * exp_tail(r) + r_lo);  // exp(r) - 1
  const T half = power_of_two<T>(k - 1);
  const T y = T(2) * (half * m + (half - T(0.5)));
  constexpr T kTiny = std::numeric_limits<T>::epsilon() / 4;
  const bool tiny = (x < T(0) ? -x : x) < kTiny;
  return tiny ? x : y;  // keeps -0 and the last bit of subnormals
}

// log(2^k (1 + f)) + correction, for 1 + f in sqrt(1/2) .. sqrt(2), as in FDLIBM's e_log.c.
template <class T>
LRLAB_INLINE T log_reduced(T k, T f, T correction) {
  const T s = f / (T(2) + f);
  const T z = s * s;
  const T half_f2 = T(0.5) * f * f;
  const T rest = s * (half_f2 + z * log_tail(z)) + (k * Format<T>::kLn2Lo + correction);
  return k * Format<T>::kLn2Hi - ((half_f2 - rest) - f);
}

// x = 2^k m with m in sqrt(1/2) .. sqrt(2), for a normal positive x.
template <class T>
struct LogReduced {
  Int<T> k;
  T m;
};
template <class T>
LRLAB_INLINE LogReduced<T> log_reduce(T x) {
  using F = Format<T>;
  const Int<T> u = to_bits(x) + (F::kOne - F::kSqrtHalf);
  constexpr Int<T> kMask = (Int<T>(1) << F::kMantissaBits) - 1;
  return {(u >> F::kMantissaBits) - F::kBias, from_bits<T>((u & kMask) + F::kSqrtHalf)};
}

// log1p for a finite x > -1: the rounding error of 1 + x is put back as a correction.
template <class T>
LRLAB_INLINE T log1p_in_range(T x) {
  const T y = T(1) + x;
  const auto [k, m] = log_reduce(y);
  const T lost = x > T(1) ? T(1) - (y - x) : x - (y - T(1));
  const T f = k == 0 ? x : m - T(1);
  const T correction = k == 0 ? T(0) : lost / y;
  return log_reduced(T(k), f, correction);
}

}  // namespace detail

template <std::floating_point T>
LRLAB_INLINE T abs(T x) {
  constexpr auto kSign = std::numeric_limits<detail::Int<T>>::min();
  return detail::from_bits<T>(detail::to_bits(x) & ~kSign);
}

// The magnitude of `magnitude` with the sign of `sign`.
template <std::floating_point T>
LRLAB_INLINE T copysign(T magnitude, T sign) {
  constexpr auto kSign = std::numeric_limits<detail::Int<T>>::min();
  return detail::from_bits<T>((detail::to_bits(magnitude) & ~kSign) |
                              (detail::to_bits(sign) & kSign));
}

template <std::floating_point T>
LRLAB_INLINE bool is_nan(T x) {
  return x != x;
}
template <std::floating_point T>
LRLAB_INLINE bool is_finite(T x) {
  return abs(x) <= std::numeric_limits<T>::max();
}

// Correctly rounded by the hardware; negative gives NaN.
LRLAB_INLINE float sqrt(float x) { return __builtin_sqrtf(x); }
LRLAB_INLINE double sqrt(double x) { return __builtin_sqrt(x); }

// Largest integer <= x; exact. (The library's floor is a function call before SSE4.1.)
template <std::floating_point T>
LRLAB_INLINE T floor(T x) {
  constexpr T kInteger = T(1) / std::numeric_limits<T>::epsilon();  // from here on all are integers
  const T a = abs(x);
  const T nearest = copysign((a + kInteger) - kInteger, x);
  const T down = nearest > x ? nearest - T(1) : nearest;
  return a < kInteger ? down : x;
}

// e^x.
template <std::floating_point T>
LRLAB_INLINE T exp(T x) {
  using F = detail::Format<T>;
  x = x < F::kExpMin ? F::kExpMin : x;
  x = x > F::kExpMax ? F::kExpMax : x;
  const auto [k, r, r_lo] = detail::exp_reduce(x);
  const T p = T(1) + (r + r * r * detail::exp_tail(r));
  const auto k1 = k >> 1;  // two factors, so that neither overflows nor loses subnormal results
  return p * detail::power_of_two<T>(k1) * detail::power_of_two<T>(k - k1);
}

// e^x - 1, accurate near 0.
template <std::floating_point T>
LRLAB_INLINE T expm1(T x) {
  using F = detail::Format<T>;
  x = x < F::kExpm1Min ? F::kExpm1Min : x;
  x = x > F::kExpMax ? F::kExpMax : x;
  return detail::expm1_in_range(x);
}

// Natural logarithm; log(0) = -inf, negative gives NaN.
template <std::floating_point T>
LRLAB_INLINE T log(T x) {
  constexpr T kInf = std::numeric_limits<T>::infinity();
  const bool subnormal = x < std::numeric_limits<T>::min();
  const auto [k, m] = detail::log_reduce(subnormal ? x * T(0x1p60) : x);
  T y = detail::log_reduced(T(subnormal ? k - 60 : k), m - T(1), T(0));
  y = x < kInf ? y : x;  // infinity and NaN
  y = x == T(0) ? -kInf : y;
  return x < T(0) ? std::numeric_limits<T>::quiet_NaN() : y;
}

// log(1 + x), accurate near 0; log1p(-1) = -inf, less gives NaN.
template <std::floating_point T>
LRLAB_INLINE T log1p(T x) {
  constexpr T kInf = std::numeric_limits<T>::infinity();
  T y = detail::log1p_in_range(x);
  y = x < kInf ? y : x;
  y = x == T(0) ? x : y;  // keeps -0
  y = x == T(-1) ? -kInf : y;
  return x < T(-1) ? std::numeric_limits<T>::quiet_NaN() : y;
}

// Hyperbolic tangent: with e = exp(2|x|) - 1, tanh|x| = e / (e + 2).
template <std::floating_point T>
LRLAB_INLINE T tanh(T x) {
  using F = detail::Format<T>;
  T a = abs(x);
  a = a > F::kTanhMax ? F::kTanhMax : a;
  const T e = detail::expm1_in_range(T(2) * a);
  return copysign(e / (e + T(2)), x);
}

// 1 / (1 + e^-x), with accurate tails: for x < 0 it is e^x / (1 + e^x).
template <std::floating_point T>
LRLAB_INLINE T sigmoid(T x) {
  const T e = exp(-abs(x));
  return (x < T(0) ? e : T(1)) / (T(1) + e);
}

// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
template <std::floating_point T>
LRLAB_INLINE T softplus(T x) {
  const T e = exp(-abs(x));
  return (x > T(0) ? x : T(0)) + detail::log1p_in_range(e);
}

// Error function. Up to 1: x + x P(x^2), error 2^-29. Beyond: 1 - exp(-Q(x)) with Q = -log(erfc),
// fitted on 1 .. 3.95, error 2^-29; from 3.92 on the result rounds to 1.
LRLAB_INLINE float erf(float x) {
  using detail::polynomial;
  const float z = x * x;
  const float near = x + x * polynomial(z, 1.2837916573e-1f, -3.7612625824e-1f, 1.1283585149e-1f,
                                        -2.6853811935e-2f, 5.1883276843e-3f, -8.0101936128e-4f,
                                        7.8538613111e-5f);
  float a = abs(x);
  const bool far = a > 1.0f;
  a = a > 4.0f ? 4.0f : a;
  const float q = polynomial(a, 3.4152327457e-4f, 1.1270891892f, 6.3814483445e-1f,
                             1.0310675314e-1f, -2.1838063307e-2f, 2.9476581219e-3f,
                             -1.8637917252e-4f);
  return far ? copysign(1.0f - exp(-q), x) : near;
}
double erf(double x);

// Sine and cosine of any x in radians.
double sin(double x);
double cos(double x);
inline float sin(float x) { return static_cast<float>(sin(static_cast<double>(x))); }
inline float cos(float x) { return static_cast<float>(cos(static_cast<double>(x))); }

// x^y with the special cases of C's pow.
double pow(double x, double y);
// x^n; n is exact up to 2^53.
double pow_int(double x, std::uint64_t n);

}  // namespace lrlab::fn
