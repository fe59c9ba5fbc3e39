#!/usr/bin/python3
"""Makes the program's fonts and src/app/icons.h. Their outputs are committed; run this only to change them.

    apt-get install python3-fonttools python3-shapely python3-pil fonts-inter     (Debian 12)
    /usr/bin/python3 assets/fonts/make_fonts.py [--inter DIR] [--sheet FILE.png]

lrlab-sans-regular.ttf, lrlab-sans-semibold.ttf
    Inter, reduced to the characters below, as quadratic outlines for stb_truetype, renamed (see README.md).
    '0'..'9' are Inter's tabular figures, so that a changing number does not jitter.
icons.ttf
    Drawn here from strokes, in the private use area from U+E000.

--inter   folder with Inter-Regular.otf and Inter-SemiBold.otf
--sheet   also draw every glyph into a PNG, to look at
"""
import argparse
import math
import pathlib

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box
from shapely.ops import unary_union

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EPOCH = 3786912000  # 2024-01-01 in the font clock: the same input gives the same bytes

# ---------------------------------------------------------------- text faces

CHARACTERS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "\u00a0©«°±²³µ·¹»½×÷"
    + "ÀÁÂÄÅÆÇÈÉÊËÍÎÑÓÔÖØÚÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"
    + "ćčęğıŁłńřŚśŞşŠšŷŽž"
    + "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθικλμνξπρστφχψω"
    + "\u2007‐–—‖‘’“”†•…′″"
    + "⁰⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉ₜ"
    + "←↑→↓↔↵⇒∂∆∇∈∑−√∞≈≠≤≥⋅"
    + "■□▲▶▼◀○●⚠✓✗"
)


def draw_missing(src, upright):
    """Outlines for characters Inter lacks, made from its own glyphs: {character: (advance, draw(pen))}."""
    cmap, glyphs, advances = src.getBestCmap(), src.getGlyphSet(), src["hmtx"].metrics
    delta, cap = cmap[0x394], src["OS/2"].sCapHeight

    def nabla(pen):  # the capital delta turned upside down
        glyphs[delta].draw(TransformPen(pen, (1, 0, 0, -1, 0, cap)))

    def dot(pen):  # the middle dot, raised to the mathematical axis, where the minus lies
        glyphs[cmap[0xB7]].draw(TransformPen(pen, (1, 0, 0, 1, 0, axis - middle(0xB7))))

    def middle(code):
        bounds = BoundsPen(glyphs)
        glyphs[cmap[code]].draw(bounds)
        return (bounds.bounds[1] + bounds.bounds[3]) / 2

    axis = middle(0x2212)

    def element(pen):  # a half ring with three arms
        radius, half = cap * 0.36, upright / 2
        ring = Point(0, 0).buffer(radius + half, 16) - Point(0, 0).buffer(radius - half, 16)
        arms = [box(0, y - half, radius * 0.95, y + half) for y in (-radius, radius)]
        arms.append(box(-radius, -half, radius * 0.95, half))
        shape = unary_union([ring & box(-2 * radius, -2 * radius, 0, 2 * radius), *arms])
        trace(shape, TransformPen(pen, (1, 0, 0, 1, radius + half + 200, axis)))

    found = {"∇": (advances[delta][0], nabla), "⋅": (advances[cmap[0xB7]][0], dot),
             "∈": (round(cap * 0.36 * 1.95 + upright / 2 + 400), element)}
    return {c: v for c, v in found.items() if ord(c) not in cmap}


