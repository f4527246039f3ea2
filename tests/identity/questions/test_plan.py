"""The simulator's comparison: who merges, who parts, and what share that is."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.identity.questions.plan import Merge, Split, changed_share, compare

Answer = dict[str, str]


def table(customers: Answer) -> pa.Table:
    return pa.table(
        {
            "record_id": pa.array(customers.keys(), pa.string()),
            "customer_id": pa.array(customers.values(), pa.string()),
        }
    )


def spelled(groups: str) -> Answer:
    """`ab c` is a customer `a` with the records a and b, and a customer `c`."""
    return {record: group[0] for group in groups.split() for record in group}


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ("ab c", "ab c", 0.0),
        ("ab c", "ac b", 1.0),
        ("ab c d", "abc d", 2 / 3),
        ("ab c d", "a b c d", 1 / 3),
        ("abc", "cab", 0.0),
        ("ab c", "abxyz c", 0.0),
        ("abx", "ab", 0.0),
        ("ab xy", "ab", 0.0),
        ("", "ab", 0.0),
        ("ab", "", 0.0),
    ],
)
def test_share_of_customers_who_change(before: str, after: str, share: float) -> None:
    """Who merges or parts counts once; new records, gone ones and other names change nobody."""
    assert changed_share(table(spelled(before)), table(spelled(after))) == pytest.approx(share)


def test_merges_and_splits_are_told_the_largest_first() -> None:
    """Each with the records of every side; a customer may do both."""
    told = compare(table(spelled("abcd e f ghij klm nn")), table(spelled("abcde f ghki jlm nn")))

    assert told.merges(9) == [Merge(("a", "e"), (4, 1)), Merge(("g", "k"), (3, 1)), Merge(("k", "g"), (2, 1))]
    assert told.splits(9) == [Split("g", (3, 1)), Split("k", (2, 1))]
    assert told.merges(1) == [Merge(("a", "e"), (4, 1))]
    assert told.splits(0) == []
    assert (told.before_count, told.after_count) == (6, 5)


people = st.dictionaries(st.sampled_from("abcdefghij"), st.sampled_from("xyz1234"), max_size=10)


@given(people, people)
def test_the_share_is_that_of_looking_at_each_customer(before: Answer, after: Answer) -> None:
    """The columns say what a person would who compares the sets of records one by one."""
    both = before.keys() & after.keys()
    was, becomes = (
        {one: frozenset(r for r in both if answer[r] == answer[one]) for one in both} for answer in (before, after)
    )
    customers = set(was.values())
    changed = {records for records in customers if any(becomes[one] != records for one in records)}

    assert changed_share(table(before), table(after)) == (len(changed) / len(customers) if customers else 0)
