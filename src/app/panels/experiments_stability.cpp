// The edge of stability: how sharpness rises to the limit that the rate sets.
#include <algorithm>

#include "app/panels/experiments.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

const std::vector<StabilityCurve>& curves(Ui& ui) {
  const JobBoard& board = *ui.experiments.board();
  return remembered(ui, ui.cache.stability, [&] { return stability_curves(board.job(), board.round_rows()); });
}

// Low rates dark, high ones light; not the lightest of all on white.
ImU32 rate_colour(const Ui& ui, std::size_t i, std::size_t n) {
  const float v = n > 1 ? static_cast<float>(i) / static_cast<float>(n - 1) : 0.5f;
  return scale_colour(ui.theme->dark ? 0.25f + 0.75f * v : 0.1f + 0.65f * v);
}

void picture(Ui& ui, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  const JobBoard& board = *ui.experiments.board();
  const std::vector<StabilityCurve>& all = curves(ui);
  int& view = ui.experiments.now().view;
  view = std::max(view, 0);
  static constexpr const char* kNames[] = {"share of the limit", "sharpness", "loss"};
  const float h = std::max(28.0f, ui.layout.target - 4);
  view = ui.segments("stability.view", "Show", kNames, 3, view, pos, {std::min(size.x, 380.0f), h});
  ChartAxis x{.name = "step", .whole = true, .frame = false}, y{.name = view == 0 ? "lr / largest stable rate (gradient descent: sharpness · lr / 2)" : kNames[view], .log = view == 2};
  const auto values = [&](const StabilityCurve& c) -> const std::vector<double>& { return view == 0 ? c.share : view == 1 ? c.sharpness : c.train_loss; };
  if (view == 0) y.hold(0), y.hold(1.2);
  for (const StabilityCurve& c : all) {
    for (double v : c.step) x.hold(v);
    for (double v : values(c)) y.hold(view == 0 ? std::min(v, 2.0) : v);
  }
  Chart c(ui, {pos.x, pos.y + h + 10}, {size.x, size.y - h - 10}, x, y);
  for (std::size_t i = 0; i < all.size(); ++i) c.line(all[i].step, values(all[i]), rate_colour(ui, i, all.size()), 1.75f);
  if (view == 0) c.mark_y(1, t.bad, "the limit");
  if (c.hovered) {
    std::string body;
    for (const StabilityCurve& one : all) {
      if (one.step.empty()) continue;
      const auto after = std::lower_bound(one.step.begin(), one.step.end(), c.value_x(c.mouse_x));
      const std::size_t k = std::min(static_cast<std::size_t>(after - one.step.begin()), one.step.size() - 1);
      body += words({body.empty() ? "" : "\n", board.job().axes[0].key, " ", one.text, ": ", values(one)[k]});
    }
    ui.tip_at(ImGui::GetIO().MousePos, words({"step ", static_cast<std::uint64_t>(std::max(0.0, c.value_x(c.mouse_x)))}), body);
  }
  ui.note("stability.chart", "image", "How near each run is to the edge of stability", {}, pos, size);
}

float report(Ui& ui, ImVec2 pos, float w) {
  const JobBoard& board = *ui.experiments.board();
  const std::vector<StabilityCurve>& all = curves(ui);
  float y = pos.y;
  y += heading(ui, {pos.x, y}, w, "In the second half of the run");
  const Axis& axis = board.job().axes[0];
  for (std::size_t i = 0; i < all.size(); ++i) {
    const StabilityCurve& c = all[i];
    ResultRow row{.id = words({"stability.", i}), .title = words({"     ", axis.key, " ", axis_text(axis, i)}), .lr = axis.key == "lr" ? c.lr : kNoValue, .open = true};
    if (c.step.empty()) {
      row.sub = "     not there yet";
      row.lr = kNoValue;
      row.open = false;
    } else if (c.diverged) {
      row.chip = "diverged";
      row.tone = VerdictText::Tone::kBad;
    } else if (c.late_low != c.late_low) {
      row.sub = words({"     at step ", static_cast<std::uint64_t>(c.step.back()), ": share of the limit ", c.share.back()});
    } else {
      row.sub = words({"     share of the limit ", c.late_low, " to ", c.late_high});
      row.value = words({number_text(c.late_low), " ", number_text(c.late_high)});
      const bool edge = c.late_high >= 0.95 && c.late_low > 0.8;
      row.chip = edge ? "at the edge" : c.late_high < 0.95 ? "below it" : "crossing it";
      row.tone = edge ? VerdictText::Tone::kWarn : VerdictText::Tone::kNeutral;
    }
    ui.draw()->AddRectFilled({pos.x, y + 9}, {pos.x + 14, y + 12}, rate_colour(ui, i, all.size()));
    if (!result_row(ui, row, pos, w, y)) continue;
    Config config = board.job().base;
    apply(board.job().axes[0], i, config);
    open_as_lane(ui, config);
  }
  y += paragraph(ui, {pos.x, y + 4}, w, "Full-batch gradient descent sharpens the loss until its largest curvature is 2/lr, then hovers there instead of diverging: the edge is where training happens.", ui.theme->muted);
  if (const char* other = other_limit(board.job())) y += paragraph(ui, {pos.x, y}, w, other, ui.theme->muted);
  return y - pos.y;
}

}  // namespace

extern const JobView stability_view;
const JobView stability_view{"stability",
                             "Press Start: full-batch training at several rates, with the sharpness measured on the way. Here you see whether it rises to the limit 2/lr and hovers there.",
                             picture, report};

}  // namespace lrlab
