"""What matching learned, as a folder of JSON and Parquet. Frozen until somebody trains again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from c360.core.errors import C360Error

FREQUENCIES_SCHEMA = pa.schema([("column", pa.string()), ("value", pa.string()), ("frequency", pa.float64())])
VARIANTS_SCHEMA = pa.schema([("column", pa.string()), ("value", pa.string()), ("variant", pa.string())])
CROWDED_SCHEMA = pa.schema([("key", pa.uint64())])

_TABLES = {"frequencies": FREQUENCIES_SCHEMA, "variants": VARIANTS_SCHEMA, "crowded_keys": CROWDED_SCHEMA}
_ABOUT = "model.json"

Floats = npt.NDArray[np.float64]
MAX_BITS = 200.0


@dataclass(frozen=True)
class Shares:
    """How often each level of a comparison, and last none, holds for one person's records and for strangers'."""

    same_person: tuple[float, ...]
    strangers: tuple[float, ...]


@dataclass(frozen=True)
class MatchModel:
    """How telling every agreement is; a pair's score depends on this and on the two profiles alone.

    columns: what is compared. shares: by column. prior: the probability that two random records are one person's.
    household: how many pairs live together
    for each pair of one person. rare: by column, the frequency of every value that `frequencies` does not list.
    frequencies, variants: values many people share, with their share of people; names that stand for each other.
    crowded_keys: keys that so many profiles share that they say nothing. compares_all: no keys, all pairs.
    """

    columns: tuple[str, ...]
    shares: Mapping[str, Shares]
    prior: float
    household: float
    rare: Mapping[str, float]
    compares_all: bool
    frequencies: pa.Table
    variants: pa.Table
    crowded_keys: pa.Table

    def probability(self, weight: Floats, personal_weight: Floats) -> Floats:
        """How likely pairs are one person's, and not two strangers' nor two people's of one household.

        Args:
            weight: Bits for one person against two strangers, the prior included.
            personal_weight: Bits for one person against two people of one household.
        """
        one_person, one_household = self.odds(weight, personal_weight)
        return np.asarray(one_person / (1 + one_person + one_household))

    def odds(self, weight: Floats, personal_weight: Floats) -> tuple[Floats, Floats]:
        """The odds of one person, and of two people of one household, against two strangers."""
        inside = np.clip(weight, -MAX_BITS, MAX_BITS)
        return np.exp2(inside), self.household * np.exp2(np.clip(inside - personal_weight, -MAX_BITS, MAX_BITS))

    def settled(self) -> "MatchModel":
        """The same with every number to nine digits: sums over several threads differ in their last ones."""
        frequency = pa.array(
            [_nine_digits(number) for number in self.frequencies["frequency"].to_pylist()], pa.float64()
        )
        return replace(
            self,
            shares={
                column: Shares(*(tuple(map(_nine_digits, side)) for side in (found.same_person, found.strangers)))
                for column, found in self.shares.items()
            },
            prior=_nine_digits(self.prior),
            household=_nine_digits(self.household),
            rare={column: _nine_digits(number) for column, number in self.rare.items()},
            frequencies=self.frequencies.set_column(2, "frequency", frequency),
        )

    @property
    def about(self) -> str:
        """Everything but the tables, as JSON."""
        about = {
            "columns": self.columns,
            "shares": {column: vars(shares) for column, shares in self.shares.items()},
            "prior": self.prior,
            "household": self.household,
            "rare": dict(self.rare),
            "compares_all": self.compares_all,
        }
        return json.dumps(about, indent=1)

    def save(self, folder: Path) -> None:
        """Write the model's files into a folder, which is made if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _ABOUT).write_text(self.about + "\n", encoding="utf-8")
        for name in _TABLES:
            pq.write_table(getattr(self, name), folder / f"{name}.parquet")

    @classmethod
    def load(cls, folder: Path) -> "MatchModel":
        """Read a model that was saved.

        Raises:
            C360Error: the folder holds no whole model.
        """
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            tables = {name: pq.read_table(folder / f"{name}.parquet", schema=_TABLES[name]) for name in _TABLES}
            shares = {
                column: Shares(tuple(read["same_person"]), tuple(read["strangers"]))
                for column, read in about["shares"].items()
            }
            return cls(
                tuple(about["columns"]),
                shares,
                about["prior"],
                about["household"],
                about["rare"],
                about["compares_all"],
                **tables,
            )
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowInvalid) as error:
            raise C360Error(
                f"{folder} holds no whole model of matching ({type(error).__name__}). Run: c360 identity train"
            ) from None


def _nine_digits(number: float) -> float:
    return float(f"{number:.9g}")
