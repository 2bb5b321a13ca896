"""Plots as SVG, drawn by hand: bars for programs beside each other, lines for growth."""

import math
from html import escape

COLORS = ["#1b6ca8", "#d1495b", "#66a182", "#8d6a9f", "#7f7f7f"]
FONT = "font-family='sans-serif' font-size='12' fill='#222'"


def page(width, height, title, parts):
    """A drawing on white, since the text is dark."""
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' role='img'>"
    body = [f"<title>{escape(title)}</title>", f"<rect width='{width}' height='{height}' fill='#fff'/>", *parts]
    return head + "\n" + "\n".join(body) + "\n</svg>\n"


def text(x, y, words, anchor="start", more=""):
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' {FONT} {more}>{escape(words)}</text>"


def seconds(value):
    """As people write it."""
    if value < 0.001:
        return f"{value * 1e6:.0f} µs"
    if value < 0.1:
        return f"{value * 1e3:.1f} ms"
    return f"{value * 1e3:.0f} ms" if value < 1 else f"{value:.2f} s"


def bars(title, rows):
    """A bar for each (name, seconds)."""
    left, wide, step = 210, 380, 26
    most = max(value for _, value in rows)
    parts = [text(10, 22, title, more="font-weight='bold'")]
    for at, (name, value) in enumerate(rows):
        y, color = 38 + at * step, COLORS[0 if name.startswith("optlint") else 4]
        parts.append(text(left - 8, y + 13, name, "end"))
        parts.append(f"<rect x='{left}' y='{y}' width='{max(wide * value / most, 1):.1f}' height='18' fill='{color}'/>")
        parts.append(text(left + wide * value / most + 6, y + 13, seconds(value)))
    return page(left + wide + 90, 50 + step * len(rows), title, parts)


def ticks(least, most):
    """Powers of ten that frame what is to be seen."""
    return [10.0**power for power in range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)]


def growth(title, unit, series):
    """Points of (n, seconds) for each name, both axes logarithmic: what grows linearly rises at 45 degrees at its end.

    `series`: name → (points, fitted line or None).
    """
    left, top, wide, high = 70, 40, 520, 300
    points = [point for one, _ in series.values() for point in one]
    across = ticks(min(n for n, _ in points), max(n for n, _ in points))
    along = ticks(min(s for _, s in points), max(s for _, s in points))

    def x(n):
        return left + wide * math.log10(n / across[0]) / math.log10(across[-1] / across[0])

    def y(value):
        return top + high - high * math.log10(value / along[0]) / math.log10(along[-1] / along[0])

    parts = [text(10, 22, title, more="font-weight='bold'")]
    for n in across:
        parts.append(f"<line x1='{x(n):.1f}' x2='{x(n):.1f}' y1='{top}' y2='{top + high}' stroke='#ddd'/>")
        parts.append(text(x(n), top + high + 18, f"{n:,.0f}", "middle"))
    for value in along:
        parts.append(f"<line x1='{left}' x2='{left + wide}' y1='{y(value):.1f}' y2='{y(value):.1f}' stroke='#ddd'/>")
        parts.append(text(left - 6, y(value) + 4, seconds(value), "end"))
    parts.append(text(left + wide / 2, top + high + 36, unit, "middle"))
    for at, (name, (found, fit)) in enumerate(series.items()):
        color = COLORS[at % len(COLORS)]
        if fit:
            steps = [across[0] * (found[-1][0] / across[0]) ** (part / 60) for part in range(61)]
            steps = [n for n in steps if n >= found[0][0] and along[0] <= fit["start"] + fit["slope"] * n <= along[-1]]
            way = " ".join(f"{x(n):.1f},{y(fit['start'] + fit['slope'] * n):.1f}" for n in steps)
            parts.append(f"<polyline points='{way}' fill='none' stroke='{color}' stroke-dasharray='4 3'/>")
        parts += [f"<circle cx='{x(n):.1f}' cy='{y(s):.1f}' r='3.5' fill='{color}'/>" for n, s in found]
        parts.append(f"<circle cx='{left + 14}' cy='{top + 14 + 18 * at}' r='3.5' fill='{color}'/>")
        parts.append(text(left + 24, top + 18 + 18 * at, name + (" (dashed: the line fitted)" if fit else "")))
    return page(left + wide + 30, top + high + 50, title, parts)
