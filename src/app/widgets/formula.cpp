#include "app/widgets/formula.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace lrlab {
namespace {

bool is_subscript(std::string_view sign) { return sign.size() == 3 && sign >= "\u2080" && sign <= "\u209C"; }

// Letters, digits, Greek letters and subscripts make names.
bool in_name(std::string_view sign) {
  const unsigned char c = static_cast<unsigned char>(sign[0]);
  if (sign.size() == 1) return std::isalnum(c) || c == '_';
  return (sign >= "\u0370" && sign <= "\u03FF") || is_subscript(sign);
}

std::size_t length_of_sign(char first) {
  const unsigned char c = static_cast<unsigned char>(first);
  return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

// Names and what is between them, in turn.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  bool was_name = false;
  while (!text.empty()) {
    const std::string_view sign = text.substr(0, length_of_sign(text[0]));
    if (out.empty() || in_name(sign) != was_name) out.emplace_back();
    was_name = in_name(sign);
    out.back() += sign;
    text.remove_prefix(sign.size());
  }
  return out;
}

// The name without its subscripts: lr of lrₜ.
std::string bare(std::string_view name) {
  std::string out;
  for (; !name.empty(); name.remove_prefix(length_of_sign(name[0])))
    if (const std::string_view sign = name.substr(0, length_of_sign(name[0])); !is_subscript(sign)) out += sign;
  return out;
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
  std::vector<std::string_view> out;
  for (std::size_t end; (end = text.find(at)) != std::string_view::npos; text.remove_prefix(end + at.size())) out.push_back(text.substr(0, end));
  out.push_back(text);
  return out;
}

// The name that a statement gives a value: what stands before its arrow or sign of equality.
std::string target(std::string_view statement) {
  const std::size_t arrow = statement.find("←"), equal = statement.find(" = ");
  const std::vector<std::string> before = words_of(statement.substr(0, std::min({arrow, equal, statement.size()})));
  for (std::size_t i = before.size(); i-- > 0;)
    if (in_name(std::string_view(before[i]).substr(0, length_of_sign(before[i][0])))) return before[i];
  return {};
}

constexpr const char* kBetween = ",  ";  // two statements in a line

}  // namespace

std::vector<std::vector<FormulaPiece>> read_formula(const OptimizerInfo& info) {
  const std::string_view formula = info.formula;
  const auto remembered = [&](const std::string& name) {
    return std::any_of(info.state.begin(), info.state.end(), [&](const StateSlot& s) { return *s.symbol && name == s.symbol; });
  };
  // The rate is lr, and what is said to equal something made of it.
  std::vector<std::string> rates{"lr"};
  for (std::string_view line : split(formula, "\n"))
    for (std::string_view statement : split(line, kBetween)) {
      const std::vector<std::string> words = words_of(statement);
      const std::string name = target(statement);
      if (statement.find("←") == std::string_view::npos && !remembered(name) && std::find(words.begin(), words.end(), "lr") != words.end())
        rates.push_back(bare(name));
    }
  std::vector<std::vector<FormulaPiece>> out;
  for (std::string_view line : split(formula, "\n")) {
    std::vector<FormulaPiece>& pieces = out.emplace_back();
    for (std::string_view statement : split(line, kBetween)) {
      const std::string name = target(statement);
      const bool rate = statement.find("←") == std::string_view::npos && std::find(rates.begin(), rates.end(), bare(name)) != rates.end();
      const StepPart computes = remembered(name) ? StepPart::kMemory : rate ? StepPart::kRate : StepPart::kUpdate;
      if (!pieces.empty()) pieces.push_back({kBetween, StepPart::kBatch, StepPart::kBatch});
      for (std::string& word : words_of(statement)) {
        const std::string plain = bare(word);
        const StepPart is = plain == "g" || plain == "G" ? StepPart::kGradient
                            : plain == "f"               ? StepPart::kLoss
                            : std::find(rates.begin(), rates.end(), plain) != rates.end() ? StepPart::kRate
                                                                                           : StepPart::kBatch;
        pieces.push_back({std::move(word), is, computes});
      }
    }
  }
  return out;
}

bool acts(const FormulaPiece& piece, StepPart part) {
  if (part == StepPart::kClip) part = StepPart::kGradient;
  if (part == StepPart::kBatch) return false;
  return piece.name == part || (piece.statement == part && part != StepPart::kRate);
}

}  // namespace lrlab
