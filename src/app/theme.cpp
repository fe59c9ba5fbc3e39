#include "app/theme.h"

#include <implot.h>

#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "core/assets.h"

namespace lrlab {
namespace {

constexpr ImU32 rgb(unsigned hex, unsigned alpha = 255) {
  return IM_COL32((hex >> 16) & 255, (hex >> 8) & 255, hex & 255, alpha);
}

constexpr Theme kLight = {
    .dark = false,
    .page = rgb(0xF4F5F8),
    .card = rgb(0xFFFFFF),
    .sunken = rgb(0xF1F2F6),
    .raised = rgb(0xFFFFFF),
    .border = rgb(0xE2E4EB),
    .border_strong = rgb(0xC3C7D2),
    .text = rgb(0x14171F),
    .muted = rgb(0x565D6D),
    .faint = rgb(0xA6ACBA),
    .accent = rgb(0x4B45DB),
    .accent_hover = rgb(0x3D37C4),
    .on_accent = rgb(0xFFFFFF),
    .accent_soft = rgb(0xECEBFD),
    .hover = rgb(0x14171F, 12),
    .press = rgb(0x14171F, 24),
    .good = rgb(0x0A7250),
    .warn = rgb(0x8A5300),
    .bad = rgb(0xB93A0B),
    .good_soft = rgb(0xE5F5EF),
    .warn_soft = rgb(0xFCF2DF),
    .bad_soft = rgb(0xFDEBE3),
    .shadow = rgb(0x1A2140, 20),
    .lane = {rgb(0x0072B2), rgb(0x009E73), rgb(0xD55E00), rgb(0xB55A8C), rgb(0xC17E00), rgb(0x2C93CF),
             rgb(0x8C7D00), rgb(0x5A5F6B)},
    .positive = rgb(0x6A3FB5),
    .negative = rgb(0xE07B12),
    .neutral = rgb(0xF7F6F8),
};

constexpr Theme kDark = {
    .dark = true,
    .page = rgb(0x0E1016),
    .card = rgb(0x171A22),
    .sunken = rgb(0x11141B),
    .raised = rgb(0x20242E),
    .border = rgb(0x282D39),
    .border_strong = rgb(0x474E5E),
    .text = rgb(0xECEEF4),
    .muted = rgb(0xA2A9B9),
    .faint = rgb(0x5F6778),
    .accent = rgb(0x8C88FF),
    .accent_hover = rgb(0xA5A2FF),
    .on_accent = rgb(0x0F1020),
    .accent_soft = rgb(0x272848),
    .hover = rgb(0xFFFFFF, 14),
    .press = rgb(0xFFFFFF, 26),
    .good = rgb(0x4FD1A5),
    .warn = rgb(0xF2BF5E),
    .bad = rgb(0xFF9164),
    .good_soft = rgb(0x12302A),
    .warn_soft = rgb(0x33290F),
    .bad_soft = rgb(0x3A2015),
    .shadow = rgb(0x000000, 70),
    .lane = {rgb(0x4AA8E0), rgb(0x1FC08F), rgb(0xF0793A), rgb(0xDC92BB), rgb(0xE9A820), rgb(0x8CCBF2),
             rgb(0xE8DC4E), rgb(0xA9B0BF)},
    .positive = rgb(0x9B78E8),
    .negative = rgb(0xF09A3E),
    .neutral = rgb(0x1C1F29),
};

ImVec4 vec(ImU32 c) { return ImGui::ColorConvertU32ToFloat4(c); }

}  // namespace

const Theme& theme_of(bool dark) { return dark ? kDark : kLight; }

ImU32 mix(ImU32 a, ImU32 b, float t) {
  ImU32 out = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const float x = static_cast<float>((a >> shift) & 255), y = static_cast<float>((b >> shift) & 255);
    out |= static_cast<ImU32>(x + (y - x) * t + 0.5f) << shift;
  }
  return out;
}

