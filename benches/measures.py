"""Works out this program's measures once more with scikit-learn, SciPy and NumPy, on the same numbers.

An ignored test of `tests/core/evaluate/measures.rs` draws numbers, gives them to the measures of `src/evaluate` and writes
both to a file; this script has it written, makes the same figures of the same numbers, and prints both side by side. It
fails where they differ by more than rounding: by 1e-6 for areas under curves, accuracies and precisions, by a thousandth
of the figure where f32 is summed up (Frechet distance, PCA), and by a tenth of its width for a bootstrap interval, whose
draws are others'.

    pip install numpy scipy scikit-learn
    python benches/measures.py
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import scipy
import scipy.linalg
import scipy.ndimage
import scipy.stats
import sklearn
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge
from sklearn.metrics import average_precision_score, balanced_accuracy_score, r2_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).parents[1]
TEST = "evaluate::measures::measures_are_written_for_python"
# The program's ridge regression: the penalty over the number of items.
PENALTY = 1e-3
TOP = 7


def written(file):
    """The numbers and the program's figures."""
    command = ["cargo", "test", "--no-default-features", "--features", "gui", "--test", "core", "--"]
    subprocess.run(
        [*command, "--ignored", "--exact", TEST],
        check=True,
        cwd=ROOT,
        env=os.environ | {"FACESPACE_MEASURES": str(file)},
        stdout=sys.stderr,
    )
    return json.loads(file.read_text())


def exact(numbers):
    """Numbers that the program has in single precision, as it has them."""
    return np.array(numbers, np.float32).astype(np.float64)


class Figures:
    """Each figure by the program and by others."""

    def __init__(self):
        self.rows = []

    def add(self, name, ours, theirs, allowed):
        self.rows.append((name, float(ours), float(theirs), allowed))

    def add_relative(self, name, ours, theirs, share):
        self.add(name, ours, theirs, share * abs(float(theirs)))

    def wrong(self):
        # A figure that is no number is wrong, too.
        return [row for row in self.rows if not abs(row[1] - row[2]) <= row[3]]

    def show(self):
        print(f"{'':<44}{'facespace':>14}{'others':>14}{'difference':>12}{'allowed':>10}")
        for name, ours, theirs, allowed in self.rows:
            print(f"{name:<44}{ours:>14.8f}{theirs:>14.8f}{abs(ours - theirs):>12.1e}{allowed:>10.1e}")


def areas(data, figures):
    scores, positive = exact(data["scores"]), np.array(data["positive"])
    figures.add("area under the curve, with ties", data["area"], roc_auc_score(positive, scores), 1e-6)
    theirs = average_precision_score(positive, scores)
    figures.add("average precision, with ties", data["average_precision"], theirs, 1e-6)


def classes(data, figures):
    scores, labels = exact(data["scores"]), np.array(data["labels"])
    theirs = [roc_auc_score(labels == number, scores[:, number]) for number, _ in data["areas"]]
    for (number, ours), area in zip(data["areas"], theirs):
        figures.add(f"area of class {number} against the rest", ours, area, 1e-6)
    figures.add("mean of these areas", data["mean"], np.mean(theirs), 1e-6)


def hits(distances, same, folds):
    """Whether each pair is judged rightly by the threshold that judges best in the other folds."""
    right = np.zeros(len(distances), bool)
    for fold in np.unique(folds):
        known, own = folds != fold, folds == fold
        each = np.unique(distances[known])
        thresholds = np.concatenate([[-np.inf], (each[1:] + each[:-1]) / 2, each[-1:]])
        accuracies = [np.mean((distances[known] <= threshold) == same[known]) for threshold in thresholds]
        right[own] = (distances[own] <= thresholds[np.argmax(accuracies)]) == same[own]
    return right


def verification(data, figures):
    codes = exact(data["codes"])
    a, b, same, folds = np.array(data["pairs"], int).T
    same, accuracies = same.astype(bool), []
    for part in data["parts"]:
        distances = np.linalg.norm(codes[a][:, part["places"]] - codes[b][:, part["places"]], axis=1)
        accuracies.append(hits(distances, same, folds).mean())
        figures.add(f"verification by {part['reads']}, accuracy", part["accuracy"], accuracies[-1], 1e-6)
        area = roc_auc_score(same, -distances)
        figures.add(f"verification by {part['reads']}, area", part["area"], area, 1e-6)
    figures.add("verification, f_id over the rest", data["gap"], accuracies[0] - accuracies[1], 1e-6)


def frechet(data, figures):
    real, made = exact(data["real"]), exact(data["made"])
    covariances = [np.cov(rows, rowvar=False) for rows in (real, made)]
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1])
    apart = real.mean(axis=0) - made.mean(axis=0)
    theirs = apart @ apart + sum(np.trace(one) for one in covariances) - 2 * np.trace(root).real
    figures.add_relative("Frechet distance", data["distance"], theirs, 1e-3)