def make_text_face(source, target, style, weight):
    src = TTFont(source)
    cmap = dict(src.getBestCmap())

    # Inter's tabular figures are what its feature `tnum` puts in the place of '0'..'9'.
    gsub = src["GSUB"].table
    tnum = {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for sub in gsub.LookupList.Lookup[index].SubTable:
                    tnum.update(getattr(sub, "ExtSubTable", sub).mapping)
    for digit in "0123456789":
        cmap[ord(digit)] = tnum[cmap[ord(digit)]]

    glyphs, upm = src.getGlyphSet(), src["head"].unitsPerEm
    stem = BoundsPen(glyphs)
    glyphs[cmap[0x2212]].draw(stem)  # the minus: the weight of mathematical strokes
    extra = draw_missing(src, stem.bounds[3] - stem.bounds[1])

    order, outlines, metrics, codes = [".notdef"], {}, {}, {}

    def add(name, advance, draw):
        tt = TTGlyphPen(None)
        draw(Cu2QuPen(tt, max_err=upm / 2000, reverse_direction=True))
        outlines[name] = tt.glyph()
        metrics[name] = (advance, getattr(outlines[name], "xMin", 0))

    add(".notdef", src["hmtx"][".notdef"][0], glyphs[".notdef"].draw)
    absent = []
    for char in sorted(set(CHARACTERS)):
        if ord(char) in cmap:
            old = cmap[ord(char)]
            advance, draw = src["hmtx"][old][0], glyphs[old].draw
        elif char in extra:
            advance, draw = extra[char]
        else:
            absent.append(char)
            continue
        name = f"uni{ord(char):04X}"
        add(name, advance, draw)
        order.append(name)
        codes[ord(char)] = name

    # Inter's tabular figures differ by a unit or three in some weights (rounding): give all the commonest width.
    figures = [codes[ord(d)] for d in "0123456789"]
    widths = [metrics[f][0] for f in figures]
    width = max(set(widths), key=widths.count)
    assert max(abs(w - width) for w in widths) <= upm / 500, f"figures are not tabular: {widths}"
    for name in figures + [codes[0x2007]]:  # and the figure space
        metrics[name] = (width, metrics[name][1])

    fb = FontBuilder(upm, isTTF=True)
    fb.setupGlyphOrder(order)
    fb.setupCharacterMap(codes)
    fb.setupGlyf(outlines)
    for name in order:  # xMin exists only now
        metrics[name] = (metrics[name][0], getattr(fb.font["glyf"][name], "xMin", 0))
    fb.setupHorizontalMetrics(metrics)
    hhea, os2 = src["hhea"], src["OS/2"]
    fb.setupHorizontalHeader(ascent=hhea.ascent, descent=hhea.descent, lineGap=0)
    fb.setupOS2(usWeightClass=weight, sTypoAscender=hhea.ascent, sTypoDescender=hhea.descent, sTypoLineGap=0,
                usWinAscent=hhea.ascent, usWinDescent=-hhea.descent, sxHeight=os2.sxHeight,
                sCapHeight=os2.sCapHeight, achVendID="NONE")
    set_names(fb, "LRLab Sans", style, src["name"].getDebugName(0),
              f"Modified from Inter {src['name'].getDebugName(5)}: fewer characters, tabular figures, TrueType outlines.")
    finish(fb, target)
    print(f"{target.name}: {len(order)} glyphs, {target.stat().st_size} bytes, figures {width}/{upm} wide, "
          f"drawn here: {' '.join(sorted(extra))}, absent: {' '.join(absent) or 'none'}")


def set_names(fb, family, style, copyright_line, description):
    """Windows names only: a second copy of each for other platforms buys nothing here."""
    fb.setupNameTable({
        "copyright": copyright_line,
        "familyName": family,
        "styleName": style,
        "uniqueFontIdentifier": f"{family} {style} 1.0",
        "fullName": f"{family} {style}",
        "version": "Version 1.000",
        "psName": f"{family.replace(' ', '')}-{style.replace(' ', '')}",
        "description": description,
        "licenseDescription": "This Font Software is licensed under the SIL Open Font License, Version 1.1 (OFL.txt).",
        "licenseInfoURL": "https://openfontlicense.org",
    }, mac=False)


def finish(fb, target):
    fb.setupPost(keepGlyphNames=False)
    fb.font["head"].created = fb.font["head"].modified = EPOCH
    fb.font.recalcTimestamp = False
    fb.save(target)


# ---------------------------------------------------------------- outlines of shapes

SEGMENTS = 16  # of a quarter circle


def trace(shape, pen):
    """Draws a shapely shape: straight where it is straight, quadratic curves where its points follow an arc."""
    for polygon in shape.geoms if isinstance(shape, MultiPolygon) else [shape]:
        for ring, clockwise in [(polygon.exterior, False)] + [(r, True) for r in polygon.interiors]:
            points = list(ring.simplify(ring.length * 1e-6).coords)[:-1]
            if ring.is_ccw == clockwise:
                points.reverse()
            trace_ring(points, pen)
            pen.closePath()


def trace_ring(points, pen):
    n = len(points)

    def edge(i):
        (x0, y0), (x1, y1) = points[i % n], points[(i + 1) % n]
        return math.hypot(x1 - x0, y1 - y0), math.atan2(y1 - y0, x1 - x0)

    def turn(i):  # at point i
        return (edge(i)[1] - edge(i - 1)[1] + math.pi) % (2 * math.pi) - math.pi

    limit = 2.2 * math.pi / 2 / SEGMENTS

    def smooth(i):  # is point i inside an arc (and not a corner or the end of a straight line)?
        a, b = edge(i - 1)[0], edge(i)[0]
        return 1e-3 < abs(turn(i)) < limit and max(a, b) < 4.0 * min(a, b) + 1e-9

    start = next((i for i in range(n) if not smooth(i)), 0)
    pen.moveTo(points[start])
    i = start
    while i < start + n:
        j = i + 1
        while j < start + n and smooth(j) and (j == i + 1 or turn(j) * turn(j - 1) > 0):
            j += 1
        run = [points[k % n] for k in range(i, j + 1)]
        if len(run) < 4:
            for p in run[1:]:
                pen.lineTo(p)
        else:
            trace_arc(run, pen)
        i = j


def trace_arc(run, pen):
    """Quadratics through a run of points on a smooth curve, each turning by 45 degrees at most."""
    def tangent(k):  # of the circle through three neighbours
        k1 = min(max(k, 1), len(run) - 2)
        (ax, ay), (bx, by), (cx, cy) = run[k1 - 1], run[k1], run[k1 + 1]
        d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
        a2, b2, c2 = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
        ux = (a2 * (by - cy) + b2 * (cy - ay) + c2 * (ay - by)) / d
        uy = (a2 * (cx - bx) + b2 * (ax - cx) + c2 * (bx - ax)) / d
        tx, ty = -(run[k][1] - uy), run[k][0] - ux
        if tx * (cx - ax) + ty * (cy - ay) < 0:
            tx, ty = -tx, -ty
        return tx, ty

    turned = [0.0]
    for k in range(1, len(run)):
        (x0, y0), (x1, y1) = tangent(k - 1), tangent(k)
        turned.append(turned[-1] + abs(math.atan2(x0 * y1 - y0 * x1, x0 * x1 + y0 * y1)))
    pieces = max(1, math.ceil(turned[-1] / math.radians(45) - 0.05))
    knots = [0] + [min(range(len(run)), key=lambda k, s=s: abs(turned[k] - turned[-1] * s / pieces))
                   for s in range(1, pieces)] + [len(run) - 1]
    for a, b in zip(knots, knots[1:]):
        (px, py), (qx, qy) = run[a], run[b]
        (tx, ty), (sx, sy) = tangent(a), tangent(b)
        cross = tx * sy - ty * sx
        if abs(cross) < 1e-6 * math.hypot(tx, ty) * math.hypot(sx, sy):
            pen.lineTo(run[b])
            continue
        u = ((qx - px) * sy - (qy - py) * sx) / cross
        pen.qCurveTo((px + u * tx, py + u * ty), (qx, qy))


# ---------------------------------------------------------------- icons
# The em is Dear ImGui's line box of LRLab Sans (ascent : descent = 0.8 : 0.2 of the line), so loaded or merged at
# the same pixel size an icon is that many pixels square and its centre lies at half the capitals' height.
# Drawn on a 16 x 16 grid, x right, y down: at 16 px one unit is one pixel.

STROKE = 1.5
H = STROKE / 2


def line(*points, width=STROKE):
    return LineString(points).buffer(width / 2, SEGMENTS, cap_style=1, join_style=1)


def loop(*points, width=STROKE):
    return LineString([*points, points[0], points[1]]).buffer(width / 2, SEGMENTS, join_style=1)


def disc(x, y, r):
    return Point(x, y).buffer(r, SEGMENTS)


def ring(x, y, r, width=STROKE):
    return disc(x, y, r + width / 2) - disc(x, y, r - width / 2)


def at(x, y, r, degrees):
    """A point on a circle; degrees run clockwise from the right."""
    a = math.radians(degrees)
    return x + r * math.cos(a), y + r * math.sin(a)


def arc(x, y, r, start, end, width=STROKE, caps=True):
    """A stroke along a circle, clockwise from start to end (degrees, end > start)."""
    steps = max(2, math.ceil((end - start) / 30))
    fan = [at(x, y, 4 * r, start + (end - start) * k / steps) for k in range(steps + 1)]
    band = ring(x, y, r, width) & Polygon([(x, y), *fan])
    ends = [disc(*at(x, y, r, d), width / 2) for d in (start, end)] if caps else []
    return unary_union([band, *ends])


def solid(*points, r=H):
    """A filled polygon with rounded corners; the points are where its sharp corners would be."""
    return Polygon(points).buffer(-r, join_style=2).buffer(r, SEGMENTS)


def frame(x0, y0, x1, y1, r=1.5, width=STROKE):
    """The outline of a rounded rectangle, its stroke centred on the given sides."""
    h = width / 2
    outer = box(x0 + r, y0 + r, x1 - r, y1 - r).buffer(r + h, SEGMENTS)
    inner = box(x0 + r, y0 + r, x1 - r, y1 - r).buffer(r - h, SEGMENTS) if r > h else box(x0 + h, y0 + h, x1 - h, y1 - h)
    return outer - inner


def slab(x0, y0, x1, y1, r=0.75):
    return box(x0 + r, y0 + r, x1 - r, y1 - r).buffer(r, SEGMENTS)


def mirror(shape):
    return affinity.scale(shape, -1, 1, origin=(8, 8))


def turned(shape, degrees):
    return affinity.rotate(shape, degrees, origin=(8, 8))


def join(*shapes):
    return unary_union(shapes)


def lids():
    r, rise = 7.6, 3.75  # two arcs that meet left and right
    c = r - rise
    lens = disc(8, 8 + c, r) & disc(8, 8 - c, r)
    return lens.buffer(H, SEGMENTS) - (disc(8, 8 + c, r - H) & disc(8, 8 - c, r - H))


def eye():
    return join(lids(), disc(8, 8, 1.9))


def eye_off():
    slash = LineString([(2.75, 2.5), (13.25, 13.5)])
    return join(lids() - slash.buffer(H + 0.9, SEGMENTS, cap_style=2), line(*slash.coords))


def moon():
    body = disc(7.9, 8.1, 6.15) - disc(11.0, 4.7, 5.0)
    body = body.buffer(-0.35, SEGMENTS).buffer(0.35, SEGMENTS)
    return body - body.buffer(-STROKE, SEGMENTS)


def sun():
    rays = [line(at(8, 8, 5.6, a), at(8, 8, 6.6, a)) for a in range(0, 360, 45)]
    return join(ring(8, 8, 2.75), *rays)


def undo():
    return join(line((5.75, 2.5), (2.5, 5.75), (5.75, 9)), line((2.5, 5.75), (9.5, 5.75)),
                arc(9.5, 9.5, 3.75, -90, 90), line((9.5, 13.25), (6, 13.25)))


def reset():
    tip = at(8, 8.25, 5.5, 205)
    return join(arc(8, 8.25, 5.5, 205, 505), line((2.75, 2.6), (tip[0] - 0.25, tip[1]), (6.6, 5.95)))


def pin():
    return join(line((5, 2.25), (11, 2.25)), line((6.1, 2.25), (6.1, 6.4), (4, 9.75), (12, 9.75), (9.9, 6.4), (9.9, 2.25)),
                line((8, 9.75), (8, 14.25)))


def duplicate():
    front = frame(5.75, 5.75, 13.75, 13.75, 1.75)
    back = frame(2.25, 2.25, 10.25, 10.25, 1.75)
    return join(front, back - box(5.75 - H, 5.75 - H, 16, 16).buffer(0.9))


def settings():
    rows = [(3.5, 10.75), (8, 5.25), (12.5, 9.25)]
    parts = []
    for y, x in rows:
        gap = disc(x, y, 1.9 + 0.6)
        parts += [line((2, y), (14, y)) - gap, disc(x, y, 1.9)]
    return join(*parts)


def share():
    return join(line((5, 6.75), (3, 6.75), (3, 14), (13, 14), (13, 6.75), (11, 6.75)),
                line((8, 9.75), (8, 1.75)), line((5, 4.75), (8, 1.75), (11, 4.75)))


def arrow_down():
    return join(line((8, 2), (8, 10)), line((4.5, 6.75), (8, 10.25), (11.5, 6.75)))


def tray():
    return line((2.25, 10.75), (2.25, 13.75), (13.75, 13.75), (13.75, 10.75))


def download():
    return join(arrow_down(), tray())


def upload():
    return join(line((8, 10), (8, 2)), line((4.5, 5.5), (8, 2), (11.5, 5.5)), tray())


def help_():
    mark = join(arc(8, 6.35, 1.95, 190, 405), line(at(8, 6.35, 1.95, 45), (8, 9.1)), disc(8, 11.35, 0.95))
    return join(ring(8, 8, 6.25), mark)


def info():
    return join(ring(8, 8, 6.25), line((8, 7.75), (8, 11.25)), disc(8, 4.9, 0.95))


def warning():
    return join(loop((8, 2.25), (14.25, 13.25), (1.75, 13.25)), line((8, 6.5), (8, 9)), disc(8, 11.25, 0.9))


def corner(x, y, dx, dy):
    return line((x + dx, y), (x, y), (x, y + dy))


def maximise():
    a, b, d = 2.5, 13.5, 3.25
    return join(corner(a, a, d, d), corner(b, a, -d, d), corner(a, b, d, -d), corner(b, b, -d, -d))


def minimise():
    a, b, d = 5.75, 10.25, 3.25
    return join(corner(a, a, -d, -d), corner(b, a, d, -d), corner(a, b, -d, d), corner(b, b, d, d))


def flag():
    return join(line((3.5, 2), (3.5, 14.25)),
                loop((3.5, 2.75), (13, 2.75), (10.75, 6), (13, 9.25), (3.5, 9.25)))


def fork():
    nodes = [(4.25, 3.5), (4.25, 12.5), (11.75, 3.5)]
    stem = line((4.25, 3.5), (4.25, 12.5))
    branch = join(line((11.75, 3.5), (11.75, 5.5)), arc(9.25, 5.5, 2.5, 0, 90), line((9.25, 8), (6.75, 8)),
                  arc(6.75, 10.5, 2.5, 180, 270))
    lines = join(stem, branch) - join(*[disc(x, y, 1.75) for x, y in nodes])
    return join(lines, *[ring(x, y, 1.75) for x, y in nodes])


def pencil():
    return join(loop((2.5, 13.5), (3.2, 10.3), (11, 2.5), (13.5, 5), (5.7, 12.8)), line((8.9, 4.6), (11.4, 7.1)))


def target():
    return join(ring(8, 8, 6.25), ring(8, 8, 3.1), disc(8, 8, 0.95))


def chart():
    loss = [(5 + 8.5 * k / 24, 10.6 - 7.6 * math.exp(-4.2 * k / 24)) for k in range(25)]
    return join(line((2.25, 2.25), (2.25, 13.75), (13.75, 13.75)), line(*loss))


def lock():
    body = frame(3.25, 7.25, 12.75, 13.75, 1.5)
    shackle = join(arc(8, 5.25, 3, 180, 360, caps=False), box(4.25, 5.25, 5.75, 7.25), box(10.25, 5.25, 11.75, 7.25))
    return join(body, shackle, line((8, 10), (8, 11)))


def dice():
    pips = [(5.25, 5.25), (10.75, 5.25), (8, 8), (5.25, 10.75), (10.75, 10.75)]
    return join(frame(2.25, 2.25, 13.75, 13.75, 2.25), *[disc(x, y, 1.0) for x, y in pips])


def book():
    return join(loop((8, 4), (6.5, 2.75), (1.75, 2.75), (1.75, 12.5), (6.5, 12.5), (8, 13.75), (9.5, 12.5), (14.25, 12.5),
                     (14.25, 2.75), (9.5, 2.75)), line((8, 4), (8, 13.5)))


def trash():
    return join(line((2.5, 4), (13.5, 4)), line((6, 4), (6, 1.9), (10, 1.9), (10, 4)),
                line((3.9, 4), (4.6, 14.1), (11.4, 14.1), (12.1, 4)), line((6.6, 7), (6.8, 11)), line((9.4, 7), (9.2, 11)))


def link():
    half = join(line((7.25, 4.75), (4.5, 4.75)), arc(4.5, 8, 3.25, 90, 270), line((4.5, 11.25), (7.25, 11.25)))
    return turned(join(half, mirror(half), line((5.75, 8), (10.25, 8))), -45)


# The order is the code: append, never insert.
ICONS = [
    ("play", lambda: solid((4.25, 1.6), (14.6, 8), (4.25, 14.4), r=0.9)),
    ("pause", lambda: join(slab(3.5, 2.5, 6.5, 13.5), slab(9.5, 2.5, 12.5, 13.5))),
    ("step", lambda: join(solid((2.75, 1.9), (12, 8), (2.75, 14.1), r=0.9), slab(11.75, 2.5, 13.5, 13.5))),
    ("reset", reset),
    ("undo", undo),
    ("redo", lambda: mirror(undo())),
    ("plus", lambda: join(line((8, 2.75), (8, 13.25)), line((2.75, 8), (13.25, 8)))),
    ("minus", lambda: line((2.75, 8), (13.25, 8))),
    ("close", lambda: join(line((3.5, 3.5), (12.5, 12.5)), line((12.5, 3.5), (3.5, 12.5)))),
    ("pin", pin),
    ("eye", eye),
    ("eye_off", eye_off),
    ("duplicate", duplicate),
    ("menu", lambda: join(*[line((2.25, y), (13.75, y)) for y in (3.5, 8, 12.5)])),
    ("settings", settings),
    ("share", share),
    ("help", help_),
    ("maximise", maximise),
    ("sun", sun),
    ("moon", moon),
    ("download", download),
    ("upload", upload),
    ("flag", flag),
    ("fork", fork),
    ("pencil", pencil),
    ("target", target),
    ("chart", chart),
    ("info", info),
    ("warning", warning),
    ("check", lambda: line((2.5, 8.5), (6.25, 12.25), (13.5, 4.25))),
    ("chevron_left", lambda: line((10, 3.25), (5.25, 8), (10, 12.75))),
    ("chevron_right", lambda: line((6, 3.25), (10.75, 8), (6, 12.75))),
    ("chevron_up", lambda: line((3.25, 10), (8, 5.25), (12.75, 10))),
    ("chevron_down", lambda: line((3.25, 6), (8, 10.75), (12.75, 6))),
    ("lock", lock),
    ("dice", dice),
    ("minimise", minimise),
    ("book", book),
    ("trash", trash),
    ("link", link),
]
FIRST = 0xE000
EM, ASCENT, DESCENT = 1000, 800, -200


def make_icons(target):
    unit = EM / 16
    order, outlines, metrics, codes = [".notdef"], {}, {}, {}
    shapes = [(".notdef", frame(2.25, 2.25, 13.75, 13.75))] + [(name, make()) for name, make in ICONS]
    for index, (name, shape) in enumerate(shapes):
        tt = TTGlyphPen(None)
        trace(shape, TransformPen(tt, (unit, 0, 0, -unit, 0, ASCENT)))
        outlines[name] = tt.glyph()
        if index:
            order.append(name)
            codes[FIRST + index - 1] = name
    fb = FontBuilder(EM, isTTF=True)
    fb.setupGlyphOrder(order)
    fb.setupCharacterMap(codes)
    fb.setupGlyf(outlines)
    for name in order:
        metrics[name] = (EM, fb.font["glyf"][name].xMin)
    fb.setupHorizontalMetrics(metrics)
    fb.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    fb.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT, sTypoLineGap=0, usWinAscent=ASCENT, usWinDescent=-DESCENT,
                achVendID="NONE")
    fb.setupNameTable({"copyright": "Copyright the Learning Rate Lab authors. MIT licence.", "familyName": "LRLab Icons",
                       "styleName": "Regular", "uniqueFontIdentifier": "LRLab Icons 1.0", "fullName": "LRLab Icons",
                       "version": "Version 1.000", "psName": "LRLabIcons-Regular"}, mac=False)
    finish(fb, target)
    print(f"{target.name}: {len(ICONS)} icons, {target.stat().st_size} bytes")


