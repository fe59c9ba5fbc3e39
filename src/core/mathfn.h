// Elementary functions with a stated error and the same bits on every machine.
//
// The C library's exp or tanh differ between glibc, musl and Apple, and even between processors
// (glibc picks FMA versions at run time). Training amplifies one differing bit into a different
// curve, so a shared link could not replay. These functions use only + - * /, sqrt, comparisons
// and integer operations, which IEEE 754 and WebAssembly define to the last bit; the project is
// compiled with -ffp-contract=off. NaN gives NaN (its payload is not defined), infinities give
// the limits, and subnormal results are kept.
//
// The functions of this header have no branches (both sides are computed, then one is selected),
// so a plain loop `y[i] = fn::tanh(x[i])` vectorises: four at a time in the browser and with SSE,
// sixteen with AVX-512. Rounding to an integer is done by adding and subtracting 1.5 * 2^(mantissa
// bits): converting an out-of-range float to an integer differs between x86 and WebAssembly.
//
// Errors are in ULP (units in the last place of the correct result) for float / double: the largest
// seen in every seventh float there is, and in a few million doubles. The tests hold them.
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
  using Bits = std::uint32_t;
  static constexpr int kMantissaBits = 23;
  static constexpr Bits kBias = 127;  // of the exponent
  static constexpr Bits kSign = 0x80000000;
  static constexpr Bits kOne = 0x3f800000;       // bits of 1
  static constexpr Bits kSqrtHalf = 0x3f3504f3;  // bits of sqrt(1/2)
  static constexpr float kRounder = 0x1.8p23f;
  static constexpr float kLn2Hi = 0x1.62ep-1f;            // ln 2 in two parts: k * kLn2Hi is exact
  static constexpr float kLn2Lo = 0x1.0bfbe8p-15f;        // for every exponent k
  static constexpr float kExpMin = -104, kExpMax = 89;    // beyond: 0 and infinity
  static constexpr float kExpm1Min = -20, kTanhMax = 10;  // beyond: -1 and 1 to the last bit
};

template <>
struct Format<double> {
  using Int = std::int64_t;
  using Bits = std::uint64_t;
  static constexpr int kMantissaBits = 52;
  static constexpr Bits kBias = 1023;
  static constexpr Bits kSign = 0x8000000000000000;
  static constexpr Bits kOne = 0x3ff0000000000000;
  static constexpr Bits kSqrtHalf = 0x3fe6a09e667f3bcd;
  static constexpr double kRounder = 0x1.8p52;
  static constexpr double kLn2Hi = 0x1.62e42feep-1;
  static constexpr double kLn2Lo = 0x1.a39ef35793c76p-33;
  static constexpr double kExpMin = -746, kExpMax = 710;
  static constexpr double kExpm1Min = -40, kTanhMax = 20;
};

template <class T>
using Int = typename Format<T>::Int;
template <class T>
using Bits = typename Format<T>::Bits;  // unsigned: wraps around, whatever a NaN's payload is

template <class T>
LRLAB_INLINE Bits<T> to_bits(T x) {
  return std::bit_cast<Bits<T>>(x);
}
template <class T>
LRLAB_INLINE T from_bits(Bits<T> bits) {
  return std::bit_cast<T>(bits);
}

// `c ? a : b` in bit operations: g++ turns the conditional operator back into a branch, which can
// keep the loop around it scalar.
template <class T>
LRLAB_INLINE T select(bool c, T a, T b) {
  const Bits<T> mask = Bits<T>(0) - static_cast<Bits<T>>(c);
  return from_bits<T>((to_bits(a) & mask) | (to_bits(b) & ~mask));
}

// Bounds that let NaN through.
template <class T>
LRLAB_INLINE T at_least(T lo, T x) {
  return select(x < lo, lo, x);
}
template <class T>
LRLAB_INLINE T at_most(T hi, T x) {
  return select(x > hi, hi, x);
}

