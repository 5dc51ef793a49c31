"""Times the step of stage one in eager PyTorch, beside `facespace bench --train`.

The networks are those of `tests/fixtures/networks.py`; losses, alternation and optimisers are what `facespace train`
does with the preset `small-data` once everything takes part: L1 in levels, the structure term, D_z and D_x with
DiffAugment, codes between shuffled codes, gradients clipped in each network, Adam(0, 0.999) as PyTorch does it if not
told otherwise, an average of the networks every fourth step, batch norm on the batch. Random pictures lie ready in
memory, and nothing is read back within a step. Float32, as many threads as this process may use cores.

A run is four steps, in which D_z and D_x train twice and the averages move once. The report has the keys that
`facespace bench --train --json` has under `results`.
"""

import argparse
import copy
import json
import math
import os
import platform
import resource
import statistics
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "fixtures"))
from networks import CODE, Networks  # noqa: E402

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
PERIOD = 4
SIDE, WINDOW, SIGMA, C2 = 128, 31, 1.5, 0.0036
RATE, CLIP_NORM, HALF_LIFE = 3e-4, 50.0, 4000.0
WEIGHTS = {"reconstruction": 0.5, "structure": 30.0, "latent": 1.0, "image": 0.75, "image_random": 0.25}


def softplus_mean(logits):
    return F.softplus(logits).mean()