def reconstruction(data, figures):
    side = data["side"]
    originals, made = (np.array(data[name], float).reshape(-1, side, side, 3) for name in ("originals", "made"))
    absolute = np.abs(originals - made).mean(axis=(1, 2, 3))
    figures.add_relative("RMSE", data["rmse"], np.sqrt(np.mean((originals - made) ** 2)), 1e-6)
    figures.add_relative("RMSE as the authors define it", data["rmse_authors"], np.sqrt(np.mean(absolute**2)), 1e-6)
    figures.add_relative("mean absolute error", data["mae"], absolute.mean(), 1e-6)
    theirs = detail(made) / detail(originals)
    figures.add_relative("sharpness", data["sharpness"], theirs, 1e-3)


def detail(pictures):
    """The mean over pictures of the deviation of their Laplacian, without the border."""
    light = pictures @ np.array([0.299, 0.587, 0.114])
    return np.mean([scipy.ndimage.laplace(picture)[1:-1, 1:-1].std() for picture in light])


def components(data, figures):
    train, test = np.array(data["train"], float), np.array(data["test"], float)
    for count, ours in zip(data["components"], data["rmse"]):
        pca = PCA(count, svd_solver="full").fit(train)
        made = np.clip(np.rint(pca.inverse_transform(pca.transform(test))), 0, 255)
        figures.add_relative(f"PCA-{count}, RMSE", ours, np.sqrt(np.mean((made - test) ** 2)), 1e-3)


def retrieval(data, figures):
    codes, people = exact(data["codes"])[:, data["places"]], np.array(data["people"])
    codes /= np.linalg.norm(codes, axis=1, keepdims=True)
    precisions, averages = [], []
    for face, likeness in enumerate(codes @ codes.T):
        others = np.arange(len(codes)) != face
        likeness, right = likeness[others], people[others] == people[face]
        precisions.append(right[np.argsort(-likeness)[:TOP]].mean())
        averages.append(average_precision_score(right, likeness))
    figures.add(f"precision of the first {TOP}", data["precision"], np.mean(precisions), 1e-6)
    figures.add("mean average precision", data["average_precision"], np.mean(averages), 1e-6)


def predicted(features, targets, weights, folds):
    """Each item as ridge regression on the other folds predicts it."""
    all_predicted = np.zeros_like(targets)
    for fold in np.unique(folds):
        known, own = folds != fold, folds == fold
        scaler = StandardScaler().fit(features[known], sample_weight=weights[known])
        ridge = Ridge(alpha=PENALTY * weights[known].sum())
        ridge.fit(scaler.transform(features[known]), targets[known], sample_weight=weights[known])
        all_predicted[own] = ridge.predict(scaler.transform(features[own])).reshape(all_predicted[own].shape)
    return all_predicted


def disentanglement(data, figures):
    codes, folds = exact(data["codes"]), np.array(data["folds"])
    yaw, labels = exact(data["yaw"]), np.array(data["class"])
    known, places, counts = np.unique(labels, return_inverse=True, return_counts=True)
    of_class = (labels[:, None] == known).astype(float)
    balanced = len(labels) / len(known) / counts[places]
    for row in data["rows"]:
        own = np.isin(np.arange(codes.shape[1]), row["own_places"])
        for name, columns in (("own", own), ("rest", ~own)):
            features = codes[:, columns]
            if row["attribute"] == "yaw":
                theirs = r2_score(yaw, predicted(features, yaw, np.ones(len(yaw)), folds))
            else:
                guesses = predicted(features, of_class, balanced, folds).argmax(axis=1)
                theirs = balanced_accuracy_score(places, guesses)
            figures.add(f"{row['attribute']} read from its {name} numbers", row[name], theirs, 1e-6)


def interval(data, figures):
    values = np.array(data["values"])
    theirs = scipy.stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", confidence_level=0.95, rng=np.random.default_rng(1)
    ).confidence_interval
    allowed = 0.1 * (theirs.high - theirs.low)
    figures.add("mean", data["mean"], values.mean(), 1e-9)
    figures.add("its 95 % interval, low end", data["low"], theirs.low, allowed)
    figures.add("its 95 % interval, high end", data["high"], theirs.high, allowed)


PARTS = {
    "auc": areas,
    "one_vs_rest": classes,
    "verification": verification,
    "frechet": frechet,
    "reconstruction": reconstruction,
    "pca": components,
    "retrieval": retrieval,
    "disentanglement": disentanglement,
    "bootstrap": interval,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--read", type=Path, metavar="FILE", help="a file that the test has written before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = json.loads(options.read.read_text()) if options.read else written(Path(folder) / "measures.json")
    figures = Figures()
    for name, part in PARTS.items():
        part(data[name], figures)
    figures.show()
    print(f"\nNumPy {np.__version__}, SciPy {scipy.__version__}, scikit-learn {sklearn.__version__}")
    wrong = figures.wrong()
    for name, ours, theirs, _ in wrong:
        print(f"{name}: {ours} is not {theirs}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
