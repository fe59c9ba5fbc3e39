#include "app/widgets/param.h"

#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

bool whole(const ParamSpec& s) { return s.kind == ParamKind::kInteger; }

// Parameters such as β₂: what counts is how far they are from 1.
bool near_one(const ParamSpec& s) {
  return s.kind == ParamKind::kNumber && s.scale == Scale::kLinear && s.min == 0 && s.max <= 1 && s.max >= 0.99 && s.def >= 0.85;
}
double near_one_end(const ParamSpec& s) { return 1 - std::min(s.max, 0.99999); }

// A logarithmic range that begins at 0 has 0 as an extra stop at its left end.
constexpr double kZeroStop = 0.04;
double log_low(const ParamSpec& s) { return s.min > 0 ? s.min : whole(s) ? 1.0 : s.max * 1e-7; }

double round_for_slider(const ParamSpec& s, double v) {
  if (whole(s)) return v < 1000 ? std::nearbyint(v) : rounded(v, 2);
  if (near_one(s)) {
    const double gap = rounded(1 - v, v > 0.9 ? 1 : 2);
    return 1 - gap;
  }
  if (s.scale == Scale::kLog) return rounded(v, 2);
  const double step = rounded((s.max - s.min) / 200, 1);
  return rounded(std::nearbyint(v / step) * step, 6);
}

bool has_slider(const ParamSpec& s) {
  if (s.kind != ParamKind::kNumber && s.kind != ParamKind::kInteger) return false;
  return s.scale == Scale::kLog || s.max - s.min <= 5000;
}

std::string meta(const ParamSpec& s, double def) {
  std::string m = "Range " + range_text(s);
  if (*s.unit) m += " " + std::string(s.unit);
  return m + ". Default " + value_text(s, def) + ".";
}

}  // namespace

double slider_place(const ParamSpec& s, double v) {
  if (near_one(s)) return std::clamp(std::log(std::max(1 - v, near_one_end(s))) / std::log(near_one_end(s)), 0.0, 1.0);
  if (s.scale == Scale::kLinear) return std::clamp((v - s.min) / (s.max - s.min), 0.0, 1.0);
  const double low = log_low(s), from = s.min > 0 ? 0 : kZeroStop;
  if (v <= 0) return 0;
  return std::clamp(from + (1 - from) * std::log(v / low) / std::log(s.max / low), from, 1.0);
}

double slider_value(const ParamSpec& s, double p) {
  p = std::clamp(p, 0.0, 1.0);
  double v = 0;
  if (near_one(s)) {
    v = 1 - std::pow(near_one_end(s), p);
  } else if (s.scale == Scale::kLinear) {
    v = s.min + p * (s.max - s.min);
  } else {
    const double low = log_low(s), from = s.min > 0 ? 0 : kZeroStop;
    if (s.min <= 0 && p < from / 2) return s.min;
    v = low * std::pow(s.max / low, std::max(0.0, (p - from) / (1 - from)));
  }
  return std::clamp(round_for_slider(s, v), s.min, s.max);
}

bool slider(Ui& ui, const ParamSpec& spec, double& value, ImVec2 pos, ImVec2 size, ImU32 colour) {
  const Theme& t = *ui.theme;
  const Control c = ui.control(spec.key, "slider", spec.label, number_text(value), pos, size, true, Drag::kSideways);
  const float r = 7, x0 = pos.x + r, x1 = pos.x + size.x - r, y = std::round(pos.y + size.y / 2);
  const double before = value;
  std::string put;
  if (ui.take_value(spec.key, put)) {
    double v = 0;
    std::vector<Issue> issues;
    if (parse_value(spec, put, v)) {
      fit_value(spec, v, value, issues);
      value = v;
    }
  }
  if (c.dragged && (c.clicked || ImGui::IsMouseClicked(0) || ImGui::GetIO().MouseDelta.x != 0))
    value = slider_value(spec, static_cast<double>((ImGui::GetIO().MousePos.x - x0) / (x1 - x0)));
  if (c.focused && !ImGui::GetIO().WantTextInput) {
    double place = slider_place(spec, value);
    const double step = ImGui::GetIO().KeyShift ? 0.005 : 0.02;
    int way = 0;
    if (ui.key(ImGuiKey_RightArrow) || ui.key(ImGuiKey_UpArrow)) way = 1;
    if (ui.key(ImGuiKey_LeftArrow) || ui.key(ImGuiKey_DownArrow)) way = -1;
    if (ui.key(ImGuiKey_Home)) value = spec.min;
    if (ui.key(ImGuiKey_End)) value = spec.max;
    if (way != 0) {
      value = slider_value(spec, place + way * step);
      if (value == before && whole(spec)) value = std::clamp(before + way, spec.min, spec.max);
      for (int k = 2; value == before && k < 20; ++k) value = slider_value(spec, place + way * step * k);
    }
  }
  ImDrawList* dl = ui.draw();
  const float x = x0 + static_cast<float>(slider_place(spec, value)) * (x1 - x0);
  dl->AddRectFilled({x0 - 2, y - 2}, {x1 + 2, y + 2}, t.border, 2);
  dl->AddRectFilled({x0 - 2, y - 2}, {x, y + 2}, colour, 2);
  dl->AddCircleFilled({x, y + 1}, r + 1, t.shadow, 20);
  dl->AddCircleFilled({x, y}, r, colour, 20);
  dl->AddCircleFilled({x, y}, r - 2, t.dark ? t.raised : IM_COL32_WHITE, 20);
  if (c.hovered || c.held) dl->AddCircle({x, y}, r + 2.5f, with_alpha(colour, 0.3f), 20, 3);
  return value != before;
}

