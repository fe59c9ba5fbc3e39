// A run in the words of others: as a PyTorch script.
#pragma once

#include <cstdint>
#include <string>

#include "experiment/config.h"

namespace lrlab {

// A script for Python 3 with numpy and torch 1.13 or later that trains `steps` steps on the same data,
// from the same weights and with the same mini-batches, and prints "step,loss,lr" lines.
std::string to_pytorch(const Config& config, std::uint64_t steps);

}  // namespace lrlab
