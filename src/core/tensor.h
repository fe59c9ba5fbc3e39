// Where one weight matrix or bias vector lives inside the flat parameter vector.
#pragma once

#include <cstddef>

namespace lrlab {

struct TensorView {
  std::size_t offset = 0;  // first element in the flat vector
  int rows = 1;            // outputs; row-major
  int cols = 1;            // inputs; 1 for a bias
  int layer = 0;           // 0 is the first layer
  bool is_bias = false;

  std::size_t size() const { return static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols); }
};

}  // namespace lrlab