ImU32 with_alpha(ImU32 colour, float alpha) {
  const float a = static_cast<float>(colour >> IM_COL32_A_SHIFT) * std::clamp(alpha, 0.0f, 1.0f);
  return (colour & ~IM_COL32_A_MASK) | (static_cast<ImU32>(a + 0.5f) << IM_COL32_A_SHIFT);
}

ImU32 lane_colour(const Theme& theme, int index) { return theme.lane[static_cast<unsigned>(index) & 7u]; }

ImU32 signed_colour(const Theme& theme, float v) {
  v = std::clamp(v, -1.0f, 1.0f);
  return mix(theme.neutral, v < 0 ? theme.negative : theme.positive, std::abs(v) * (theme.dark ? 0.72f : 0.66f));
}

ImU32 scale_colour(float t) {
  static constexpr ImU32 kStops[] = {rgb(0x440154), rgb(0x472D7B), rgb(0x3B528B), rgb(0x2C728E), rgb(0x21918C),
                                     rgb(0x28AE80), rgb(0x5EC962), rgb(0xADDC30), rgb(0xFDE725)};
  t = std::clamp(t, 0.0f, 1.0f) * 8;
  const int i = std::min(7, static_cast<int>(t));
  return mix(kStops[i], kStops[i + 1], t - static_cast<float>(i));
}

ImU32 class_colour(const Theme& theme, int k, int n) {
  if (n <= 2) return k == 0 ? theme.negative : theme.positive;
  static constexpr ImU32 kMany[] = {rgb(0xE07B12), rgb(0x6A3FB5), rgb(0x0E8A8A), rgb(0xC2477F), rgb(0x4E7BD0),
                                    rgb(0x7C8A12), rgb(0x8A5A3C), rgb(0x2F9E4F), rgb(0xB03A3A), rgb(0x6B7280)};
  return theme.dark ? mix(kMany[k % 10], IM_COL32_WHITE, 0.25f) : kMany[k % 10];
}

Fonts make_fonts(float ui_scale) {
  static constexpr ImWchar kText[] = {0x20,   0x17E,  0x393,  0x3C9,  0x2007, 0x209C,
                                      0x2190, 0x22C5, 0x25A0, 0x25CF, 0x26A0, 0x2717, 0};
  static constexpr ImWchar kNumber[] = {0x20, 0x7E, 0xB0, 0xD7, 0x2070, 0x2099, 0x2212, 0x2212, 0};
  static constexpr ImWchar kIcons[] = {icon::kFirst, icon::kLast, 0};

  ImGuiIO& io = ImGui::GetIO();
  io.Fonts->Clear();
  io.Fonts->Flags |= ImFontAtlasFlags_NoMouseCursors;
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  config.OversampleH = ui_scale >= 1.5f ? 1 : 2;
  config.PixelSnapH = false;

  const auto add = [&](const lrlab_assets::Blob& blob, float size, const ImWchar* ranges) {
    const float pixels = std::round(size * ui_scale);
    return io.Fonts->AddFontFromMemoryTTF(const_cast<unsigned char*>(blob.data), static_cast<int>(blob.size), pixels,
                                          &config, ranges);
  };
  const auto with_icons = [&](const lrlab_assets::Blob& blob, float size) {
    ImFont* font = add(blob, size, kText);
    config.MergeMode = true;
    add(lrlab_assets::icons, size, kIcons);
    config.MergeMode = false;
    return font;
  };
  Fonts fonts;
  fonts.body = with_icons(lrlab_assets::lrlab_sans_regular, kBodySize);
  fonts.bold = with_icons(lrlab_assets::lrlab_sans_semibold, kBodySize);
  fonts.small = with_icons(lrlab_assets::lrlab_sans_regular, kSmallSize);
  fonts.title = add(lrlab_assets::lrlab_sans_semibold, kTitleSize, kText);
  fonts.hero = add(lrlab_assets::lrlab_sans_semibold, kHeroSize, kNumber);
  io.FontGlobalScale = 1 / ui_scale;
  io.FontDefault = fonts.body;
  return fonts;
}

