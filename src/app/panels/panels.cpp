#include "app/panels/panels.h"

namespace lrlab {

std::span<const Panel> panels() { return {}; }

void draw_page(Ui& ui) { ui.text(ui.fonts.title, {20, 20}, ui.theme->text, "Learning Rate Lab"); }

}  // namespace lrlab
