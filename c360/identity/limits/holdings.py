"""Who holds which identifier, in whole numbers: the form in which closure and limits count."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from c360.identity.codes import Codes
from c360.identity.evidence import Evidence, Positions
from c360.identity.rules import Rules


@dataclass(frozen=True)
class Holdings:
    """One row per record and value, sorted by type, value and record; the arrays of rows are of one length.

    record: its position. value: a number per type and value, ascending. kind: the place of its type in the rules.
    first_row: by value, its first row; one more at the end, so that value `v` has the rows `first_row[v]` up to
    `first_row[v + 1]`.
    """

    record: Positions
    value: Codes
    kind: npt.NDArray[np.int16]
    first_row: Codes

    @classmethod
    def of(cls, identifiers: pa.Table, rules: Rules) -> "Holdings":
        """The identifiers of an `Evidence` in numbers."""
        types, values = identifiers["identifier_type"], identifiers["identifier_value"]
        is_first = _differs_from_before(types) | _differs_from_before(values)
        places = pc.index_in(types, value_set=pa.array(list(rules.identifiers), pa.string()))
        return cls(
            record=identifiers["record"].to_numpy().astype(np.int64, copy=False),
            value=np.cumsum(is_first) - 1,
            kind=places.to_numpy().astype(np.int16),
            first_row=np.append(np.flatnonzero(is_first), len(is_first)),
        )

    @property
    def record_counts(self) -> Codes:
        """By value, how many records hold it."""
        return np.diff(self.first_row)

    @cached_property
    def kind_of_value(self) -> npt.NDArray[np.int16]:
        """By value, the place of its type in the rules."""
        return self.kind[self.first_row[:-1]]


def attribute(evidence: Evidence, rules: Rules, kind: str) -> pa.Array | None:
    """The first column of the records that is of this kind of attribute, if the rules name one."""
    column = next((name for name, attribute_kind in rules.attributes.items() if attribute_kind == kind), None)
    return None if column is None else evidence.records[column].combine_chunks()


def _differs_from_before(texts: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    if not len(texts):
        return np.empty(0, bool)
    changes = pc.not_equal(texts.slice(1), texts.slice(0, len(texts) - 1))
    return np.concatenate(([True], changes.to_numpy()))