// The integer nearest to x is the low bits of x + kRounder.
template <class T>
LRLAB_INLINE Int<T> integer_part(T x_plus_rounder) {
  return static_cast<Int<T>>(to_bits(x_plus_rounder) - to_bits(Format<T>::kRounder));
}

// 2^k for a k in the normal range of exponents.
template <class T>
LRLAB_INLINE T power_of_two(Int<T> k) {
  return from_bits<T>((static_cast<Bits<T>>(k) + Format<T>::kBias) << Format<T>::kMantissaBits);
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

// (exp(r) - 1 - r) / r^2 on |r| <= ln(2)/2; error 2^-28 / 2^-57 of exp(r). The float one is summed
// in pairs (Estrin): a shorter chain, and the hottest code of a small network.
LRLAB_INLINE float exp_tail(float r) {
  const float r2 = r * r;
  return (4.9999993412e-1f + r * 1.6666520108e-1f) +
         r2 * ((4.1668394213e-2f + r * 8.3687804097e-3f) + r2 * 1.3814466937e-3f);
}
LRLAB_INLINE double exp_tail(double r) {
  return polynomial(r, 5.000000000000010721e-1, 1.6666666666666410229e-1, 4.166666666652918831e-2,
                    8.3333333334956276081e-3, 1.3888888943922727099e-3, 1.9841269504756581153e-4,
                    2.4801492762698872195e-5, 2.7557587350426195172e-6, 2.7630378655912911129e-7,
                    2.4999962640567785134e-8);
}

// (log((1+s)/(1-s)) / s - 2) / z with z = s^2, for (1+s)/(1-s) from sqrt(1/2) to sqrt(2);
// error 2^-37 / 2^-59 of the logarithm.
LRLAB_INLINE float log_tail(float z) {
  return polynomial(z, 6.6666665641e-1f, 4.0000336219e-1f, 2.8537238331e-1f, 2.3583568752e-1f);
}
LRLAB_INLINE double log_tail(double z) {
  return polynomial(z, 6.6666666666667348957e-1, 3.9999999999411091419e-1, 2.8571428743262838372e-1,
                    2.2222198475973499742e-1, 1.8183569740334371536e-1, 1.5313903235806897758e-1,
                    1.4797507797000739324e-1);
}

// The same for (1+s)/(1-s) from 1 to 2; error 2^-27 / 2^-59.
LRLAB_INLINE float log_1_to_2_tail(float z) {
  return polynomial(z, 6.6666415751e-1f, 4.0021562269e-1f, 2.8001171291e-1f, 2.8015379097e-1f);
}
LRLAB_INLINE double log_1_to_2_tail(double z) {
  return polynomial(z, 6.6666666666666307796e-1, 4.0000000000155865365e-1, 2.8571428548017229004e-1,
                    2.2222223960253274555e-1, 1.8181744235289570867e-1, 1.5386553801328026535e-1,
                    1.3301047747516072255e-1, 1.2105546757178581855e-1, 8.3422618089275799153e-2,
                    1.7014919737333217649e-1);
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
  return {integer_part(shifted), r, (hi - r) - lo};
}

// exp for kExpMin <= x <= kExpMax.
template <class T>
LRLAB_INLINE T exp_in_range(T x) {
  const auto [k, r, r_lo] = exp_reduce(x);
  const T p = T(1) + (r + r * r * exp_tail(r));
  const Int<T> k1 = k >> 1;  // two factors: neither overflows or goes below normal before the end
  return p * power_of_two<T>(k1) * power_of_two<T>(k - k1);
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
  const Bits<T> u = to_bits(x) + (F::kOne - F::kSqrtHalf);
  constexpr Bits<T> kMask = (Bits<T>(1) << F::kMantissaBits) - 1;
  return {static_cast<Int<T>>(u >> F::kMantissaBits) - static_cast<Int<T>>(F::kBias),
          from_bits<T>((u & kMask) + F::kSqrtHalf)};
}

}  // namespace detail