def make_header(target):
    def utf8(code):
        return "".join(f"\\x{b:02X}" for b in chr(code).encode())

    def constant(name):
        return "k" + "".join(part.capitalize() for part in name.split("_"))

    rows = []
    for index, (name, _) in enumerate(ICONS):
        rows.append(f'inline constexpr const char* {constant(name)} = "{utf8(FIRST + index)}";')
    rows = "\n".join(rows)
    target.write_text(f"""\
// The icons of assets/fonts/icons.ttf as UTF-8 strings, written by assets/fonts/make_fonts.py:
// change them there.
//
// Load the font at the pixel size of the text face (merged or on its own): an icon then is a square
// of that size, centred on the capitals. A literal cannot be pasted to a constant: format them,
// as in "%s %s", kPlay, "Run".
#pragma once

namespace lrlab::icon {{

// For ImFontAtlas::AddFontFromMemory...: {{kFirst, kLast, 0}}, as ImWchar.
inline constexpr unsigned short kFirst = 0x{FIRST:04X};
inline constexpr unsigned short kLast = 0x{FIRST + len(ICONS) - 1:04X};

{rows}

}}  // namespace lrlab::icon
""")


# ---------------------------------------------------------------- a picture of everything

def make_sheet(target):
    from PIL import Image, ImageDraw, ImageFont
    icons = "".join(chr(FIRST + i) for i in range(len(ICONS)))
    picture = Image.new("RGB", (1300, 1150), "#14171c")
    draw = ImageDraw.Draw(picture)
    label = ImageFont.truetype(str(HERE / "lrlab-sans-regular.ttf"), 12)
    for i, (name, _) in enumerate(ICONS):
        x, y = 20 + (i % 10) * 128, 20 + (i // 10) * 118
        draw.rectangle((x, y, x + 80, y + 80), outline="#2a2f38")
        draw.text((x, y), icons[i], font=ImageFont.truetype(str(HERE / "icons.ttf"), 80), fill="#e8eaed")
        draw.text((x, y + 86), name, font=label, fill="#9aa0a6")
    y = 500
    for size in (16, 20, 32):
        font = ImageFont.truetype(str(HERE / "icons.ttf"), size)
        for i, c in enumerate(icons):
            per = 1260 // (size + 12)
            draw.text((20 + (i % per) * (size + 12), y + (i // per) * (size + 8)), c, font=font, fill="#e8eaed")
        y += (1 + (len(icons) - 1) // (1260 // (size + 12))) * (size + 8) + 12
    for style in ("regular", "semibold"):
        font = ImageFont.truetype(str(HERE / f"lrlab-sans-{style}.ttf"), 20)
        chars = sorted(set(CHARACTERS))
        for k in range(0, len(chars), 75):
            draw.text((20, y), "".join(chars[k:k + 75]), font=font, fill="#e8eaed")
            y += 28
        draw.text((20, y), "0.00030\u20070.11111  ∇L(θ) = ∂L/∂θ   θ ← θ − α·∇L   x ∈ Σ   2/λ ≈ 1e−3", font=font, fill="#8ab4f8")
        y += 40
    picture.save(target)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inter", type=pathlib.Path, default=pathlib.Path("/usr/share/fonts/opentype/inter"))
    parser.add_argument("--sheet", type=pathlib.Path)
    args = parser.parse_args()
    make_text_face(args.inter / "Inter-Regular.otf", HERE / "lrlab-sans-regular.ttf", "Regular", 400)
    make_text_face(args.inter / "Inter-SemiBold.otf", HERE / "lrlab-sans-semibold.ttf", "SemiBold", 600)
    make_icons(HERE / "icons.ttf")
    make_header(ROOT / "src/app/icons.h")
    if args.sheet:
        make_sheet(args.sheet)
