#include "app/widgets/field.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "app/views.h"
#include "app/widgets/board.h"

namespace lrlab {
namespace {

constexpr double kPeriod = 0.05;  // seconds between two pictures of one lane
constexpr double kShare = 0.005;  // seconds of a frame for all of them

std::uint64_t mark(const std::vector<Real>& theta) {
  std::uint64_t h = theta.size();
  const std::size_t stride = std::max<std::size_t>(1, theta.size() / 16);
  for (std::size_t i = 0; i < theta.size(); i += stride) h = h * 1099511628211ull ^ std::bit_cast<std::uint32_t>(static_cast<float>(theta[i]));
  return h;
}

bool all_finite(const std::vector<Real>& v) {
  return std::all_of(v.begin(), v.end(), [](Real x) { return x * 0 == 0; });
}

// The smallest square around all samples, with some air.
void bounds(const Lane& lane, Point2& low, Point2& high) {
  const Data& d = *lane.trainer().problem().data;
  if (on_board(lane.spec().config)) {  // whatever is on it
    low = {-kBoard, -kBoard};
    high = {kBoard, kBoard};
    return;
  }
  double lo[2] = {1e300, 1e300}, hi[2] = {-1e300, -1e300};
  for (const Part* part : {&d.train, &d.test})
    for (std::size_t r = 0; r < std::min<std::size_t>(2, part->x.rows); ++r)
      for (std::size_t i = 0; i < part->count(); ++i) {
        const double v = static_cast<double>(part->x.row(r)[i]);
        lo[r] = std::min(lo[r], v);
        hi[r] = std::max(hi[r], v);
      }
  const double half = 0.56 * std::max(hi[0] - lo[0], hi[1] - lo[1]) + 1e-6;
  low = {(lo[0] + hi[0]) / 2 - half, (lo[1] + hi[1]) / 2 - half};
  high = {(lo[0] + hi[0]) / 2 + half, (lo[1] + hi[1]) / 2 + half};
}

// The network's outputs at many points, chunk by chunk; done(i, out, ld) gets each chunk.
template <class Fill, class Done>
void forward_all(const Mlp& mlp, Workspace& work, const Real* theta, std::size_t count, Fill fill, Done done) {
  const std::size_t ld = kMaxChunk + 16, rows = static_cast<std::size_t>(mlp.inputs());
  std::vector<Real> x(rows * ld);
  for (std::size_t first = 0; first < count; first += kMaxChunk) {
    const std::size_t m = std::min(kMaxChunk, count - first);
    for (std::size_t i = 0; i < m; ++i) fill(first + i, x.data() + i, ld);
    mlp.forward(theta, {x.data(), ld}, m, work);
    done(first, m, work.a.back().data(), work.ld);
  }
}

// The output as a number in [−1, 1] (two classes, regression) for the colours.
struct Reading {
  int classes, outputs;
  bool logits, zero_one;
  double middle = 0, half = 1;  // regression: of the targets

