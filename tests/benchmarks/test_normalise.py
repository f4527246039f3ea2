"""The benchmark of normal forms runs; what it measures is no test."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "normalise.py"


def test_every_class_is_measured() -> None:
    """A few values of each class give a line each, with rates and how they compare."""
    run = subprocess.run([sys.executable, str(SCRIPT), "--values", "200"], capture_output=True, text=True, check=True)

    lines = [line.split() for line in run.stdout.splitlines()[2:]]
    assert [line[0] for line in lines] == ["email", "phone", "name", "address", "postal_code"]
    assert [len(line) for line in lines] == [6, 6, 4, 4, 4]