void apply_theme(const Theme& t) {
  ImGuiStyle& s = ImGui::GetStyle();
  s = ImGuiStyle();
  s.WindowPadding = {0, 0};
  s.WindowBorderSize = 0;
  s.WindowRounding = 0;
  s.ChildRounding = kRadius;
  s.ChildBorderSize = 0;
  s.PopupRounding = kRadius;
  s.PopupBorderSize = 1;
  s.FrameRounding = kSoft;
  s.FramePadding = {8, 5};
  s.ItemSpacing = {8, 8};
  s.ItemInnerSpacing = {6, 4};
  s.ScrollbarSize = 8;
  s.ScrollbarRounding = 4;
  s.GrabRounding = 4;
  s.MouseCursorScale = 1;
  s.AntiAliasedLinesUseTex = true;
  s.CircleTessellationMaxError = 0.25f;
  s.HoverStationaryDelay = 0.12f;
  s.HoverDelayShort = 0.12f;
  s.HoverDelayNormal = 0.35f;

  ImVec4* c = s.Colors;
  c[ImGuiCol_Text] = vec(t.text);
  c[ImGuiCol_TextDisabled] = vec(t.muted);
  c[ImGuiCol_WindowBg] = vec(t.page);
  c[ImGuiCol_ChildBg] = ImVec4(0, 0, 0, 0);
  c[ImGuiCol_PopupBg] = vec(t.raised);
  c[ImGuiCol_Border] = vec(t.border);
  c[ImGuiCol_FrameBg] = vec(t.sunken);
  c[ImGuiCol_FrameBgHovered] = vec(t.sunken);
  c[ImGuiCol_FrameBgActive] = vec(t.sunken);
  c[ImGuiCol_ScrollbarBg] = ImVec4(0, 0, 0, 0);
  c[ImGuiCol_ScrollbarGrab] = vec(with_alpha(t.faint, 0.45f));
  c[ImGuiCol_ScrollbarGrabHovered] = vec(with_alpha(t.faint, 0.8f));
  c[ImGuiCol_ScrollbarGrabActive] = vec(t.faint);
  c[ImGuiCol_TextSelectedBg] = vec(with_alpha(t.accent, 0.3f));
  c[ImGuiCol_NavHighlight] = ImVec4(0, 0, 0, 0);
  c[ImGuiCol_ModalWindowDimBg] = vec(with_alpha(IM_COL32(10, 12, 20, 255), 0.45f));

  ImPlotStyle& p = ImPlot::GetStyle();
  p = ImPlotStyle();
  p.LineWeight = 1.75f;
  p.PlotBorderSize = 0;
  p.PlotPadding = {0, 6};
  p.LabelPadding = {6, 4};
  p.MinorAlpha = 0;
  p.MajorTickLen = {0, 0};
  p.MinorTickLen = {0, 0};
  p.MajorGridSize = {1, 1};
  p.FitPadding = {0, 0.06f};
  p.PlotMinSize = {40, 30};
  p.MousePosPadding = {6, 6};
  ImVec4* pc = p.Colors;
  pc[ImPlotCol_FrameBg] = ImVec4(0, 0, 0, 0);
  pc[ImPlotCol_PlotBg] = ImVec4(0, 0, 0, 0);
  pc[ImPlotCol_PlotBorder] = vec(t.border);
  pc[ImPlotCol_AxisText] = vec(t.muted);
  pc[ImPlotCol_AxisGrid] = vec(t.border);
  pc[ImPlotCol_AxisTick] = vec(t.border_strong);
  pc[ImPlotCol_AxisBg] = ImVec4(0, 0, 0, 0);
  pc[ImPlotCol_AxisBgHovered] = vec(t.hover);
  pc[ImPlotCol_AxisBgActive] = vec(t.press);
  pc[ImPlotCol_Selection] = vec(t.accent);
  pc[ImPlotCol_Crosshairs] = vec(with_alpha(t.muted, 0.6f));
  pc[ImPlotCol_InlayText] = vec(t.muted);
}

}  // namespace lrlab