  explicit Reading(const Problem& p) : classes(p.data->classes), outputs(p.data->outputs) {
    const std::string_view loss = p.loss->id;
    logits = loss == "bce" || loss == "cross_entropy";
    zero_one = p.loss->negative == 0 && !logits;
    if (classes == 0) {
      double lo = 1e300, hi = -1e300;
      for (Real y : p.data->train.y) lo = std::min(lo, static_cast<double>(y)), hi = std::max(hi, static_cast<double>(y));
      middle = (lo + hi) / 2;
      half = std::max(1e-9, (hi - lo) / 2);
    }
  }
  double operator()(const Real* out, std::size_t ld) const {
    const double a = static_cast<double>(out[0]);
    if (classes == 0) return (a - middle) / half;
    if (outputs == 1) return logits ? std::tanh(a / 2) : zero_one ? 2 * a - 1 : a;
    const double b = static_cast<double>(out[ld]);
    return logits ? std::tanh((b - a) / 2) : b - a;
  }
  int winner(const Real* out, std::size_t ld) const {
    if (outputs == 1) return (*this)(out, ld) > 0 ? 1 : 0;
    int best = 0;
    for (int o = 1; o < outputs; ++o)
      if (out[static_cast<std::size_t>(o) * ld] > out[static_cast<std::size_t>(best) * ld]) best = o;
    return best;
  }
};

// Adds the segments where the value is `level`.
void find_border(FieldImage& f, float level) {
  const int w = f.nx + 1;
  for (int y = 0; y < f.ny; ++y)
    for (int x = 0; x < f.nx; ++x) {
      const std::size_t at = static_cast<std::size_t>(y * w + x), below = at + static_cast<std::size_t>(w);
      const float v[4] = {f.value[at] - level, f.value[at + 1] - level, f.value[below + 1] - level, f.value[below] - level};
      static constexpr int kX[4] = {0, 1, 1, 0}, kY[4] = {0, 0, 1, 1};
      ImVec2 cut[4];
      int n = 0;
      for (int k = 0; k < 4; ++k) {
        const float a = v[k], b = v[(k + 1) & 3];
        if ((a > 0) == (b > 0)) continue;
        const float u = a / (a - b);
        cut[n++] = {(static_cast<float>(x) + static_cast<float>(kX[k]) + u * static_cast<float>(kX[(k + 1) & 3] - kX[k])) / static_cast<float>(f.nx),
                    (static_cast<float>(y) + static_cast<float>(kY[k]) + u * static_cast<float>(kY[(k + 1) & 3] - kY[k])) / static_cast<float>(f.ny)};
      }
      for (int k = 0; k + 1 < n; k += 2) {
        f.border.push_back(cut[k]);
        f.border.push_back(cut[k + 1]);
      }
    }
}

void make_plane(FieldImage& f, const Lane& lane, const Problem& p, Workspace& work, const Real* theta, const Theme& t) {
  bounds(lane, f.low, f.high);
  const int w = f.nx + 1, h = f.ny + 1;
  f.value.resize(static_cast<std::size_t>(w * h));
  f.colour.resize(static_cast<std::size_t>(w * h));
  const Reading read(p);
  const bool many = read.classes > 2;
  forward_all(
      p.mlp, work, theta, f.value.size(),
      [&](std::size_t i, Real* x, std::size_t ld) {
        const double u = static_cast<double>(static_cast<int>(i) % w) / f.nx, v = static_cast<double>(static_cast<int>(i) / w) / f.ny;
        x[0] = static_cast<Real>(f.low.x + u * (f.high.x - f.low.x));
        x[ld] = static_cast<Real>(f.high.y - v * (f.high.y - f.low.y));
      },
      [&](std::size_t first, std::size_t m, const Real* out, std::size_t ld) {
        for (std::size_t i = 0; i < m; ++i) {
          const double v = read(out + i, ld);
          f.value[first + i] = std::isfinite(v) ? static_cast<float>(v) : 0.0f;
          f.colour[first + i] = many ? mix(t.card, class_colour(t, read.winner(out + i, ld), read.classes), 0.5f)
                                     : signed_colour(t, f.value[first + i]);
        }
      });
  f.border.clear();
  if (read.classes == 2) find_border(f, 0);
}

void make_curve(FieldImage& f, const Lane& lane, const Problem& p, Workspace& work, const Real* theta) {
  bounds(lane, f.low, f.high);
  f.curve.resize(static_cast<std::size_t>(f.nx + 1));
  const Reading read(p);  // samples stand at the number of their class, so the curve does too
  forward_all(
      p.mlp, work, theta, f.curve.size(),
      [&](std::size_t i, Real* x, std::size_t) {
        x[0] = static_cast<Real>(f.low.x + (f.high.x - f.low.x) * static_cast<double>(i) / f.nx);
      },
      [&](std::size_t first, std::size_t m, const Real* out, std::size_t ld) {
        for (std::size_t i = 0; i < m; ++i)
          f.curve[first + i] = read.classes == 0   ? static_cast<float>(out[i])
                               : read.classes == 2 ? static_cast<float>((read(out + i, ld) + 1) / 2)
                                                   : static_cast<float>(read.winner(out + i, ld));
      });
}

// Which samples the network gets wrong; of the test part also what it takes for what.
void judge(FieldImage& f, const Problem& p, Workspace& work, const Real* theta) {
  const Reading read(p);
  if (read.classes == 0) return;
  f.confusion.assign(static_cast<std::size_t>(read.classes * read.classes), 0);
  f.confusion_total = 0;
  f.misread.clear();
  for (const Part* part : {&p.data->train, &p.data->test}) {
    const bool test = part == &p.data->test;
    std::vector<bool>& wrong = test ? f.wrong_test : f.wrong_train;
    wrong.assign(part->count(), false);
    for (std::size_t first = 0; first < part->count(); first += kMaxChunk) {
      const std::size_t m = std::min(kMaxChunk, part->count() - first);
      p.mlp.forward(theta, {part->x.row(0) + first, part->x.ld}, m, work);
      const Real* out = work.a.back().data();
      for (std::size_t i = 0; i < m; ++i) {
        const int is = static_cast<int>(part->y[first + i]), said = read.winner(out + i, work.ld);
        wrong[first + i] = is != said;
        if (!test || is < 0 || is >= read.classes || said >= read.classes) continue;
        ++f.confusion[static_cast<std::size_t>(is * read.classes + said)];
        ++f.confusion_total;
        if (is != said) f.misread.push_back({first + i, is, said});
      }
    }
  }
}

void make_scatter(FieldImage& f, const Problem& p, Workspace& work, const Real* theta) {
  f.answers.clear();
  for (const Part* part : {&p.data->train, &p.data->test}) {
    const bool test = part == &p.data->test;
    forward_all(
        p.mlp, work, theta, std::min<std::size_t>(part->count(), 600),
        [&](std::size_t i, Real* x, std::size_t ld) {
          for (std::size_t r = 0; r < part->x.rows; ++r) x[r * ld] = part->x.row(r)[i];
        },
        [&](std::size_t first, std::size_t m, const Real* out, std::size_t) {
          for (std::size_t i = 0; i < m; ++i) f.answers.push_back({static_cast<float>(part->y[first + i]), static_cast<float>(out[i]), test});
        });
  }
}

void make_surface(FieldImage& f, const Problem& p, const Theme& t) {
  const SurfaceInfo& s = *p.surface;
  f.low = s.low;
  f.high = s.high;
  std::vector<double> v;
  for (int y = 0; y <= f.ny; ++y)
    for (int x = 0; x <= f.nx; ++x)
      v.push_back(s.eval({f.low.x + (f.high.x - f.low.x) * x / f.nx, f.high.y - (f.high.y - f.low.y) * y / f.ny}, p.surface_params).value);
  shade(f, std::move(v), t);
}

}  // namespace

void shade(FieldImage& f, std::vector<double> v, const Theme& t) {
  double low = 1e300, high = -1e300;
  for (double value : v)
    if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  const double eps = std::max(1e-12, (high - low) * 1e-4);
  f.value.resize(v.size());
  f.colour.resize(v.size());
  f.height.resize(v.size());
  const double top = std::log((high - low) / eps + 1);
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double u = std::isfinite(v[i]) ? std::log((v[i] - low) / eps + 1) / std::max(top, 1e-9) : 1;
    f.value[i] = static_cast<float>(u);
    // As a relief the colours' scale would dig a trench along every valley: a gentler one.
    f.height[i] = static_cast<float>(std::isfinite(v[i]) ? std::log1p((v[i] - low) / (high - low + 1e-300) * 60) / std::log1p(60.0) : 1);
    f.colour[i] = scale_colour(static_cast<float>(1 - u) * 0.92f);
    if (t.dark) f.colour[i] = mix(f.colour[i], t.card, 0.15f);
  }
  f.raw = std::move(v);
  f.border.clear();
  for (int k = 1; k < 10; ++k) find_border(f, static_cast<float>(k) / 10);
}

