#!/usr/bin/env python3
"""Pictures of real output: python3 docs/screenshots.py OPTLINT [--check]

Runs the commands below in this repository and writes what they say in colour as SVG into
docs/screenshots/; with --check it fails if a picture there is another.
"""

import re
import subprocess
import sys
from html import escape
from pathlib import Path
from unicodedata import combining

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = "fixtures/configurations/sample"
PICTURES = {
    "secret": ["check", "--format", "pretty", "--select", "inline-registration-shared-secret", SAMPLE],
    "element": ["check", "--format", "pretty", "--select", "element-shares-homeserver-origin", SAMPLE],
    "vhosts": ["vhosts"],
}
COLOURS = {31: "#f47067", 32: "#57ab5a", 33: "#daaa3f", 34: "#539bf5", 35: "#b083f0", 36: "#56d4dd"}
WIDTH, HEIGHT, MARGIN = 8.43, 18, 16


def spans(line, style):
    """Text with the style that holds for it; `style` goes on to the next line."""
    for part in re.split(r"(\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07))", line):
        if part.startswith("\x1b]"):
            continue
        if part.startswith("\x1b["):
            for code in (int(code or 0) for code in part[2:-1].split(";")):
                if code == 0:
                    style.clear()
                elif code == 1:
                    style["font-weight"] = "bold"
                elif code == 2:
                    style["opacity"] = "0.6"
                elif code == 4:
                    style["text-decoration"] = "underline"
                elif code % 60 in COLOURS:
                    style["fill"] = COLOURS[code % 60]
        elif part:
            yield part, dict(style)


def svg(command, output):
    style, rows = {}, [[(f"$ {command}", {"font-weight": "bold"})]]
    rows += [list(spans(line, style)) for line in output.rstrip("\n").split("\n")]
    columns = max(sum(len(text) for text, _ in row) for row in rows)
    width, height = round(columns * WIDTH + 2 * MARGIN), len(rows) * HEIGHT + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f"<title>{escape(command)}</title>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#22272e"/>',
        '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" fill="#cdd9e5" xml:space="preserve">',
    ]
    for number, row in enumerate(rows):
        column = 0
        for text, style in row:
            size = sum(not combining(c) for c in text)
            if text.strip():
                looks = "".join(f' {name}="{value}"' for name, value in style.items())
                x, y = round(MARGIN + column * WIDTH, 2), MARGIN + number * HEIGHT + 13
                length = round(size * WIDTH, 2)
                lines.append(f'<text x="{x}" y="{y}" textLength="{length}"{looks}>{escape(text)}</text>')
            column += size
    return "\n".join(lines + ["</g>", "</svg>"]) + "\n"


def main(program, check=False):
    folder = ROOT / "docs/screenshots"
    folder.mkdir(exist_ok=True)
    stale = []
    for name, args in PICTURES.items():
        run = [str(Path(program).resolve()), "--color", "always", *args]
        done = subprocess.run(run, cwd=ROOT if SAMPLE in args else ROOT / SAMPLE, env={}, capture_output=True, text=True, encoding="utf-8")
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr)
        picture = svg("optlint " + " ".join(args).replace("--format pretty ", ""), done.stdout)
        path = folder / f"{name}.svg"
        if not check:
            path.write_text(picture, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != picture:
            stale.append(path.name)
    if stale:
        raise SystemExit(f"stale: {', '.join(stale)}: python3 docs/screenshots.py {program}")


if __name__ == "__main__":
    main(sys.argv[1], "--check" in sys.argv[2:])
