// An optimizer's formula, read: which of its signs are the gradient and the rate, and which of its
// statements fill the memory or move the parameters. So it can be lit where a part of a step acts.
#pragma once

#include <string>
#include <vector>

#include "core/optimizer.h"

namespace lrlab {

// What one step is made of, in the order in which it happens.
enum class StepPart { kBatch, kLoss, kGradient, kClip, kMemory, kRate, kUpdate };

struct FormulaPiece {
  std::string text;    // a name, or what stands between two
  StepPart name;       // kLoss, kGradient or kRate: it is this; kBatch: another
  StepPart statement;  // what its statement computes: kMemory, kRate or kUpdate
};

// The lines of the formula in pieces.
std::vector<std::vector<FormulaPiece>> read_formula(const OptimizerInfo& info);

// Whether this piece is where `part` acts. Clipping acts where the gradient stands.
bool acts(const FormulaPiece& piece, StepPart part);

}  // namespace lrlab