FieldKind field_kind(const Problem& p) {
  if (p.surface) return FieldKind::kSurface;
  if (p.mlp.inputs() == 1) return FieldKind::kCurve;
  if (p.mlp.inputs() == 2) return FieldKind::kPlane;
  return p.data->classes == 0 ? FieldKind::kScatter : FieldKind::kConfusion;
}

FieldImage plane_of(const Lane& lane) {
  FieldImage f;
  bounds(lane, f.low, f.high);
  return f;
}

// Always to another place than before: so what is drawn there differs, and is painted again (repaint.h).
void put_on_sheet(Ui& ui, FieldImage& f) {
  if (!ui.host.sheet.put || std::max(f.nx, f.ny) >= Sheet::kPlace) {
    f.place = -1;
    return;
  }
  bool taken[Sheet::kColumns * Sheet::kRows] = {};
  for (const FieldImage& other : ui.cache.field)
    if (other.place >= 0) taken[other.place] = true;
  f.place = static_cast<int>(std::find(std::begin(taken), std::end(taken), false) - std::begin(taken));
  ui.host.sheet.put(f.place % Sheet::kColumns * Sheet::kPlace, f.place / Sheet::kColumns * Sheet::kPlace, f.nx + 1, f.ny + 1, f.colour.data());
}

