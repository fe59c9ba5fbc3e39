// What describe and docs both tell about the tables of picks and fields.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "experiment/config.h"

namespace lrlab::cli {

// The field's default depends on which row of this pick is chosen (lr on the optimizer).
bool follows(const Field& field, const Pick& pick);

// The defaults that follow a row: ("lr", 0.001).
std::vector<std::pair<const Field*, double>> defaults_with(const Pick& pick, std::size_t row);

// "0.9", "16,16", "on", "triangular": a spec's default as a person or --set writes it.
std::string default_text(const ParamSpec& spec);

// "0 to 0.9999", "0 or 1", "linear, cosine, constant".
std::string short_range(const ParamSpec& spec);

// The pick before this one that has the same rows (output_activation: activation), or null.
const Pick* same_rows(const Pick& pick);

}  // namespace lrlab::cli
