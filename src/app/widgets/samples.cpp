#include "app/widgets/samples.h"

#include <algorithm>
#include <cmath>

#include "app/views.h"
#include "app/widgets/field.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {

std::string class_name(const Config& c, int k) {
  const OwnData* own = c.own_data();
  return own && static_cast<std::size_t>(k) < own->classes.size() ? printable(own->classes[static_cast<std::size_t>(k)], 24) : std::to_string(k);
}

void draw_misread(Ui& ui, std::size_t lane, const FieldImage& f, ImVec2 pos, ImVec2 size) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  const Data& data = *ui.session.lane(lane).trainer().problem().data;
  const Config& config = ui.session.lane(lane).spec().config;
  const std::string title = f.misread.empty() ? "Every test sample is read right" : grouped(f.misread.size()) + " of " + grouped(static_cast<std::uint64_t>(f.confusion_total)) + " misread";
  const float head = ui.text_wrap(ui.fonts.bold, pos, t.text, title, size.x);
  ui.note("picture.misread.list", "list", title, {}, pos, size);
  const float top = pos.y + head + 6, bottom = pos.y + size.y;
  const int side = static_cast<int>(std::lround(std::sqrt(static_cast<double>(data.features))));
  const bool image = side * side == data.features && side >= 4 && !config.standardize();
  const auto at = [&](std::size_t feature, std::size_t i) {
    return static_cast<double>(data.test.x.row(feature)[i]) * data.deviation[feature] + data.mean[feature];
  };
  if (image) {
    const float cell = 5, w = cell * static_cast<float>(side), gap = 12, label = 17;
    const int columns = std::max(1, static_cast<int>((size.x + gap) / (w + gap)));
    for (std::size_t k = 0; k < f.misread.size(); ++k) {
      const FieldImage::Miss& m = f.misread[k];
      const ImVec2 p{pos.x + static_cast<float>(static_cast<int>(k) % columns) * (w + gap), top + static_cast<float>(static_cast<int>(k) / columns) * (w + label + 10)};
      if (p.y + w + label > bottom) break;
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
          const float ink = static_cast<float>(at(static_cast<std::size_t>(y * side + x), m.index));
          dl->AddRectFilled({p.x + cell * static_cast<float>(x), p.y + cell * static_cast<float>(y)}, {p.x + cell * static_cast<float>(x + 1), p.y + cell * static_cast<float>(y + 1)},
                            mix(t.sunken, t.text, std::clamp(ink, 0.0f, 1.0f)));
        }
      const std::string is = class_name(config, m.is), said = class_name(config, m.said), arrow = " \xE2\x86\x92 ";
      const float tw = Ui::width(ui.fonts.small, is + arrow + said), x = p.x + (w - tw) / 2;
      ui.text(ui.fonts.small, {x, p.y + w + 1}, t.muted, is + arrow);
      ui.text(ui.fonts.small, {x + Ui::width(ui.fonts.small, is + arrow), p.y + w + 1}, t.bad, said);
      if (ImGui::IsMouseHoveringRect(p, {p.x + w, p.y + w}) && ImGui::IsWindowHovered())
        ui.tip_at({p.x, p.y + w + 18}, "A " + is + ", taken for a " + said, "Test sample " + std::to_string(m.index + 1) + ".");
    }
    return;
  }
  float y = top;
  for (const FieldImage::Miss& m : f.misread) {
    if (y + 38 > bottom) break;
    std::string values;
    for (std::size_t k = 0; k < static_cast<std::size_t>(data.features) && k < 8; ++k) values += (k ? ", " : "") + short_number(at(k, m.index));
    const std::string is = class_name(config, m.is) + " \xE2\x86\x92 ";
    ui.text(ui.fonts.body, {pos.x, y}, t.text, is);
    ui.text_fit(ui.fonts.body, {pos.x + Ui::width(ui.fonts.body, is), y}, t.bad, class_name(config, m.said), size.x - Ui::width(ui.fonts.body, is));
    ui.text_fit(ui.fonts.small, {pos.x, y + 18}, t.muted, values, size.x);
    y += 42;
  }
}

void draw_scatter(Ui& ui, const FieldImage& f, ImVec2 pos, float s) {
  const Theme& t = *ui.theme;
  ImDrawList* dl = ui.draw();
  dl->AddRectFilled(pos, {pos.x + s, pos.y + s}, t.sunken, 8);
  float low = 1e30f, high = -1e30f;
  for (const FieldImage::Answer& a : f.answers) low = std::min(low, a.is), high = std::max(high, a.is);
  if (!(high > low)) high = low + 1;
  const float air = 0.15f * (high - low);
  low -= air, high += air;
  const auto at = [&](float is, float said) {
    return ImVec2{pos.x + s * (is - low) / (high - low), pos.y + s * (high - std::clamp(said, low, high)) / (high - low)};
  };
  dl->PushClipRect(pos, {pos.x + s, pos.y + s}, true);
  dl->AddLine(at(low, low), at(high, high), t.border_strong, 1.5f);
  for (const FieldImage::Answer& a : f.answers)
    if (!a.test || ui.prefs.test_points) dot(ui, dl, at(a.is, a.said), 3.2f, with_alpha(a.test ? t.text : t.accent, 0.8f), a.test ? 2 : 0);
  dl->PopClipRect();
}

}  // namespace lrlab