template <std::floating_point T>
LRLAB_INLINE T abs(T x) {
  return detail::from_bits<T>(detail::to_bits(x) & ~detail::Format<T>::kSign);
}

// The magnitude of x with the sign of `sign`.
template <std::floating_point T>
LRLAB_INLINE T copysign(T x, T sign) {
  constexpr auto kSign = detail::Format<T>::kSign;
  return detail::from_bits<T>((detail::to_bits(x) & ~kSign) | (detail::to_bits(sign) & kSign));
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
  const T down = detail::select(nearest > x, nearest - T(1), nearest);
  return detail::select(a < kInteger, down, x);
}

// e^x. Error 0.99 / 0.98 ULP.
template <std::floating_point T>
LRLAB_INLINE T exp(T x) {
  using F = detail::Format<T>;
  return detail::exp_in_range(detail::at_most(F::kExpMax, detail::at_least(F::kExpMin, x)));
}

// e^x - 1, accurate near 0. Error 1.73 / 1.40 ULP.
template <std::floating_point T>
LRLAB_INLINE T expm1(T x) {
  using F = detail::Format<T>;
  const T in_range = detail::at_most(F::kExpMax, detail::at_least(F::kExpm1Min, x));
  const auto [k, r, r_lo] = detail::exp_reduce(in_range);
  const T m = r + (r * r * detail::exp_tail(r) + r_lo);  // exp(r) - 1
  const T half = detail::power_of_two<T>(k - 1);         // 2^k itself can overflow
  const T y = T(2) * (half * m + (half - T(0.5)));
  const bool tiny = abs(x) < std::numeric_limits<T>::epsilon() / 4;
  return detail::select(tiny, x, y);  // keeps -0 and the last bit of subnormals
}

// Natural logarithm; log(0) = -inf, negative gives NaN. Error 0.82 / 0.80 ULP.
template <std::floating_point T>
LRLAB_INLINE T log(T x) {
  using detail::select;
  constexpr T kInf = std::numeric_limits<T>::infinity();
  const bool subnormal = x < std::numeric_limits<T>::min();
  const auto [k, m] = detail::log_reduce(select(subnormal, x * T(0x1p60), x));
  const detail::Int<T> scaled = 60 * static_cast<detail::Int<T>>(subnormal);
  T y = detail::log_reduced(static_cast<T>(k - scaled), m - T(1), T(0));
  y = select(x < kInf, y, x);  // infinity and NaN
  y = select(x == T(0), -kInf, y);
  return select(x < T(0), std::numeric_limits<T>::quiet_NaN(), y);
}

// log(1 + x), accurate near 0: what 1 + x loses by rounding is put back as a correction.
// log1p(-1) = -inf, less gives NaN. Error 0.83 / 0.83 ULP.
template <std::floating_point T>
LRLAB_INLINE T log1p(T x) {
  using detail::select;
  constexpr T kInf = std::numeric_limits<T>::infinity();
  const T sum = T(1) + x;
  const auto [k, m] = detail::log_reduce(sum);
  const T lost = select(x > T(1), T(1) - (sum - x), x - (sum - T(1)));
  const T f = select(k == 0, x, m - T(1));
  const T correction = select(k == 0, T(0), lost / sum);
  T y = detail::log_reduced(static_cast<T>(k), f, correction);
  y = select(x < kInf, y, x);
  y = select(x == T(0), x, y);  // keeps -0
  y = select(x == T(-1), -kInf, y);
  return select(x < T(-1), std::numeric_limits<T>::quiet_NaN(), y);
}

