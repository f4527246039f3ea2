"""Who is one person in public sets of records with known truth, beside Splink and recordlinkage.

    uv run python benchmarks/identity_quality.py FOLDER --peers --curve

FOLDER holds `fake_1000.csv` and `historical_50k.parquet` (moj-analytical-services/splink_datasets), `febrl_3.csv`,
`febrl_4a.csv` and `febrl_4b.csv` (the package recordlinkage 0.16). Every tool runs in a process of its own and sees no
label; labels only score. Precision and recall are over all pairs of records of one cluster; every true pair counts,
so one that blocking loses is a miss. c360 is `c360 identity resolve` with the rules in `benchmarks/identity/`: they
say what the columns are and set nothing else. Splink takes the settings of its tutorials, recordlinkage its ECM;
both cluster by connected components.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
import yaml

HERE = Path(__file__).parent / "identity"
RECORDLINKAGE = (
    "uv",
    "run",
    "--no-project",
    "--isolated",
    "--with",
    "recordlinkage",
    "--with",
    "pandas<3",
    "--with",
    "pyarrow",
    "python",
)
TOO_MANY_FOR_RECORDLINKAGE = ("historical_50k",)
"""It holds every pair of a block in memory, and had given no answer after seven minutes."""
PROBABILITIES = (0.5, 0.8, 0.9, 0.95, 0.99, 0.995)


@dataclass(frozen=True)
class PublicSet:
    """A public set: its files, what its peers call it, and where its truth is."""

    files: tuple[str, ...]
    peer_name: str
    record_id: str
    truth: str = "cluster"

    def paths(self, folder: Path) -> list[str]:
        """The files in a folder."""
        return [str(folder / file) for file in self.files]

    def truths(self, folder: Path) -> "pd.Series[str]":
        """The true person by record id."""
        frames = [pd.read_parquet(path) if path.endswith("t") else pd.read_csv(path) for path in self.paths(folder)]
        records = pd.concat(frames, ignore_index=True)
        ids = records[self.record_id].astype("str")
        people = records[self.truth].astype("str") if self.truth in records else ids.str.extract(r"-(\d+)-")[0]
        return pd.Series(people.to_numpy(), index=ids.to_numpy())


SETS = {
    "fake_1000": PublicSet(("fake_1000.csv",), "fake_1000", "unique_id"),
    "febrl_3": PublicSet(("febrl_3.csv",), "febrl", "rec_id"),
    "febrl_4": PublicSet(("febrl_4a.csv", "febrl_4b.csv"), "febrl", "rec_id"),
    "historical_50k": PublicSet(("historical_50k.parquet",), "historical_50k", "unique_id"),
}


def main(
    folder: Annotated[Path, typer.Argument(help="Where the public sets are.")],
    only: Annotated[list[str], typer.Option(help="Sets to run; by default all.")] = list(SETS),  # noqa: B006
    peers: Annotated[bool, typer.Option(help="Run Splink and recordlinkage as well.")] = False,
    curve: Annotated[bool, typer.Option(help="Precision and recall over `link_probability` as well.")] = False,
) -> None:
    """Print a row of a table for each set, tool and threshold."""
    _print("| set | tool | precision | recall | F1 | seconds |\n|---|---|---|---|---|---|")
    for name in only:
        truth = SETS[name].truths(folder)
        for row in _rows(name, folder, peers, curve):
            found = row.clusters.reindex(truth.index)
            if found.isna().any():
                raise SystemExit(f"{row.tool} lost {found.isna().sum()} of the {len(truth)} records of {name}.")
            precision, recall, f1 = scored(found, truth)
            _print(f"| {name} | {row.tool} | {precision:.4f} | {recall:.4f} | {f1:.4f} | {row.seconds} |")


@dataclass(frozen=True)
class Row:
    """What a tool says: the cluster by record id, and how long it took."""

    tool: str
    clusters: "pd.Series[str]"
    seconds: str


def scored(clusters: "pd.Series[str]", truth: "pd.Series[str]") -> tuple[float, float, float]:
    """Precision, recall and F1 over all pairs of records."""
    both = pd.DataFrame({"found": clusters, "true": truth})
    right, found, true = (_pairs(both, keys) for keys in (["found", "true"], ["found"], ["true"]))
    precision, recall = right / max(found, 1), right / max(true, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def _pairs(rows: pd.DataFrame, keys: list[str]) -> int:
    sizes = rows.groupby(keys).size()
    return int((sizes * (sizes - 1) // 2).sum())


def _rows(name: str, folder: Path, peers: bool, curve: bool) -> Iterator[Row]:
    yield _by_c360(name, folder, None)
    if curve:
        yield from (_by_c360(name, folder, probability) for probability in PROBABILITIES)
    if peers:
        yield from _by_peer("Splink", (sys.executable, str(HERE / "peer_splink.py")), name, folder)
    if peers and name not in TOO_MANY_FOR_RECORDLINKAGE:
        yield from _by_peer("recordlinkage", (*RECORDLINKAGE, str(HERE / "peer_recordlinkage.py")), name, folder)


def _by_c360(name: str, folder: Path, probability: float | None) -> Row:
    with tempfile.TemporaryDirectory(prefix="c360_quality_") as work:
        rules, out = Path(work) / "rules.yml", Path(work) / "customers.csv"
        said = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
        asked = {"matching": {"link_probability": probability}} if probability else {}
        rules.write_text(yaml.safe_dump({**said, **asked}, sort_keys=False), encoding="utf-8")
        records = [part for path in SETS[name].paths(folder) for part in ("--records", path)]
        started = time.perf_counter()
        _run(sys.executable, "-m", "c360", "identity", "resolve", *records, "--rules", str(rules), "--out", str(out))
        seconds = f"{time.perf_counter() - started:.1f}"
        clusters = pd.read_csv(out, dtype=str).set_index("record_id")["customer_id"]
    tool = f"c360 at {probability}" if probability else "**c360**"
    return Row(tool, clusters, seconds)


def _by_peer(tool: str, command: tuple[str, ...], name: str, folder: Path) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="c360_quality_") as work:
        out = Path(work) / "clusters.csv"
        seconds = _run(*command, SETS[name].peer_name, str(out), *SETS[name].paths(folder)).split()[-1]
        found = pd.read_csv(out, dtype={"record_id": str, "cluster": str})
    for threshold, clusters in found.groupby("threshold"):
        yield Row(f"{tool} at {threshold}", clusters.set_index("record_id")["cluster"], seconds)


def _run(*command: str) -> str:
    done = subprocess.run(
        command, env=os.environ | {"PYTHONWARNINGS": "ignore"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:5])} … failed:\n{done.stderr[-2000:]}")
    return done.stdout


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    typer.run(main)
