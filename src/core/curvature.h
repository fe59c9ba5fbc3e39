// Curvature of the training loss: exact Hessian-vector products, sharpness, and the rate at which
// training stops being stable.
//
// Gradient descent on a quadratic multiplies the error along an eigenvector of the Hessian by
// 1 − lr·λ in every step. It grows as soon as lr > 2/λ for the largest eigenvalue, the sharpness.
// On a network the sharpness rises until it hovers at 2/lr: the edge of stability.
// Cohen et al. 2021, "Gradient descent on neural networks typically occurs at the edge of
// stability", arXiv:2103.00065; for Adam Cohen et al. 2022, "Adaptive gradient methods at the edge
// of stability", arXiv:2207.14484.
//
// Everything here looks at the loss of the whole training set with its L2 penalty (the L1 penalty
// has no curvature), without dropout and noise. Same bits on every platform: no Eigen in here.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/trainer.h"

namespace lrlab {

// H·v by Pearlmutter's R-operator: R{f} = ∂f(θ + r·v)/∂r at r = 0, applied to every line of the
// forward and the backward pass.
// Pearlmutter 1994, "Fast exact multiplication by the Hessian", Neural Computation 6.
class Hessian {
 public:
  // Values between passes are kept from product to product if they take at most `keep_bytes`.
  explicit Hessian(std::shared_ptr<const Problem> problem, std::size_t keep_bytes = 32u << 20);

  std::size_t size() const { return problem_->num_params(); }
  // Costs one gradient. The loss has the penalty l2/2·Σw² over the weights.
  void set_point(const Real* theta, double l2);
  // out = H·v. Costs about two gradients; three where the intermediate values are too large to keep.
  void multiply(const Real* v, Real* out);

 private:
  // What the forward and backward pass leave behind for at most kMaxChunk samples, by layer.
  struct Chunk {
    std::vector<std::vector<Real>> a;   // activations
    std::vector<std::vector<Real>> d;   // f'(z)
    std::vector<std::vector<Real>> e;   // f''(z)·∂L/∂a
    std::vector<std::vector<Real>> dz;  // ∂L/∂z
  };
  Chunk make_chunk() const;
  void run(Chunk& c, std::size_t first);
  void run_r(const Chunk& c, std::size_t first, const Real* v, Real* out);

  std::shared_ptr<const Problem> problem_;
  double l2_ = 0;
  std::vector<Real> theta_;
  bool keep_ = true;            // one chunk for each part of the data, else one that is run again
  std::vector<Chunk> chunks_;
  std::vector<std::vector<Real>> ra_, rz_;  // R{a}, R{z} by layer
  std::vector<Real> da_, rda_, rdz_, extra_;
};

struct Sharpness {
  double value = 0;      // largest eigenvalue; NaN: something was not finite
  double residual = 0;   // ‖A·x − value·x‖ for the unit vector x: an eigenvalue lies this close
  int iterations = 0;    // Hessian-vector products
  std::vector<Real> vector;  // x; its largest entry is positive
};

struct LanczosSettings {
  int max_iterations = 64;
  double tolerance = 1e-3;  // of the residual, as a share of the value
  std::uint64_t seed = 1;   // of the start vector
};

// The largest eigenvalue of H, or of S·H·S for a diagonal S, one product at a time.
//
//   q₁ = start,  β₀ = 0
//   w = A·qⱼ    αⱼ = qⱼᵀw    w ← w − αⱼ·qⱼ − βⱼ₋₁·qⱼ₋₁    βⱼ = ‖w‖    qⱼ₊₁ = w/βⱼ
//
// The eigenvalues of the tridiagonal matrix of α and β approach those of A, the outer ones first.
// w is made orthogonal to all q again, twice, so no eigenvalue appears more than once.
// Lanczos 1950, "An iteration method for the solution of the eigenvalue problem"; Parlett 1998, "The
// symmetric eigenvalue problem".
class Lanczos {
 public:
  // `scale`: the diagonal of S; empty: 1. `warm`: a guess at the eigenvector; empty: none. A little
  // noise is added, lest another eigenvalue that has grown past it stays unseen.
  Lanczos(Hessian& hessian, LanczosSettings settings, std::vector<Real> scale = {},
          std::span<const Real> warm = {});

  // One product. True once done.
  bool step();
  Sharpness result() const;

 private:
  Hessian* hessian_;
  LanczosSettings settings_;
  std::vector<Real> scale_, scaled_;
  std::vector<std::vector<Real>> q_;
  std::vector<double> alpha_, beta_;
  double value_ = 0, residual_ = 0;
  std::vector<double> weights_;  // the eigenvector in terms of q
  bool done_ = false;
};

Sharpness sharpness(Hessian& hessian, LanczosSettings settings = {}, std::vector<Real> scale = {},
                    std::span<const Real> warm = {});

// Largest eigenvalue of the symmetric tridiagonal matrix with this diagonal and off-diagonal, and
// its unit eigenvector. The eigenvalue lies in [low, high].
double largest_eigenvalue(std::span<const double> diagonal, std::span<const double> off,
                          double low, double high, std::vector<double>& vector);

// The largest rate at which an optimizer is stable on a quadratic of this sharpness.
struct StabilityLimit {
  double lr = 0;            // NaN: not known for this optimizer; infinite: no positive curvature
  const char* formula = ""; // in terms of λ, the sharpness
};
StabilityLimit stability_limit(const OptimizerInfo& info, std::span<const double> params,
                               double sharpness);

// √(rate of each parameter / lr) of an optimizer with a rate for each parameter: the S under which
// its stability limit holds. Empty where the plain Hessian decides, or before the first step.
std::vector<Real> step_scale(const Trainer& trainer);

// Follows the sharpness of one run, a product at a time, so that a frame need not wait for it.
//
//   probe.begin(trainer);            // takes a copy of the point
//   while (!probe.step()) {}         // or a few steps in each frame
//   probe.reading()
class SharpnessProbe {
 public:
  struct Reading {
    std::uint64_t step = 0;       // of the run, when begin() was called
    Sharpness sharpness;          // of the plain Hessian, or of S·H·S (step_scale)
    bool preconditioned = false;
    double lr = 0;                // of the step that came next
    StabilityLimit limit;
  };

  explicit SharpnessProbe(LanczosSettings settings = {}) : settings_(settings) {}
  // The eigenvector of the last reading is where the next begins, unless it is `afresh`: then the
  // reading depends on nothing but the trainer.
  void begin(const Trainer& trainer, bool afresh = false);
  bool step();  // true once done
  bool busy() const { return lanczos_.has_value(); }
  const Reading& reading() const { return reading_; }

 private:
  LanczosSettings settings_;
  std::unique_ptr<Hessian> hessian_;
  const Problem* problem_ = nullptr;  // hessian_'s
  std::optional<Lanczos> lanczos_;
  const OptimizerInfo* optimizer_ = nullptr;
  std::vector<double> params_;
  std::vector<Real> last_vector_;
  Reading reading_, next_;
};

}  // namespace lrlab
