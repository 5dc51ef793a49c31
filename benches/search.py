"""Times this program's exact search beside a NumPy matrix product and faiss, on the same codes, on the CPU.

All take turns, a few rounds of each, so that a machine that slows down slows all; medians over the rounds are quoted.
All search the same random faces with the same query: the best 20 by four weighted parts, warm. The others get the codes
in the form that suits them best: one matrix of 100 columns, so that the whole score is one inner product. That works
for pose, too, whose likeness is 1 - |p - q|^2 / 2: [p, |p|^2 / 2] . [q, -1] is the same but for a constant.

NumPy multiplies the matrix by the query, picks the best 20 with `argpartition` and sorts them. faiss searches an
`IndexFlatIP`; since that gives a single query to a single core, it is timed in one shard a core as well. Whether all
find the same faces is printed beside the times. Without NumPy the program's figures are printed alone, without faiss
(`pip install faiss-cpu`) only NumPy stands beside them.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from compare import CORES, machine

ROOT = Path(__file__).parents[1]
WARM_UP = 3
# Scores of two sums in single precision may differ by this much; faces within it of each other may change places.
ROUNDING = 1e-5
PARTS = [slice(0, 3), slice(3, 35), slice(35, 67), slice(67, 99)]


def run_facespace(options, folder):
    """The report of `facespace bench --search`, which leaves what it searched in the folder."""
    report = folder / "report.json"
    command = [options.program, "bench", "--search", "--quiet", "--keep", folder, "--json", report]
    settings = ["--faces", str(options.faces), "--runs", str(options.runs)]
    subprocess.run([*command, *settings], check=True, stdout=subprocess.DEVNULL)
    return json.loads(report.read_text())["results"]["search"]


class Searched:
    """What the program searched, as one inner product: a matrix, a vector and what is added to every score."""

    def __init__(self, folder):
        import numpy as np

        self.np = np
        codes, query = np.load(folder / "codes.npy"), np.load(folder / "query.npy")
        self.hits = json.loads((folder / "hits.json").read_text())
        self.top = len(self.hits["places"])
        weights = np.array(self.hits["search"]["weights"], np.float32)
        shares = weights / np.abs(weights).sum()
        pose = codes[:, PARTS[0]]
        self.matrix = np.empty((len(codes), 100), np.float32)
        self.matrix[:, :99] = codes
        self.matrix[:, 99] = (pose * pose).sum(axis=1) / 2
        self.query = np.empty(100, np.float32)
        for part, share in zip(PARTS, shares):
            self.query[part] = share * query[part]
        self.query[99] = -shares[0]
        self.constant = shares[0] * (1 - (query[PARTS[0]] ** 2).sum() / 2)

    def by_numpy(self):
        scores = self.matrix @ self.query
        best = self.np.argpartition(scores, -self.top)[-self.top :]
        best = best[self.np.lexsort((best, -scores[best]))]
        return best, scores[best]

    def by_faiss(self, shards):
        """A function that searches an index in so many shards."""
        import faiss

        faiss.omp_set_num_threads(CORES)
        parts = []
        for rows in self.np.array_split(self.matrix, shards):
            part = faiss.IndexFlatIP(self.matrix.shape[1])
            part.add(self.np.ascontiguousarray(rows))
            parts.append(part)
        index = parts[0]
        if shards > 1:
            # Threads of its own; ids go on from shard to shard.
            index = faiss.IndexShards(self.matrix.shape[1], True, True)
            for part in parts:
                index.add_shard(part)

        def search():
            # `parts` is named so that it lives as long as the index that only points to it.
            assert parts
            scores, places = index.search(self.query[None], self.top)
            return places[0], scores[0]

        return search

    def finds_the_same(self, search):
        """Whether it finds the program's faces in its order, but for scores that differ by rounding alone."""
        places, scores = search()
        scores = [float(score) + float(self.constant) for score in scores]
        ours = dict(zip(self.hits["places"], self.hits["scores"]))
        worst = self.hits["scores"][-1]
        in_order = all(abs(a - b) < ROUNDING for a, b in zip(scores, self.hits["scores"], strict=True))
        # One that the program does not have must be as good as its last.
        each = all(abs(ours.get(int(place), worst) - score) < ROUNDING for place, score in zip(places, scores))
        return in_order and each


def timed(search, runs):
    """Milliseconds of the median search."""
    for _ in range(WARM_UP):
        search()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        search()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def others(options, folder):
    """{name: milliseconds} and {name: whether it finds the same} of one round."""
    searched = Searched(folder)
    searches = {"NumPy": searched.by_numpy}
    if options.faiss:
        searches["faiss IndexFlatIP"] = searched.by_faiss(1)
        if CORES > 1:
            searches[f"faiss, {CORES} shards"] = searched.by_faiss(CORES)
    times = {name: timed(search, options.runs) for name, search in searches.items()}
    return times, {name: searched.finds_the_same(search) for name, search in searches.items()}


def measure(options):
    """Rounds of {name: milliseconds}, whether all find the same, and the program's last report."""
    rounds, same = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds):
            report = run_facespace(options, Path(folder))
            times = {"facespace": report["rows"][0]["milliseconds"]["median_ms"]}
            if options.numpy:
                theirs, equal = others(options, Path(folder))
                times |= theirs
                same = {name: equal[name] and same.get(name, True) for name in equal}
            rounds.append(times)
            print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)
    return rounds, same, report


def print_table(table, same, report):
    read = report["faces"] * 99 * 4 / 1e6
    print(f"{report['faces']:,} faces, best {report['top']} by four weighted parts\n")
    print(f"{'':<22}{'ms':>10}{'GB/s':>8}  finds the same")
    for name, milliseconds in table.items():
        print(f"{name:<22}{milliseconds:>10.2f}{read / milliseconds:>8.1f}  {same.get(name, '')}")
    over = report["memory_over_codes"]
    print(f"\nfacespace: memory {'unknown' if over is None else f'{over:.2f} times the codes'}")


def versions(options):
    program = subprocess.run([options.program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    found = {"facespace": program.split()[-1], "python": platform.python_version()}
    for name in ("numpy", "faiss"):
        if getattr(options, name):
            found[name] = __import__(name).__version__
    return found


def is_there(name, without):
    try:
        __import__(name)
    except ImportError:
        print(f"{name} is not installed here: {without}", file=sys.stderr)
        return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", default=ROOT / "target/release/facespace", type=Path)
    parser.add_argument("--faces", type=int, default=1_000_000, help="faces that are searched")
    parser.add_argument("--rounds", type=int, default=3, help="how often all take turns")
    parser.add_argument("--runs", type=int, default=20, help="searches timed in a round")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures and the machine")
    options = parser.parse_args()
    options.numpy = is_there("numpy", "facespace alone")
    options.faiss = options.numpy and is_there("faiss", "no faiss")
    rounds, same, report = measure(options)
    table = {name: round(statistics.median(times[name] for times in rounds), 3) for name in rounds[0]}
    print_table(table, same, report)
    if options.json:
        results = {
            "machine": machine() | {"versions": versions(options)},
            "settings": {key: getattr(options, key) for key in ("faces", "rounds", "runs")},
            "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            "median_ms": table,
            "finds_the_same": same,
            "rounds": rounds,
            "facespace_bench": report,
        }
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
