#!/usr/bin/env python3
"""How long each format takes for many findings: python3 tests/rendering.py OPTLINT [FINDINGS]

Makes a project with that many findings in one file (25,000 unless told), and prints for each
format the time of the whole run, and what it adds to a run that writes nothing of a finding.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

RULE = '''# many

A value is set.

```nix rule
{
  severity = "warning";
  category = "operations";
  options = [ "services.example.<name>.value" ];
  message = "a value is set";
  when.definition = { value, ... }: true;
}
```
'''
FORMATS = ["compact", "pretty", "json", "sarif", "github", "gitlab", "junit", "checkstyle"]


def run(program, folder, *flags):
    """Seconds and output of a check."""
    command = [program, "check", "--rules", "many.md", "--select", "many", "--quiet", "--exit-zero", *flags]
    start = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return time.monotonic() - start, done.stdout


def project(folder, count, lines):
    """Writes `count` definitions, each on a line of its own or all on one."""
    end = "\n" if lines else " "
    text = "{" + end + "".join(f'services.example.n{n}.value = "ä";{end}' for n in range(count)) + "}\n"
    (folder / "configuration.nix").write_text(text)
    (folder / "many.md").write_text(RULE)
    (folder / ".git").mkdir(exist_ok=True)


def main():
    program = str(Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 25_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for lines in (True, False):
            project(folder, count, lines)
            base, _ = run(program, folder, "--disable", "all", "--format", "compact")
            _, found = run(program, folder, "--format", "compact")
            print(f"{found.count(b'[many]')} findings, {'a line each' if lines else 'on one line'}")
            compact, _ = run(program, folder, "--format", "compact")
            for form in FORMATS:
                seconds, out = run(program, folder, "--format", form)
                each = (seconds - compact) / count * 1e6
                print(f"  {form:<10} {seconds:6.2f} s  {len(out) / 1e6:6.1f} MB  {each:+7.1f} µs a finding over compact")
            print(f"  (nothing asked: {base:.2f} s)")


if __name__ == "__main__":
    main()
