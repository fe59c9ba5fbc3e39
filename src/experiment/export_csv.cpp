// A race as tables: its curves as CSV, what became of its lanes in Markdown.
#include <cstdio>

#include "experiment/codec.h"
#include "experiment/export.h"
#include "experiment/judge.h"

namespace lrlab {
namespace {

struct CurveName {
  Curve curve;
  const char* key;
};
constexpr CurveName kCurves[] = {
    {Curve::kLoss, "loss"},
    {Curve::kTrainLoss, "train_loss"},
    {Curve::kTestLoss, "test_loss"},
    {Curve::kTrainAccuracy, "train_accuracy"},
    {Curve::kTestAccuracy, "test_accuracy"},
    {Curve::kLr, "lr"},
    {Curve::kMomentum, "momentum"},
    {Curve::kGradNorm, "grad_norm"},
    {Curve::kClippedNorm, "clipped_norm"},
    {Curve::kUpdateRatio, "update_ratio"},
    {Curve::kClipFactor, "clip_factor"},
    {Curve::kRateMin, "rate_min"},
    {Curve::kRateMedian, "rate_median"},
    {Curve::kRateMax, "rate_max"},
};

void append(std::string& out, const char* format, auto... values) {
  char text[160];
  std::snprintf(text, sizeof text, format, values...);
  out += text;
}

// In a table of Markdown.
void append_cell(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (std::string_view("|<*_`[\\").find(c) != std::string_view::npos) out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  out += " | ";
}

void append_number(std::string& out, const char* format, double v) {
  if (v * 0 == 0) append(out, format, v);
  out += " | ";
}

}  // namespace

std::string to_csv(const Session& session) {
  std::string s = "lane,name,curve,step,steps,min,mean,max\n";
  for (std::size_t i = 0; i < session.lanes(); ++i) {
    if (!session.race().lanes[i].visible) continue;
    std::string start = std::to_string(i + 1) + ",\"";
    for (const char c : lane_title(session, i)) start.append(c == '"' ? 2 : 1, c);
    start += "\",";
    for (const CurveName& c : kCurves) {
      const Series& series = session.lane(i).curve(c.curve);
      const auto stride = static_cast<unsigned long long>(series.stride());
      for (std::size_t k = 0; k < series.buckets().size(); ++k) {
        const Bucket& b = series.buckets()[k];
        if (b.count == 0) continue;
        s += start + c.key;
        append(s, ",%llu,%llu,%.9g,%.9g,%.9g\n", k * stride, stride, static_cast<double>(b.min), static_cast<double>(b.mean),
               static_cast<double>(b.max));
      }
    }
  }
  return s;
}

std::string to_table(const Session& session) {
  const Config& first = session.race().lanes[0].config;
  const bool surface = first.surface.info != nullptr, classes = !surface && first.classes() > 0;
  std::string s = "| | lane | rate | training loss | ", line = "|---|---|---|---|";
  if (!surface) s += "test loss | ", line += "---|";
  if (classes) s += "test accuracy | ", line += "---|";
  s += "verdict |\n" + line + "---|\n";
  for (std::size_t i = 0; i < session.lanes(); ++i) {
    const Lane& lane = session.lane(i);
    const Verdict verdict = judge_at_rest(lane);
    append(s, "| %d | ", static_cast<int>(i + 1));
    append_cell(s, lane_title(session, i));
    append_number(s, "%g", lane.spec().config.train.lr);
    append_number(s, "%.4g", lane.train_eval().loss);
    if (!surface) append_number(s, "%.4g", lane.test_eval().loss);
    if (classes) append_number(s, "%.1f %%", 100 * lane.test_eval().accuracy);
    append(s, "**%s** ", verdict_info(verdict.kind).label);
    append_cell(s, verdict.explanation);
    s += '\n';
  }
  return s;
}

}  // namespace lrlab
