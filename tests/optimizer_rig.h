// Drives one optimizer by hand: any function, any gradient, no network and no trainer.
//
// State, scalars and scratch stand between guards, so that an update that writes beyond what its
// row asked for is seen by intact().
#pragma once

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include "core/optimizer.h"

namespace lrlab {

class OptimizerRig {
 public:
  // Loss and gradient at a point.
  using Function = std::function<double(const Real* theta, Real* grad)>;

  // Without `tensors` the parameters are one column, as on a surface.
  OptimizerRig(const OptimizerInfo& info, std::vector<double> params, std::vector<Real> start,
               std::vector<TensorView> tensors = {})
      : info_(info),
        params_(std::move(params)),
        theta_(std::move(start)),
        grad_(theta_.size()),
        tensors_(std::move(tensors)) {
    if (tensors_.empty())
      tensors_.push_back(
          {.offset = 0, .rows = static_cast<int>(n()), .cols = 1, .layer = 0, .is_bias = false});
    state_.assign(n() * static_cast<std::size_t>(info.slots(params_)) + 2 * kGuard, kMark);
    std::fill(state_.begin() + kGuard, state_.end() - kGuard, Real(0));
    scalars_.assign(static_cast<std::size_t>(info.scalars) + 2 * kGuard, kMark);
    std::fill(scalars_.begin() + kGuard, scalars_.end() - kGuard, 0.0);
    scratch_.assign((info.scratch ? info.scratch(n(), tensors_, params_) : 0) + 2 * kGuard, kMark);
  }
  explicit OptimizerRig(const OptimizerInfo& info, std::vector<Real> start = {Real(1)})
      : OptimizerRig(info, with_defaults(info).params, std::move(start)) {}

  std::size_t n() const { return theta_.size(); }
  const OptimizerInfo& info() const { return info_; }
  std::vector<Real>& theta() { return theta_; }
  std::vector<Real>& grad() { return grad_; }  // to be filled in before update()
  double& scalar(int i) { return scalars_[kGuard + static_cast<std::size_t>(i)]; }
  double& param(std::string_view key) {
    std::size_t i = 0;
    while (i + 1 < params_.size() && key != info_.params[i].key) ++i;
    return params_[i];
  }

  // What the optimizer sees; valid after an update as well.
  OptimizerStep args(double lr, double loss = 0) {
    return {.n = n(),
            .theta = theta_.data(),
            .grad = grad_.data(),
            .state_begin = state_.data() + kGuard,
            .scalars = scalars_.data() + kGuard,
            .scratch = scratch_.data() + kGuard,
            .params = params_,
            .tensors = tensors_,
            .lr = lr,
            .step = step_,
            .loss = loss,
            .evaluate = {[](void* self, const Real* theta, Real* grad) {
                           return (*static_cast<Function*>(self))(theta, grad);
                         },
                         &function_}};
  }

  // One update with the gradient in grad().
  void update(double lr, double loss = 0) {
    const OptimizerStep s = args(lr, loss);
    info_.update_whole(s);
    last_ = s;
    ++step_;
  }
  // One update on a function; gives the loss before it.
  double update(const Function& f, double lr) {
    function_ = f;
    const double loss = f(theta_.data(), grad_.data());
    update(lr, loss);
    return loss;
  }

  // The point to judge by: theta, or what the row says.
  std::vector<Real> eval_point() {
    std::vector<Real> out = theta_;
    if (info_.eval_point && step_ > 0) info_.eval_point(last_, out.data());
    return out;
  }
  // As after the last update; empty where every parameter has the rate lr.
  std::vector<Real> effective_rate() {
    std::vector<Real> out;
    if (info_.effective_rate) info_.effective_rate(last_, (out.resize(n()), out.data()));
    return out;
  }
  // The named state vector.
  const Real* slot(std::string_view name) {
    for (std::size_t i = 0; i < info_.state.size(); ++i)
      if (name == info_.state[i].name) return args(0).state(static_cast<int>(i));
    return nullptr;
  }

  bool intact() const {
    const auto whole = [](const auto& v) {
      return std::all_of(v.begin(), v.begin() + kGuard, [](auto x) { return x == kMark; }) &&
             std::all_of(v.end() - kGuard, v.end(), [](auto x) { return x == kMark; });
    };
    return whole(state_) && whole(scalars_) && whole(scratch_);
  }

 private:
  static constexpr std::ptrdiff_t kGuard = 64;
  static constexpr float kMark = 12345.5f;

  const OptimizerInfo& info_;
  std::vector<double> params_;
  std::vector<Real> theta_, grad_, state_, scratch_;
  std::vector<double> scalars_;
  std::vector<TensorView> tensors_;
  Function function_;
  OptimizerStep last_;
  std::uint64_t step_ = 0;
};

}  // namespace lrlab
