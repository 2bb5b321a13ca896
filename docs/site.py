#!/usr/bin/env python3
"""Builds the site: python3 docs/site.py OUTPUT [MDBOOK]

Lays README.md, docs/ and the rules' pages out for mdBook, with a table of contents that is made
here, builds them into OUTPUT, and follows every link and anchor within the result.
Without MDBOOK: `mdbook`; with `-`: nothing is built, the sources are laid out in OUTPUT.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent

# The order of the pages; a document that stands in no part is an error.
PARTS = {
    "Use": ["start", "recipes", "faq", "fixes", "suppressing", "settings", "output", "cli"],
    "Where it runs": ["hooks", "ci", "editors"],
    "What it knows": ["evaluation", "bridge", "comparison"],
    "Inside": ["writing-rules", "architecture", "development", "dependencies"],
}
# Documents that others add beside these; they are listed where they are.
OPTIONAL = {"What it knows": ["screenshots", "performance", "security"]}


def title(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            return line[2:].replace("`", "")
    raise SystemExit(f"{path}: no title")


def rule_pages():
    """Pages of rules by category, each with its place in the repository."""
    found = {}
    for line in (ROOT / "docs/rules.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            category = line[3:]
        elif match := re.match(r"\| \[([^]]+)\]\(\.\./([^)]+)\)", line):
            found.setdefault(category, []).append((match[1], match[2]))
    return found


def summary():
    """The table of contents, and the files in it."""
    lines, files = ["# Summary", "", "[optlint](index.md)"], ["README.md"]

    def chapter(depth, name, path):
        lines.append(f"{'  ' * depth}- [{name}]({path})")
        files.append(path)

    for part, names in PARTS.items():
        lines += ["", f"# {part}", ""]
        for name in names + [n for n in OPTIONAL.get(part, []) if (ROOT / f"docs/{n}.md").exists()]:
            chapter(0, title(ROOT / f"docs/{name}.md"), f"docs/{name}.md")
    for decision in sorted((ROOT / "docs/decisions").glob("*.md")):
        chapter(1, title(decision), f"docs/decisions/{decision.name}")
    lines += ["", "# Rules", ""]
    chapter(0, "All rules", "docs/rules.md")
    for category, pages in rule_pages().items():
        lines.append(f"- [{category}]()")
        for name, path in pages:
            chapter(1, name, path)
    return "\n".join(lines) + "\n", files


def lay_out(folder):
    text, files = summary()
    forgotten = {str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")} - set(files)
    if forgotten:
        raise SystemExit(f"docs/site.py: in no part: {', '.join(sorted(forgotten))}")
    for name in files:
        target = folder / name.replace("README", "index")
        target.parent.mkdir(parents=True, exist_ok=True)
        page = (ROOT / name).read_text(encoding="utf-8")
        target.write_text(links_out(page, Path(name)), encoding="utf-8")
    for extra in ["docs/schemas", "docs/screenshots", "docs/performance"]:
        if (ROOT / extra).is_dir():
            shutil.copytree(ROOT / extra, folder / extra)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE.txt")
    shutil.copy(ROOT / "docs/book.toml", folder / "book.toml")
    (folder / "SUMMARY.md").write_text(text, encoding="utf-8")


def links_out(page, name):
    """Links to what is no page of the site: a folder's page, or the licence; code becomes its name."""
    page = page.replace("](docs/decisions/)", "](docs/decisions/001-rules-are-pages.md)")
    page = page.replace("](LICENSE)", "](LICENSE.txt)").replace("](../README.md", "](../index.md")

    def named(match):
        path = (name.parent / match[2].split("#")[0])
        whole = Path(*resolve(path.parts))
        return match[0] if whole.suffix in {".md", ".txt", ".json", ".svg", ".png"} else f"`{whole}`"

    return outside_fences(page, lambda line: re.sub(r"(?<!!)\[([^]]*)\]\((?![a-z]+:|#)([^)]+)\)", named, line))


def resolve(parts):
    out = []
    for part in parts:
        if part == "..":
            out.pop()
        elif part != ".":
            out.append(part)
    return out


def outside_fences(page, change):
    fence, lines = None, []
    for line in page.split("\n"):
        mark = re.match(r"\s*(`{3,})", line)
        if mark and fence is None:
            fence = mark[1]
        elif mark and len(mark[1]) >= len(fence):
            fence = None
        elif fence is None:
            line = change(line)
        lines.append(line)
    return "\n".join(lines)


class Page(HTMLParser):
    """The anchors of a page and where its links lead."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.links = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if attributes.get("id"):
            self.anchors.add(attributes["id"])
        for name in ["href", "src"]:
            if attributes.get(name):
                self.links.append(attributes[name])


def dead_links(site):
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        if path.name in {"404.html", "toc.html", "print.html"}:
            continue
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                yield f"{path.relative_to(site)}: {link}"
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                yield f"{path.relative_to(site)}: {link}: no such heading"


def main(output, mdbook="mdbook"):
    output = Path(output).resolve()
    if mdbook == "-":
        return lay_out(output)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        lay_out(folder)
        subprocess.run([mdbook, "build", "--dest-dir", str(output), str(folder)], check=True)
    dead = list(dead_links(output))
    if dead:
        raise SystemExit("links lead nowhere:\n  " + "\n  ".join(dead))
    print(f"ok: {len(list(output.rglob('*.html')))} pages in {output}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