class Structure:
    """The contrast-structure term: a separable Gaussian window, no padding."""

    def __init__(self):
        bell = torch.tensor([math.exp(-(((i - WINDOW // 2) / SIGMA) ** 2) / 2) for i in range(WINDOW)])
        self.band = torch.zeros(SIDE - WINDOW + 1, SIDE)
        for place, row in enumerate(self.band):
            row[place : place + WINDOW] = bell / bell.sum()

    def blur(self, x):
        """Two products with a banded matrix; a third of the time of two depthwise convolutions."""
        return self.band @ (x @ self.band.T)

    def __call__(self, x, y):
        mean_x, mean_y = self.blur(x), self.blur(y)
        variances = self.blur(x * x + y * y) - (mean_x * mean_x + mean_y * mean_y)
        covariance = self.blur(x * y) - mean_x * mean_y
        return ((2 * covariance + C2) / (variances + C2)).mean().clamp(0, 1)


def diff_augment(x):
    """Brightness, saturation, contrast, then a translation of up to an eighth of the side."""
    n = len(x)

    def around_zero(most):
        return (torch.rand(n, 1, 1, 1) * 2 - 1) * most

    x = x + around_zero(0.25)
    grey = x.mean(1, keepdim=True)
    x = (x - grey) * (1 + around_zero(1.0)) + grey
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * (1 + around_zero(0.5)) + mean
    most = SIDE // 8
    right, down = torch.randint(-most, most + 1, (2, n, 1, 1))
    places = torch.arange(SIDE)
    # One more pixel on each side, of zeros, is what lies outside.
    columns = (places[None, None, :] - right + 1).clamp(0, SIDE + 1)
    rows = (places[None, :, None] - down + 1).clamp(0, SIDE + 1)
    padded = F.pad(x, (1, 1, 1, 1)).permute(0, 2, 3, 1)
    return padded[torch.arange(n)[:, None, None], rows, columns].permute(0, 3, 1, 2).contiguous()


class Trainer:
    def __init__(self, width, adam):
        torch.manual_seed(0)
        self.networks = Networks(width).train()
        self.average = copy.deepcopy(self.networks)
        choice = {} if adam == "default" else {adam: True}

        def optimiser(rate, *modules):
            parameters = [p for module in modules for p in module.parameters()]
            return torch.optim.Adam(parameters, rate, betas=(0.0, 0.999), **choice)

        self.autoencoder = optimiser(RATE, self.networks.E, self.networks.G)
        self.latent = optimiser(RATE, self.networks.D_z)
        self.image = optimiser(RATE / 2, self.networks.D_x)
        self.structure = Structure()
        self.laps = None

    def lap(self, name):
        if self.laps is not None:
            now = time.perf_counter()
            self.laps[name] = self.laps.get(name, 0.0) + now - self.since
            self.since = now

    def step(self, pictures, number):
        networks, n = self.networks, len(pictures)
        self.since = time.perf_counter()
        for critic in (networks.D_x, networks.D_z):
            critic.requires_grad_(False)
        z = networks.E(pictures)
        self.lap("E forward")
        made = networks.G(torch.cat([z, self.random_codes(z.detach())]))
        self.lap("G forward")
        loss = WEIGHTS["reconstruction"] * 255 * (pictures - made[:n]).abs().mean()
        loss = loss + WEIGHTS["structure"] * (1 - self.structure(pictures, made[:n]))
        self.lap("losses on pixels")
        loss = loss + WEIGHTS["latent"] * softplus_mean(-networks.D_z(z))
        logits = networks.D_x(diff_augment(made))
        loss = loss + WEIGHTS["image"] * softplus_mean(-logits[:n])
        loss = loss + WEIGHTS["image_random"] * softplus_mean(-logits[n:])
        self.lap("D_z and D_x forward")
        self.autoencoder.zero_grad()
        loss.backward()
        self.lap("backward")
        self.update(self.autoencoder, networks.E, networks.G)
        self.lap("optimiser")
        if number % 2 == 0:
            self.train_critics(pictures, z.detach(), made.detach())
        self.lap("discriminators' steps")
        if number % PERIOD == 0:
            self.move_average(n)
        self.lap("averages")
        return loss.detach()

    @staticmethod
    def random_codes(z):
        share = torch.rand(len(z), 1)
        return z * share.sqrt() + z[torch.randperm(len(z))] * (1 - share).sqrt()

    @staticmethod
    def update(optimiser, *modules):
        for module in modules:
            torch.nn.utils.clip_grad_norm_(module.parameters(), CLIP_NORM)
        optimiser.step()

    def train_critics(self, pictures, z, made):
        networks, n = self.networks, len(pictures)
        for critic in (networks.D_x, networks.D_z):
            critic.requires_grad_(True)
        logits = networks.D_z(torch.cat([torch.randn(n, CODE), z]))
        self.latent.zero_grad()
        (softplus_mean(-logits[:n]) + softplus_mean(logits[n:])).backward()
        self.update(self.latent, networks.D_z)
        real, fake = networks.D_x(diff_augment(pictures)), networks.D_x(diff_augment(made))
        loss = softplus_mean(-real) + WEIGHTS["image"] * softplus_mean(fake[:n])
        self.image.zero_grad()
        (loss + WEIGHTS["image_random"] * softplus_mean(fake[n:])).backward()
        self.update(self.image, networks.D_x)

    @torch.no_grad()
    def move_average(self, n):
        decay = 0.5 ** (PERIOD * n / HALF_LIFE)
        for kept, live in zip(self.average.parameters(), self.networks.parameters()):
            kept.lerp_(live, 1 - decay)
        for kept, live in zip(self.average.buffers(), self.networks.buffers()):
            kept.copy_(live)


def measure(width, batch, options):
    trainer = Trainer(width, options.adam)
    pictures = [torch.rand(batch, 3, SIDE, SIDE) - 0.43 for _ in range(2)]
    number = 0

    def run():
        nonlocal number
        started, worked = time.perf_counter(), time.process_time()
        for _ in range(PERIOD):
            trainer.step(pictures[number % 2], number)
            number += 1
        return time.perf_counter() - started, time.process_time() - worked

    run()
    times = [run() for _ in range(options.runs)]
    trainer.laps = {}
    for _ in range(options.runs):
        run()
    total = sum(trainer.laps.values())
    steps = options.runs * PERIOD
    rates = [PERIOD * batch / seconds for seconds, _ in times]
    return {
        "stage": "autoencoder",
        "width": width,
        "batch": batch,
        "pictures_per_second": {
            "median": statistics.median(rates),
            "min": min(rates),
            "max": max(rates),
            "runs": len(rates),
        },
        "processor_seconds_per_step": statistics.median(worked for _, worked in times) / PERIOD,
        "parts": [
            {"name": name, "milliseconds": 1000 * seconds / steps, "share": seconds / total}
            for name, seconds in trainer.laps.items()
        ],
        # The most that the process has held so far; Linux counts in kilobytes.
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, nargs="+", default=[32, 64])
    parser.add_argument("--batch", type=int, nargs="+", default=[16, 100], help="pictures of a step")
    parser.add_argument("--runs", type=int, default=5, help="runs of four steps that are timed, after one to warm up")
    parser.add_argument("--threads", type=int, default=CORES)
    parser.add_argument("--adam", choices=["default", "foreach", "fused"], default="default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report here instead of printing it")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    report = {
        "machine": {"device": "cpu", "os": platform.system().lower(), "arch": platform.machine()},
        "threads": options.threads,
        "adam": options.adam,
        "torch": torch.__version__,
        "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "training": [],
    }
    for width in options.width:
        for batch in options.batch:
            result = measure(width, batch, options)
            report["training"].append(result)
            rate = result["pictures_per_second"]
            print(
                f"width {width}, batch {batch}: {rate['median']:.1f} pictures/s ({rate['min']:.1f} to {rate['max']:.1f})",
                file=sys.stderr,
            )
    text = json.dumps(report, indent=1) + "\n"
    if options.json:
        options.json.write_text(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
