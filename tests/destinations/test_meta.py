"""The body of Meta's custom audience upload."""

from datetime import date

from c360.destinations.batches import prepare
from c360.destinations.destination import Delivery, Person
from c360.destinations.meta import payload
from c360.privacy.hashing import sha256_hex

AS_OF = date(2026, 7, 1)


def test_rows_follow_the_schema() -> None:
    """One schema for all rows, our id plain at its place, and the empty string, unhashed, for what is unknown."""
    people = [
        Person("c_1", "ana@example.com", "+33612345678", "Ana", "Lopez", "75001", "FR"),
        Person("c_2", email="bea@example.org"),
    ]
    body = prepare(payload, people, "best_customers", AS_OF, dry_run=True).batches[0].body

    assert body["payload"]["schema"] == ["EMAIL", "PHONE", "FN", "LN", "ZIP", "COUNTRY", "EXTERN_ID"]
    assert body["payload"]["data"] == [
        [*map(sha256_hex, ("ana@example.com", "33612345678", "ana", "lopez", "75001", "fr")), "c_1"],
        [sha256_hex("bea@example.org"), "", "", "", "", "", "c_2"],
    ]


def test_the_session_counts_its_batches() -> None:
    """All batches of an audience on a day are one session; the last one says so."""
    bodies = [payload.body([], Delivery("a", AS_OF, number, 2, 10_001, True)) for number in (1, 2)]
    sessions = [body["session"] for body in bodies]
    other = payload.body([], Delivery("b", AS_OF, 1, 1, 1, True))["session"]

    assert [session["batch_seq"] for session in sessions] == [1, 2]
    assert [session["last_batch_flag"] for session in sessions] == [False, True]
    assert {session["estimated_num_total"] for session in sessions} == {10_001}
    assert sessions[0]["session_id"] == sessions[1]["session_id"] != other["session_id"]
    assert 0 < sessions[0]["session_id"] < 2**63
