// What an algorithm is in PyTorch, for exported scripts; experiment/export_pytorch.cpp says what the
// text may use. It stands beside the row, not in it, so that a program that exports nothing (the
// page, whose dialog for sharing has a module of its own) does not carry it.
#pragma once

namespace lrlab {

struct TorchText {
  // An optimizer: a call of torch.optim, or else the body of Optimizer.step(). A schedule: the body of
  // a function of t that returns the factor, or (factor, momentum) where it cycles the momentum. A
  // clipper: what changes p.grad of `parameters`. A 2-D function: the body of a function of x, y.
  const char* text = "";
  const char* option = "";   // an optimizer's yes-or-no parameter that needs another text where it is on ...
  const char* with = "";     // ... and that text
  const char* observe = "";  // a schedule that listens: how observe(loss) comes about
};

}  // namespace lrlab
