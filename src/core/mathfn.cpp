// The functions of mathfn.h that branch: erf, sine, cosine and power in double.
//
// Same promise as the header: only operations that IEEE 754 defines to the last bit.
#include "core/mathfn.h"

#include <array>

namespace lrlab::fn {

namespace {

using detail::polynomial;

// --- unevaluated sums of two doubles (T. J. Dekker, Numerische Mathematik 18, 1971) -------------

struct Pair {
  double hi, lo;  // hi = hi + lo rounded
};

// a + b exactly, for |a| >= |b|.
Pair fast_sum(double a, double b) {
  const double s = a + b;
  return {s, b - (s - a)};
}

// a + b exactly.
Pair exact_sum(double a, double b) {
  const double s = a + b;
  const double bb = s - a;
  return {s, (a - (s - bb)) + (b - bb)};
}

// a * b exactly, by splitting each factor into halves of 26 bits; |a|, |b| < 2^996.
Pair exact_product(double a, double b) {
  constexpr double kSplit = 0x1p27 + 1;
  const double ta = a * kSplit, tb = b * kSplit;
  const double a1 = ta - (ta - a), b1 = tb - (tb - b);
  const double a2 = a - a1, b2 = b - b1;
  const double p = a * b;
  return {p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2};
}

Pair multiply(Pair a, Pair b) {
  const Pair p = exact_product(a.hi, b.hi);
  return fast_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

Pair add(Pair a, Pair b) {
  const Pair s = exact_sum(a.hi, b.hi);
  return fast_sum(s.hi, s.lo + (a.lo + b.lo));
}

// --- sine and cosine ----------------------------------------------------------------------------

// x = quadrant * pi/2 + (hi + lo), |hi| <= pi/4; only quadrant mod 4 counts.
struct Angle {
  unsigned quadrant;
  double hi, lo;
};

// pi/2 in three parts (Cody and Waite); 33 bits each in the first two, so n * part is exact for
// |n| <= 2^20.
constexpr double kHalfPi1 = 0x1.921fb544p+0;
constexpr double kHalfPi2 = 0x1.0b4611a6p-34;
constexpr double kHalfPi3 = 0x1.3198a2e037073p-69;
constexpr double kSmallAngle = 1.6e6;

Angle reduce_small(double x) {
  constexpr double kRounder = 0x1.8p52;
  constexpr double kTwoOverPi = 0x1.45f306dc9c883p-1;
  const double shifted = x * kTwoOverPi + kRounder;
  const double n = shifted - kRounder;
  const Pair a = exact_sum(x - n * kHalfPi1, -(n * kHalfPi2));  // both products are exact
  const Pair r = exact_sum(a.hi, a.lo - n * kHalfPi3);
  return {static_cast<unsigned>(detail::to_bits(shifted) & 3), r.hi, r.lo};
}

// 2/pi in 32-bit words of its binary expansion, after 64 zero bits.
constexpr std::array<std::uint32_t, 42> kTwoOverPiWords = {
    0x00000000, 0x00000000, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599,
    0x3c439041, 0xfe5163ab, 0xdebbc561, 0xb7246e3a, 0x424dd2e0, 0x06492eea, 0x09d1921c,
    0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41, 0x3991d639,
    0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f,
    0x6d367ecf, 0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b, 0x3d0739f7,
    0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08, 0x56033046, 0xfc7b6bab, 0xf0cfbc20, 0x9af4361d};

// M. H. Payne and R. N. Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter
// 18, 1983. With x = m 2^e, the bits of 2/pi whose product with x is a multiple of 4 are skipped;
// 192 of the following ones give x * 2/pi mod 4 with 77 correct bits in the worst case.
Angle reduce_large(double x) {
  const std::uint64_t bits = detail::to_bits(fn::abs(x));
  const int e = static_cast<int>(bits >> 52) - 1075;
  const std::uint64_t m = (bits & 0xfffffffffffff) | 0x10000000000000;

  // turns = m * (192 bits of 2/pi from position e - 2) mod 1, least significant word first; it is
  // x * 2/pi / 4, so whole numbers are full turns.
  const unsigned start = static_cast<unsigned>(e - 2 + 64);
  std::array<std::uint32_t, 6> window;
  for (unsigned i = 0; i < 6; ++i) {
    const unsigned word = start / 32 + i, shift = start % 32;
    const std::uint64_t two =
        (std::uint64_t{kTwoOverPiWords[word]} << 32) | kTwoOverPiWords[word + 1];
    window[5 - i] = static_cast<std::uint32_t>(two >> (32 - shift));
  }
  std::array<std::uint32_t, 6> turns{};
  for (unsigned j = 0; j < 2; ++j) {
    const std::uint64_t digit = j == 0 ? m & 0xffffffff : m >> 32;
    std::uint64_t carry = 0;
    for (unsigned i = 0; i + j < 6; ++i) {
      carry += digit * window[i] + turns[i + j];
      turns[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }

  // Nearest quadrant, and the signed rest as a fraction of a turn.
  unsigned quadrant = ((turns[5] >> 29) + 1) >> 1;
  turns[5] -= quadrant << 30;  // wraps: negative in two's complement
  const bool negative = (turns[5] >> 31) != 0;
  if (negative) {  // negate
    std::uint64_t carry = 1;
    for (auto& word : turns) {
      carry += static_cast<std::uint32_t>(~word);
      word = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
  }
  Pair rest{0, 0};
  double weight = 0x1p-30;  // of the top word, in quarter turns
  for (unsigned i = 6; i-- > 0; weight *= 0x1p-32) {
    const Pair s = exact_sum(rest.hi, turns[i] * weight);
    rest = fast_sum(s.hi, s.lo + rest.lo);
  }
  rest = multiply(rest, {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54});  // quarter turns -> radians
  if (negative) rest = {-rest.hi, -rest.lo};
  if (x < 0) return {4 - (quadrant & 3), -rest.hi, -rest.lo};
  return {quadrant, rest.hi, rest.lo};
}

// sin(hi + lo) on |hi| <= pi/4; error 2^-57.
double sin_kernel(double hi, double lo) {
  const double z = hi * hi;
  const double tail =
      polynomial(z, -1.6666666666666630512e-1, 8.3333333333220621795e-3, -1.9841269829542605427e-4,
                 2.7557313604526597399e-6, -2.5050745037966064954e-8, 1.5896067524410716798e-10);
  return hi + (hi * z * tail + lo * (1 - 0.5 * z));
}

// cos(hi + lo) on |hi| <= pi/4; error 2^-64.
double cos_kernel(double hi, double lo) {
  const double z = hi * hi;
  const double tail =
      polynomial(z, 4.1666666666666599153e-2, -1.3888888888874064867e-3, 2.4801587289443472483e-5,
                 -2.7557314340657644601e-7, 2.0875721623546669776e-9, -1.1359559324466531073e-11);
  const double half_z = 0.5 * z;
  const double w = 1 - half_z;
  return w + (((1 - w) - half_z) + (z * z * tail - hi * lo));
}

// sin(x + turn * pi/2)
double sin_shifted(double x, unsigned turn) {
  const double a = fn::abs(x);
  if (!(a <= std::numeric_limits<double>::max())) return x - x;  // infinity, NaN -> NaN
  if (turn == 0 && a < 0x1p-27) return x;
  const Angle r = a <= kSmallAngle ? reduce_small(x) : reduce_large(x);
  const unsigned q = (r.quadrant + turn) & 3;
  const double y = (q & 1) != 0 ? cos_kernel(r.hi, r.lo) : sin_kernel(r.hi, r.lo);
  return (q & 2) != 0 ? -y : y;
}

// --- power --------------------------------------------------------------------------------------

// log(x) of a finite positive x to about 64 bits. With s = (m-1)/(m+1),
// log m = 2s + 2/3 s^3 + s^5 (...): the first two terms are kept in two doubles, the rest is small.
Pair accurate_log(double x) {
  constexpr double kMin = std::numeric_limits<double>::min();
  const bool subnormal = x < kMin;
  const auto [k0, m] = detail::log_reduce(subnormal ? x * 0x1p60 : x);
  const double k = static_cast<double>(subnormal ? k0 - 60 : k0);

  const double f = m - 1;  // exact
  const Pair d = fast_sum(2.0, f);
  const double s1 = f / d.hi;
  const Pair back = exact_product(s1, d.hi);
  const Pair s = fast_sum(s1, ((f - back.hi) - back.lo - s1 * d.lo) / d.hi);

  const Pair z = multiply(s, s);
  const double tail =  // (log(m)/s - 2 - 2/3 z) / z^2 on s^2 <= 0.0295; error 2^-73 of log m
      polynomial(z.hi, 3.9999999999999977325e-1, 2.8571428571445218192e-1, 2.2222222217510532131e-1,
                 1.8181818873499531821e-1, 1.5384556653473132589e-1, 1.3336325798288268249e-1,
                 1.1674648185680295287e-1, 1.1990433628785451545e-1);
  const Pair inner =
      add(multiply(z, {0x1.5555555555555p-1, 0x1.5555555555555p-55}), {z.hi * z.hi * tail, 0});
  const Pair log_m = add({2 * s.hi, 2 * s.lo}, multiply(s, inner));
  const Pair k_ln2 =
      fast_sum(k * detail::Format<double>::kLn2Hi, k * detail::Format<double>::kLn2Lo);
  return add(k_ln2, log_m);
}

// exp(hi + lo), hi within the range of exp.
double accurate_exp(Pair x) {
  const auto [k, r, r_lo] = detail::exp_reduce(x.hi);
  const double tail = r * r * detail::exp_tail(r);
  const Pair one = fast_sum(1.0, r);
  const double p = one.hi + (one.lo + (tail + (r_lo + x.lo) * (1 + (r + tail))));
  const auto k1 = k >> 1;
  return p * detail::power_of_two<double>(k1) * detail::power_of_two<double>(k - k1);
}

bool is_integer(double y) { return floor(y) == y; }
bool is_odd(double y) { return is_integer(y) && fn::abs(y) < 0x1p53 && !is_integer(0.5 * y); }

}  // namespace

double sin(double x) { return sin_shifted(x, 0); }
double cos(double x) { return sin_shifted(x, 1); }

SinCos sin_cos(double x) {
  const double a = fn::abs(x);
  if (!(a <= std::numeric_limits<double>::max())) return {x - x, x - x};
  const Angle r = a <= kSmallAngle ? reduce_small(x) : reduce_large(x);
  const double s = sin_kernel(r.hi, r.lo), c = cos_kernel(r.hi, r.lo);
  const bool swap = (r.quadrant & 1) != 0;
  const double sine = swap ? c : s, cosine = swap ? s : c;
  return {a < 0x1p-27 ? x : (r.quadrant & 2) != 0 ? -sine : sine,
          ((r.quadrant + 1) & 2) != 0 ? -cosine : cosine};
}

double pow(double x, double y) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  if (y == 0 || x == 1) return 1;
  if (is_nan(x) || is_nan(y)) return std::numeric_limits<double>::quiet_NaN();
  const double a = fn::abs(x);
  const double sign = x < 0 && is_odd(y) ? -1 : 1;
  if (fn::abs(y) == kInf) return a == 1 ? 1 : ((a > 1) == (y > 0) ? kInf : 0);
  if (a == 0) return is_odd(y) ? copysign(y > 0 ? 0.0 : kInf, x) : (y > 0 ? 0 : kInf);
  if (a == kInf) return sign * (y > 0 ? kInf : 0);
  if (x < 0 && !is_integer(y)) return std::numeric_limits<double>::quiet_NaN();

  const Pair log_a = accurate_log(a);
  const double rough = log_a.hi * y;
  if (rough > 710) return sign * kInf;
  if (rough < -746) return sign * 0.0;
  if (fn::abs(y) < 0x1p-200) return 1;  // 1 + rough rounds to 1; keeps the product below normal
  return sign * accurate_exp(multiply(log_a, {y, 0}));
}

double pow_int(double x, std::uint64_t n) { return pow(x, static_cast<double>(n)); }

// S. Pincus's rational fits in FDLIBM 5.3, s_erf.c (Sun Microsystems, 1993): the intervals
// 0 .. 0.84375 .. 1.25 .. 1/0.35 .. 6.
double erf(double x) {
  const double a = fn::abs(x);
  if (is_nan(x)) return x;
  if (a >= 6) return copysign(1.0, x);
  if (a < 0x1p-28) return x + 0x1.06eba8214db69p-3 * x;
  if (a < 0.84375) {  // x + x P/Q in x^2
    const double z = x * x;
    const double p = polynomial(z, 1.28379167095512558561e-01, -3.25042107247001499370e-01,
                                -2.84817495755985104766e-02, -5.77027029648944159157e-03,
                                -2.37630166566501626084e-05);
    const double q = polynomial(z, 1.0, 3.97917223959155352819e-01, 6.50222499887672944485e-02,
                                5.08130628187576562776e-03, 1.32494738004321644526e-04,
                                -3.96022827877536812320e-06);
    return x + x * (p / q);
  }
  if (a < 1.25) {  // erf(1) to 24 bits + P/Q in |x| - 1
    const double s = a - 1;
    const double p = polynomial(s, -2.36211856075265944077e-03, 4.14856118683748331666e-01,
                                -3.72207876035701323847e-01, 3.18346619901161753674e-01,
                                -1.10894694282396677476e-01, 3.54783043256182359371e-02,
                                -2.16637559486879084300e-03);
    const double q = polynomial(s, 1.0, 1.06420880400844228286e-01, 5.40397917702171048937e-01,
                                7.18286544141962662868e-02, 1.26171219808761642112e-01,
                                1.36370839120290507362e-02, 1.19844998467991074170e-02);
    return copysign(8.45062911510467529297e-01 + p / q, x);
  }
  // 1 - exp(-x^2 - 0.5625 + P/Q) / |x|, P/Q in 1/x^2
  const double s = 1 / (a * a);
  double p, q;
  if (a < 1 / 0.35) {
    p = polynomial(s, -9.86494403484714822705e-03, -6.93858572707181764372e-01,
                   -1.05586262253232909814e+01, -6.23753324503260060396e+01,
                   -1.62396669462573470355e+02, -1.84605092906711035994e+02,
                   -8.12874355063065934246e+01, -9.81432934416914548592e+00);
    q = polynomial(s, 1.0, 1.96512716674392571292e+01, 1.37657754143519042600e+02,
                   4.34565877475229228821e+02, 6.45387271733267880336e+02,
                   4.29008140027567833386e+02, 1.08635005541779435134e+02,
                   6.57024977031928170135e+00, -6.04244152148580987438e-02);
  } else {
    p = polynomial(s, -9.86494292470009928597e-03, -7.99283237680523006574e-01,
                   -1.77579549177547519889e+01, -1.60636384855821916062e+02,
                   -6.37566443368389627722e+02, -1.02509513161107724954e+03,
                   -4.83519191608651397019e+02);
    q = polynomial(s, 1.0, 3.03380607434824582924e+01, 3.25792512996573918826e+02,
                   1.53672958608443695994e+03, 3.19985821950859553908e+03,
                   2.55305040643316442583e+03, 4.74528541206955367215e+02,
                   -2.24409524465858183362e+01);
  }
  return copysign(1 - fn::exp(p / q - a * a - 0.5625) / a, x);
}

}  // namespace lrlab::fn
