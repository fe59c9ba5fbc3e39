// A CSV file that was opened: its columns are chosen, or it is said why it cannot be used.
#include <algorithm>
#include <cmath>

#include "app/icons.h"
#include "app/panels/panels.h"
#include "app/widgets/board.h"
#include "app/widgets/text.h"
#include "experiment/codec.h"

namespace lrlab {
namespace {

std::string counted(std::size_t n, const char* what) { return grouped(n) + " " + what + (n == 1 ? "" : "s"); }

}  // namespace

void FileDraft::look() {
  error = table.error;
  own = {};
  numbers.clear();
  if (!error.empty()) return;
  for (std::size_t k = 0; k < table.columns; ++k) numbers.push_back(is_numbers(table, choice.header, k));
  own = own_from_table(table, choice, name, error);
}

std::string own_summary(const OwnData& d) {
  std::string s = counted(d.raw.count(), "sample") + ", " + counted(static_cast<std::size_t>(d.raw.features), "input") +
                  ", each brought to mean 0 and deviation 1 over the training part. Learns '" + d.target + "': ";
  if (d.raw.classes == 0) return s + "numbers, brought to mean 0 and deviation 1.";
  for (std::size_t k = 0; k < d.classes.size(); ++k) s += (k ? ", " : "") + printable(d.classes[k], 20);
  return s + ".";
}

float draw_file(Ui& ui) {
  const Theme& t = *ui.theme;
  if (!ui.prefs.file) {
    ui.prefs.dialog = Prefs::Dialog::kNone;
    return 0;
  }
  FileDraft& file = *ui.prefs.file;
  ImDrawList* dl = ui.draw();
  const bool phone = ui.layout.phone();
  dl->AddRectFilled({0, 0}, {ui.layout.w, ui.layout.h}, with_alpha(IM_COL32(8, 10, 18, 255), t.dark ? 0.6f : 0.4f));
  const float b = std::max(32.0f, ui.layout.target), pad = phone ? 14.0f : 22.0f;
  const bool readable = file.table.error.empty();
  const float wanted = readable ? 300 + b * static_cast<float>(std::min<std::size_t>(file.table.columns - 1, 8)) : 210;
  const float w = std::min(540.0f, ui.layout.w - (phone ? 16.0f : 48.0f)), h = std::min(wanted, ui.layout.h - (phone ? 16.0f : 48.0f));
  const ImVec2 p{std::floor((ui.layout.w - w) / 2), std::floor((ui.layout.h - h) / 2)};
  ui.card(p, {w, h}, t.raised);
  const float x = p.x + pad, iw = w - 2 * pad;
  float y = p.y + 14;
  ui.text_fit(ui.fonts.title, {x, y + (b - Ui::line(ui.fonts.title)) / 2}, t.text, file.name, iw - b);
  bool close = ui.icon_button("file.close", icon::kClose, "Close (Esc)", {p.x + w - b - 12, y}, b);
  y += b + 4;
  const float foot = p.y + h - b - 16;
  bool changed = false;
  if (!readable) {
    ui.text(ui.fonts.body, {x, y + 8}, t.bad, icon::kWarning);
    ui.text_wrap(ui.fonts.body, {x + 26, y + 8}, t.text, file.error, iw - 26);
    ui.note("file.error", "alert", file.error, {}, {x, y}, {iw, 40});
  } else {
    const Table& table = file.table;
    y += ui.text_wrap(ui.fonts.small, {x, y}, t.muted,
                      counted(table.rows - (file.choice.header && table.rows > 0 ? 1 : 0), "row") + ", " + counted(table.columns, "column") + ". Nothing of it leaves this machine.", iw) + 8;
    if (ui.toggle("file.header", "The first row has the names", file.choice.header, {x, y}, iw)) {
      file.choice.header = !file.choice.header;
      changed = true;
    }
    y += b + 4;
    std::vector<Ui::Option> columns;
    for (std::size_t k = 0; k < table.columns; ++k) columns.push_back({column_name(table, file.choice, k), ""});
    const float lw = std::min(110.0f, iw * 0.3f), kw = 184;
    ui.text_fit(ui.fonts.body, {x, y + (b - Ui::line(ui.fonts.body)) / 2}, t.muted, "Learn", lw);
    const int target = ui.select("file.target", "Column to learn", columns, file.choice.target, {x + lw, y}, iw - lw - kw - 8);
    if (target != file.choice.target) {
      const bool header = file.choice.header;
      file.choice = suggest(table, target);
      file.choice.header = header;
      changed = true;
    }
    static constexpr const char* kKinds[] = {"as classes", "as numbers"};
    const int kind = ui.segments("file.kind", "Learn it", kKinds, 2, file.choice.classes ? 0 : 1, {x + iw - kw, y}, {kw, b});
    if (kind != (file.choice.classes ? 0 : 1)) {
      file.choice.classes = kind == 0;
      changed = true;
    }
    y += b + 12;
    ui.text(ui.fonts.body, {x, y}, t.muted, "From these inputs");
    y += 24;
    const std::string said = file.error.empty() ? own_summary(*file.own.get()) : file.error;
    const float said_h = Ui::wrap_height(ui.fonts.small, said, iw - 26) + 10;
    if (ui.begin_column("file.columns", {x, y}, {iw + 8, std::max(b, foot - said_h - y - 6)})) {
      const ImVec2 at = ImGui::GetCursorScreenPos();
      float cy = at.y;
      for (std::size_t k = 0; k < table.columns; ++k) {
        if (static_cast<int>(k) == file.choice.target) continue;
        const std::string label = columns[k].label + (file.numbers[k] ? "" : "  (words: cannot be an input)");
        if (ui.toggle("file.input." + std::to_string(k), label, file.choice.input[k], {at.x, cy}, iw - 8) && (file.numbers[k] || file.choice.input[k])) {
          file.choice.input[k] = !file.choice.input[k];
          changed = true;
        }
        cy += b;
      }
      ImGui::SetCursorScreenPos(at);
      ImGui::Dummy({iw - 8, cy - at.y});
    }
    ui.end_column();
    const bool good = file.error.empty();
    ui.text(ui.fonts.body, {x, foot - said_h}, good ? t.good : t.bad, good ? icon::kCheck : icon::kWarning);
    ui.text_wrap(ui.fonts.small, {x + 26, foot - said_h + 2}, t.text, said, iw - 26);
    ui.note(good ? "file.summary" : "file.error", good ? "status" : "alert", said, {}, {x, foot - said_h}, {iw, said_h});
  }
  if (changed) file.look();
  const float bw = std::min(150.0f, (iw - 10) / 2);
  if (readable && ui.button("file.use", icon::kCheck, "Use these", {x + iw - bw, foot}, {bw, b}, Look::kFilled, {}, file.error.empty())) {
    set_own(ui, file.own);
    close = true;
  }
  if (ui.button("file.cancel", nullptr, readable ? "Cancel" : "Close", {readable ? x + iw - 2 * bw - 10 : x + iw - bw, foot}, {bw, b}, Look::kOutlined)) close = true;
  if (ui.key(ImGuiKey_Escape, false)) close = true;
  if (close) {
    ui.prefs.dialog = Prefs::Dialog::kNone;
    ui.prefs.file.reset();
  }
  return 0;
}

}  // namespace lrlab
