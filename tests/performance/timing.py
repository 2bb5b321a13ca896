"""Times and memory of whole processes: hyperfine in rounds, so that what else the machine does meets all
programs alike, and GNU time for the peak of memory."""

import json
import shlex
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

TIME = "/usr/bin/time"

# Once a measurement has taken so many seconds, three rounds are enough.
BUDGET = 120


def need(program, why):
    """The path of a program, or the end."""
    found = shutil.which(program)
    if not found:
        raise SystemExit(f"measure.py: no {program} on the PATH; {why}")
    return found


def one_round(commands, folder, runs):
    """Median seconds of each command in one call of hyperfine."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        call = [need("hyperfine", "it measures"), "-N", "-i", "--style", "none", "--export-json", out.name]
        call += ["--runs", str(runs)]
        subprocess.run(call + commands, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return [one["median"] for one in json.loads(Path(out.name).read_text())["results"]]


def paired(commands, folder, rounds=7, runs=3):
    """Runs the commands, a mapping of names to command lines, in turn.

    For each: the median of its rounds, their spread, how many times as long as the first it took (the median
    of the rounds' own ratios), and the peak of memory.
    """
    names, lines = list(commands), list(commands.values())
    taken = {name: [] for name in names}
    # Files get into the page cache, and what remembers has something to remember; then the peaks are taken.
    for line in lines:
        null = subprocess.DEVNULL
        subprocess.run(shlex.split(line), cwd=folder, stdin=null, stdout=null, stderr=null)
    peaks = {name: peak(line, folder) for name, line in commands.items()}
    began = time.monotonic()
    for turn in range(rounds):
        if turn >= 3 and time.monotonic() - began > BUDGET:
            break
        # Each comes first once in a while: who does so finds the processor warm or cold.
        order = [(at + turn) % len(names) for at in range(len(names))]
        found = one_round([lines[at] for at in order], folder, runs)
        for at, seconds in zip(order, found):
            taken[names[at]].append(seconds)
    first = taken[names[0]]
    return {
        name: {
            "seconds": statistics.median(seconds),
            "least": min(seconds),
            "most": max(seconds),
            "ratio": statistics.median(own / base for own, base in zip(seconds, first)),
            "memory": peaks[name],
        }
        for name, seconds in taken.items()
    }


def peak(command, folder):
    """Megabytes that a command line held at most, the median of three runs, or of one that takes long; None without
    GNU time."""
    if not Path(TIME).exists():
        return None
    found, began = [], time.monotonic()
    while len(found) < 3 and (not found or time.monotonic() - began < BUDGET / 12):
        with tempfile.NamedTemporaryFile("r") as out:
            call = [TIME, "-f", "%M", "-o", out.name, *shlex.split(command)]
            null = subprocess.DEVNULL
            subprocess.run(call, cwd=folder, stdin=null, stdout=null, stderr=null)
            # A line before it tells of the exit status.
            found.append(int(out.read().split()[-1]) / 1024)
    return statistics.median(found)


def line(points):
    """The line `a + b·n` through points (n, seconds) that is relatively nearest to them, and how far, relatively,
    the point farthest from it is away."""
    weights = [1 / seconds**2 for _, seconds in points]
    total = sum(weights)
    mean_n = sum(w * n for w, (n, _) in zip(weights, points)) / total
    mean_s = sum(w * s for w, (_, s) in zip(weights, points)) / total
    over = sum(w * (n - mean_n) * (s - mean_s) for w, (n, s) in zip(weights, points))
    slope = over / sum(w * (n - mean_n) ** 2 for w, (n, _) in zip(weights, points))
    start = mean_s - slope * mean_n
    return {"start": start, "slope": slope, "off": max(abs(start + slope * n - s) / s for n, s in points)}
