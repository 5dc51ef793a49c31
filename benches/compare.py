"""Times this program's networks beside the same networks in eager PyTorch, on the CPU.

Both take turns, a few rounds of each, so that a machine that slows down slows both; a ratio is taken within a round
and the median over the rounds is quoted. Both start and end with the same things: an edit with 99 numbers and with a
picture of bytes, an encoding with a picture of bytes and with numbers, a folder with PNG files. PyTorch runs in
evaluation mode, `inference_mode`, float32, with as many threads as this process may use cores, as the program does.

Without PyTorch the program's figures are printed alone. The folder needs Pillow on PyTorch's side.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
BATCH = 32
WARM_UP = 3

# What is compared, always as milliseconds: name, and what it is the time of.
FIGURES = {
    "edit": "one edit: Phi^-1, then G",
    "encode": "one picture: E, then Phi",
    "folder": "a picture of a folder: read, decoded, E, Phi",
}


def run_facespace(program, runs, pictures):
    """The report of `facespace bench`."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [program, "bench", "--device", "cpu", "--quiet", "--json", report]
        subprocess.run([*command, "--runs", str(runs), "--pictures", str(pictures)], check=True, stdout=subprocess.DEVNULL)
        return json.loads(report.read_text())["results"]


def facespace_times(report):
    """{width: {figure: milliseconds}}, of one report."""
    return {
        width: {
            "edit": result["edit"]["median_ms"],
            "encode": result["encode"]["median_ms"],
            "folder": 1000 / result["folder_per_second"],
        }
        for width, result in report["width"].items()
    }


class PyTorch:
    """The same work in PyTorch, with random weights: speed does not depend on their values."""

    def __init__(self, width):
        import torch

        sys.path.insert(0, str(ROOT / "tests" / "fixtures"))
        from networks import CODE, Networks

        self.torch = torch
        torch.set_num_threads(CORES)
        torch.manual_seed(0)
        self.networks = Networks(width).eval()
        self.codes = torch.randn(12, CODE).tolist()
        self.crops = torch.randint(0, 256, (12, 128, 128, 3), dtype=torch.uint8)
        self.mean = torch.tensor([0.518, 0.418, 0.361]).reshape(3, 1, 1)

    def edit(self, run):
        code = self.torch.tensor([self.codes[run % len(self.codes)]])
        picture = self.networks.G(self.networks.phi_inverse(code))[0]
        levels = ((picture + self.mean) * 255).round().clamp(0, 255)
        return levels.to(self.torch.uint8).permute(1, 2, 0).contiguous()

    def encode(self, run):
        return self.codes_of(self.crops[run % len(self.crops)][None])

    def codes_of(self, crops):
        pictures = crops.permute(0, 3, 1, 2).contiguous() / 255 - self.mean
        z = self.networks.E(pictures)
        return z.tolist(), self.networks.phi(z).tolist()

    def folder(self, files):
        """Batches of 32; each is decoded by as many threads as there are cores, then passes the networks."""
        with ThreadPoolExecutor(CORES) as pool:
            for first in range(0, len(files), BATCH):
                self.codes_of(self.torch.stack(list(pool.map(self.load, files[first : first + BATCH]))))

    def load(self, file):
        from PIL import Image

        with Image.open(file) as picture:
            data = bytearray(picture.convert("RGB").tobytes())
        return self.torch.frombuffer(data, dtype=self.torch.uint8).reshape(128, 128, 3)


def torch_times(networks, files, runs):
    """{figure: milliseconds} of one round."""

    def median(work):
        for run in range(WARM_UP):
            work(run)
        return statistics.median(clock(work, run) for run in range(runs))

    with networks.torch.inference_mode():
        times = {"edit": median(networks.edit), "encode": median(networks.encode)}
        if files:
            networks.folder(files[:BATCH])
            times["folder"] = clock(networks.folder, files) / len(files)
    return times


def clock(work, argument):
    started = time.perf_counter()
    work(argument)
    return (time.perf_counter() - started) * 1000