const FieldImage& lane_field(Ui& ui, std::size_t i, int cells) {
  Cache& c = ui.cache;
  if (c.field.size() < ui.session.lanes()) c.field.resize(ui.session.lanes());
  FieldImage& f = c.field[i];
  const Trainer& trainer = shown(ui.session.lane(i));
  const Problem& p = trainer.problem();
  const FieldKind kind = field_kind(p);
  const int n = kind == FieldKind::kCurve ? 160 : kind == FieldKind::kSurface ? 96 : cells;
  const bool stays = kind == FieldKind::kSurface;
  const std::uint64_t weights = stays ? 0 : mark(trainer.theta());
  const bool same_shape = f.problem == &p && f.nx == n && f.dark == ui.theme->dark;
  if (same_shape && (stays || (f.step == trainer.state().step && f.weights == weights))) return f;
  // A new problem is drawn at once; a moved one when there is time. Of several the pictures take turns:
  // painting them all costs a software GPU more than all else in a frame.
  const std::size_t lanes = ui.session.lanes(), turns = lanes > 5 ? 3 : lanes > 1 ? 2 : 1;
  const bool turn = (i + static_cast<std::size_t>(ImGui::GetFrameCount())) % turns == 0;
  if (same_shape && (!turn || ui.time - f.time < kPeriod || c.field_spent > kShare)) {
    ui.moving = true;
    return f;
  }
  const double start = ui.host.now();
  const bool reset = f.problem != &p;
  f.problem = &p;
  f.step = trainer.state().step;
  f.weights = weights;
  f.dark = ui.theme->dark;
  f.time = ui.time;
  f.nx = f.ny = n;
  if (stays) {
    make_surface(f, p, *ui.theme);
  } else {
    const std::vector<Real> theta = trainer.eval_theta();
    f.finite = all_finite(theta);
    if (f.finite || reset) {
      Workspace work = p.mlp.workspace();
      std::vector<Real> calm = theta;
      if (!f.finite) std::fill(calm.begin(), calm.end(), Real(0));
      if (kind == FieldKind::kPlane) make_plane(f, ui.session.lane(i), p, work, calm.data(), *ui.theme);
      if (kind == FieldKind::kCurve) make_curve(f, ui.session.lane(i), p, work, calm.data());
      if (kind == FieldKind::kScatter) make_scatter(f, p, work, calm.data());
      judge(f, p, work, calm.data());
    }
  }
  if (kind == FieldKind::kPlane || kind == FieldKind::kSurface) put_on_sheet(ui, f);
  c.field_spent += ui.host.now() - start;
  return f;
}