// Hyperbolic tangent. Error 2.62 / 2.65 ULP; odd, and never beyond 1.
//
// With e = exp(2|x|) - 1, tanh|x| = e / (e + 2); e is taken as in expm1 but ln 2 in one part, for
// where k > 0 an error of e hardly shows. (A rational approximation x P(x^2) / Q(x^2) of degrees 4
// and 4 was tried: 1.4 times as fast, but its error is 5.9 ULP and it exceeds 1.)
template <std::floating_point T>
LRLAB_INLINE T tanh(T x) {
  using F = detail::Format<T>;
  constexpr T kTwoOverLn2 = T(2.88539008177792681471984936200378427);
  constexpr T kLn2 = T(0.693147180559945309417232121458176568);
  const T a = detail::at_most(F::kTanhMax, abs(x));
  const T shifted = a * kTwoOverLn2 + F::kRounder;
  const T r = T(2) * a - (shifted - F::kRounder) * kLn2;
  const T m = r + r * r * detail::exp_tail(r);
  const T two_k = detail::power_of_two<T>(detail::integer_part(shifted));
  const T e = two_k * m + (two_k - T(1));
  return copysign(e / (e + T(2)), x);
}

// 1 / (1 + e^-x), and e^x / (1 + e^x) for x < 0, so that both tails are accurate.
// Error 2.33 / 2.30 ULP.
template <std::floating_point T>
LRLAB_INLINE T sigmoid(T x) {
  const T e = detail::exp_in_range(detail::at_least(detail::Format<T>::kExpMin, -abs(x)));
  return detail::select(x < T(0), e, T(1)) / (T(1) + e);
}

// log(1 + e^x) = max(x, 0) + log(1 + e), e = e^-|x|; with s = e / (2 + e), 1 + e = (1+s) / (1-s).
// Error 2.06 / 1.95 ULP.
template <std::floating_point T>
LRLAB_INLINE T softplus(T x) {
  const T e = detail::exp_in_range(detail::at_least(detail::Format<T>::kExpMin, -abs(x)));
  const T s = e / (T(2) + e);
  const T z = s * s;
  const T log1p_e = e - s * (e - z * detail::log_1_to_2_tail(z));
  return detail::select(x > T(0), x, T(0)) + log1p_e;
}

// Error function. Error 1.47 / 0.97 ULP; never beyond 1.
//
// Up to |x| = 1: x + x P(x^2). Beyond: 1 - exp(-Q(|x|)), Q = -log(erfc) fitted on 1 .. 3.95; from
// 3.92 on the result rounds to 1. The fits alone cause 2^-29.
LRLAB_INLINE float erf(float x) {
  using detail::polynomial;
  const float near =
      x + x * polynomial(x * x, 1.2837916573e-1f, -3.7612625824e-1f, 1.1283585149e-1f,
                         -2.6853811935e-2f, 5.1883276843e-3f, -8.0101936128e-4f, 7.8538613111e-5f);
  const float a = detail::at_most(4.0f, abs(x));
  const float q = polynomial(a, 3.4152327457e-4f, 1.1270891892f, 6.3814483445e-1f, 1.0310675314e-1f,
                             -2.1838063307e-2f, 2.9476581219e-3f, -1.8637917252e-4f);
  const float far = copysign(1.0f - detail::exp_in_range(-q), x);
  return detail::select(a > 1.0f, far, near);
}
double erf(double x);

// Sine and cosine of x radians, however large. Error 0.50 / 0.79 ULP. Infinity gives NaN.
double sin(double x);
double cos(double x);
inline float sin(float x) { return static_cast<float>(sin(static_cast<double>(x))); }
inline float cos(float x) { return static_cast<float>(cos(static_cast<double>(x))); }
// Both at once, with the same bits, for little more than the cost of one.
struct SinCos {
  double sin, cos;
};
SinCos sin_cos(double x);

// x^y with the special cases of C's pow. Error 0.74 ULP; exact where the result is a double.
double pow(double x, double y);
// x^n for n up to 2^53. Not by repeated squaring, whose error grows with n: this is pow.
double pow_int(double x, std::uint64_t n);

}  // namespace lrlab::fn