def measure(options, files):
    """Rounds of (facespace's times, PyTorch's times), and facespace's last report."""
    rounds, models = [], {}
    for number in range(options.rounds):
        report = run_facespace(options.program, options.runs, options.pictures)
        ours = facespace_times(report)
        theirs = {}
        if options.torch:
            for width in ours:
                models.setdefault(width, PyTorch(int(width)))
                theirs[width] = torch_times(models[width], files, options.runs)
        rounds.append((ours, theirs))
        print(f"round {number + 1} of {options.rounds} done", file=sys.stderr)
    return rounds, report


def summarise(rounds):
    """{width: {figure: {facespace_ms, pytorch_ms, ratio}}}: medians over the rounds; None where nothing was timed."""

    def median(values):
        return round(statistics.median(values), 3) if values else None

    table = {}
    for width in rounds[0][0]:
        table[width] = {}
        for figure in FIGURES:
            ours = [ours[width][figure] for ours, _ in rounds]
            theirs = [theirs[width][figure] for _, theirs in rounds if figure in theirs.get(width, {})]
            ratios = [mine / other for mine, other in zip(ours, theirs)]
            table[width][figure] = {
                "facespace_ms": median(ours),
                "pytorch_ms": median(theirs),
                "ratio": median(ratios),
            }
    return table


def print_table(table, report):
    print(f"{'milliseconds':<48}{'facespace':>10}{'PyTorch':>10}{'ratio':>8}")
    for width, figures in table.items():
        for figure, row in figures.items():
            cells = [row["facespace_ms"], row["pytorch_ms"], row["ratio"]]
            ours, theirs, ratio = ("-" if cell is None else f"{cell:.2f}" for cell in cells)
            print(f"width {width}, {FIGURES[figure]:<38}{ours:>10}{theirs:>10}{ratio:>8}")
    print(f"start to first picture {report['start_to_first_picture']['median_ms']:.0f} ms (facespace, shipped weights)")


def machine():
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] \
        if info.exists() else []
    return {"cpu": names[0] if names else platform.processor(), "cores": CORES, "system": platform.platform()}


def versions(options):
    program = subprocess.run([options.program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    found = {"facespace": program.split()[-1], "python": platform.python_version()}
    if options.torch:
        import torch

        found["torch"] = torch.__version__
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", default=ROOT / "target/release/facespace", type=Path)
    parser.add_argument("--rounds", type=int, default=5, help="how often the two take turns")
    parser.add_argument("--runs", type=int, default=30, help="edits and encodings timed in a round")
    parser.add_argument("--pictures", type=int, default=128, help="pictures in the folder")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write both figures, the ratios and the machine")
    options = parser.parse_args()
    try:
        import torch  # noqa: F401

        options.torch = True
    except ImportError:
        options.torch = False
        print("PyTorch is not installed here: facespace alone", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        files = make_pictures(options, Path(folder)) if options.torch else []
        rounds, report = measure(options, files)
    table = summarise(rounds)
    print_table(table, report)
    if options.json:
        results = {
            "machine": machine() | {"versions": versions(options)},
            "settings": {key: getattr(options, key) for key in ("rounds", "runs", "pictures")},
            "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
            "median_ms": table,
            "rounds": [{"facespace": ours, "pytorch": theirs} for ours, theirs in rounds],
            "facespace_bench": report,
        }
        options.json.write_text(json.dumps(results, indent=1) + "\n")


def make_pictures(options, folder):
    """PNG files of faces like those that `facespace bench` reads; none where nothing can decode them here."""
    try:
        import PIL  # noqa: F401
    except ImportError:
        print("Pillow is not installed here: no folder in PyTorch", file=sys.stderr)
        return []
    command = [options.program, "--device", "cpu", "--quiet", "sample", "--count", str(options.pictures), "-o", folder]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return sorted(folder.glob("*.png"))


if __name__ == "__main__":
    main()