void draw_field(Ui& ui, const FieldImage& f, ImVec2 pos, ImVec2 size) {
  if (f.place < 0) return draw_mesh(ui.draw(), pos, size, f.nx, f.ny, f.colour);
  const float x = static_cast<float>(f.place % Sheet::kColumns * Sheet::kPlace) + 0.5f, y = static_cast<float>(f.place / Sheet::kColumns * Sheet::kPlace) + 0.5f;
  ui.draw()->AddImage(ui.host.sheet.texture, pos, {pos.x + size.x, pos.y + size.y}, {x / Sheet::kWidth, y / Sheet::kHeight},
                      {(x + static_cast<float>(f.nx)) / Sheet::kWidth, (y + static_cast<float>(f.ny)) / Sheet::kHeight});
}

void draw_mesh(ImDrawList* dl, ImVec2 pos, ImVec2 size, int nx, int ny, const std::vector<ImU32>& colour) {
  if (nx < 1 || ny < 1 || colour.size() != static_cast<std::size_t>((nx + 1) * (ny + 1))) return;
  const ImVec2 uv = ImGui::GetDrawListSharedData() ? ImGui::GetFontTexUvWhitePixel() : ImVec2();
  dl->PrimReserve(nx * ny * 6, (nx + 1) * (ny + 1));
  const unsigned base = dl->_VtxCurrentIdx;
  for (int y = 0; y <= ny; ++y)
    for (int x = 0; x <= nx; ++x)
      dl->PrimWriteVtx({pos.x + size.x * static_cast<float>(x) / static_cast<float>(nx), pos.y + size.y * static_cast<float>(y) / static_cast<float>(ny)},
                       uv, colour[static_cast<std::size_t>(y * (nx + 1) + x)]);
  const unsigned w = static_cast<unsigned>(nx + 1);
  for (unsigned y = 0; y < static_cast<unsigned>(ny); ++y)
    for (unsigned x = 0; x < static_cast<unsigned>(nx); ++x) {
      const unsigned a = base + y * w + x;
      for (unsigned i : {a, a + 1, a + w + 1, a, a + w + 1, a + w}) dl->PrimWriteIdx(i);
    }
}

void round_corners(ImDrawList* dl, ImVec2 p, ImVec2 s, float r, ImU32 ground) {
  const ImVec2 corner[4] = {p, {p.x + s.x, p.y}, {p.x + s.x, p.y + s.y}, {p.x, p.y + s.y}};
  const float sx[4] = {1, -1, -1, 1}, sy[4] = {1, 1, -1, -1};
  for (int k = 0; k < 4; ++k) {
    const ImVec2 c{corner[k].x + sx[k] * r, corner[k].y + sy[k] * r};
    constexpr int kArc = 8;
    ImVec2 previous{corner[k].x, c.y};
    for (int i = 1; i <= kArc; ++i) {
      const float a = 1.5707963f * static_cast<float>(i) / kArc;
      const ImVec2 next{c.x - sx[k] * r * std::cos(a), c.y - sy[k] * r * std::sin(a)};
      if (k % 2 == 0)
        dl->AddTriangleFilled(corner[k], next, previous, ground);
      else
        dl->AddTriangleFilled(corner[k], previous, next, ground);
      previous = next;
    }
  }
}

void dot(Ui& ui, ImDrawList* dl, ImVec2 c, float r, ImU32 colour, int shape) {
  static constexpr ImWchar kGlyph[] = {0x25CF, 0x25A0, 0x25CB, 0x25B2, 0x25A1};
  const ImFontGlyph* g = ui.fonts.body->FindGlyph(kGlyph[shape]);
  if (!g) return;
  const float ratio = (g->Y1 - g->Y0) / std::max(1e-3f, g->X1 - g->X0);
  if (shape == 1 || shape == 4) r *= 0.88f;
  dl->PrimReserve(6, 4);
  dl->PrimRectUV({c.x - r, c.y - r * ratio}, {c.x + r, c.y + r * ratio}, {g->U0, g->V0}, {g->U1, g->V1}, colour);
}

}  // namespace lrlab