ParamEdit param_row(Ui& ui, const ParamSpec& spec, double def, double& value, ImVec2 pos, float w) {
  const Theme& t = *ui.theme;
  ParamEdit out;
  const float h = std::max(28.0f, ui.layout.target - 4);
  const std::string id = spec.key;
  if (spec.kind == ParamKind::kBool) {
    if (ui.toggle(id, spec.label, value != 0, pos, w, {})) {
      value = value != 0 ? 0 : 1;
      out.changed = true;
    }
    std::string put;
    double v = 0;
    if (ui.take_value(id, put) && parse_value(spec, put, v) && v != value) {
      value = v;
      out.changed = true;
    }
    ui.tip(spec.label, spec.doc, meta(spec, def));
    out.height = h + 2;
    return out;
  }

  // Label; where the value is not the default, a dot to the left and a way back.
  const float value_w = 92;
  const bool differs = value != def;
  const float label_w = w - value_w - 30;
  if (spec.kind == ParamKind::kChoice) {
    std::vector<Ui::Option> options;
    for (int i = 0; i < choice_count(spec); ++i) {
      const std::string name(choice_name(spec, i));
      std::string shown = name;
      std::replace(shown.begin(), shown.end(), '_', ' ');
      options.push_back({shown, "", name});
    }
    ui.text_fit(ui.fonts.body, {pos.x, pos.y + (h - Ui::line(ui.fonts.body)) / 2}, t.muted, spec.label, w * 0.45f);
    const int chosen = ui.select(id, spec.label, options, static_cast<int>(value), {pos.x + w * 0.47f, pos.y}, w * 0.53f);
    ui.tip(spec.label, spec.doc, meta(spec, def));
    if (chosen != static_cast<int>(value)) {
      value = chosen;
      out.changed = true;
    }
    out.height = std::max(30.0f, ui.layout.target) + 6;
    return out;
  }

  ui.text_fit(ui.fonts.body, {pos.x, pos.y + (h - Ui::line(ui.fonts.body)) / 2}, t.muted, spec.label, label_w);
  const float lw = Ui::width(ui.fonts.body, spec.label);
  if (ImGui::IsMouseHoveringRect(pos, {pos.x + lw, pos.y + h}) && ImGui::IsWindowHovered()) {
    ImGui::SetCursorScreenPos(pos);
    ImGui::Dummy({lw, h});
    ui.tip(spec.label, spec.doc, meta(spec, def));
  }
  if (*spec.unit && lw + 12 + Ui::width(ui.fonts.small, spec.unit) < label_w)
    ui.text(ui.fonts.small, {pos.x + lw + 6, pos.y + (h - Ui::line(ui.fonts.small)) / 2 + 1}, t.muted, spec.unit);
  if (differs && ui.icon_button(id + ".default", icon::kUndo, std::string(spec.label) + ": back to the default, " + value_text(spec, def),
                                {pos.x + w - value_w - 28, pos.y + (h - 24) / 2}, 24)) {
    value = def;
    out.changed = true;
  }
  if (!out.changed &&
      ui.number(id + ".value", std::string(spec.label) + ", value", spec, value, {pos.x + w - value_w, pos.y + 1}, {value_w, h - 2})) {
    out.changed = true;
  }
  out.height = h + 4;
  if (has_slider(spec)) {
    const float sh = ui.host.touch || ui.layout.phone() ? 40.0f : 24.0f;
    if (slider(ui, spec, value, {pos.x - 3, pos.y + h - 1}, {w + 6, sh}, t.accent)) out.changed = true;
    out.height = h + sh + 3;
  }
  return out;
}

ParamEdit list_row(Ui& ui, const ParamSpec& spec, std::vector<double>& list, ImVec2 pos, float w) {
  ParamEdit out;
  const float h = std::max(30.0f, ui.layout.target);
  std::string text;
  for (double v : list) text += (text.empty() ? "" : ", ") + number_text(v);
  ui.text_fit(ui.fonts.body, {pos.x, pos.y + (h - Ui::line(ui.fonts.body)) / 2}, ui.theme->muted, spec.label, w * 0.36f);
  if (ui.text_field(spec.key, spec.label, text, {pos.x + w * 0.38f, pos.y}, {w * 0.62f, h})) {
    std::string plain;
    for (char c : text)
      if (c != ' ') plain += c;
    bool ok = true;
    std::vector<double> read = parse_list(plain, &ok);
    if (ok && read != list) {
      list = std::move(read);
      out.changed = true;
    } else if (!ok) {
      ui.notices.push_back({spec.key, "'" + std::string(spec.key) + "' must be numbers with commas between them, not '" + text + "'."});
    }
  }
  ui.tip(spec.label, spec.doc, "Numbers with commas between them.");
  out.height = h + 6;
  return out;
}

}  // namespace lrlab
