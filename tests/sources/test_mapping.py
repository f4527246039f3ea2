"""Feeds that a contract maps itself: what is refused when it is loaded, and what dbt is told."""

from pathlib import Path

import pytest

from c360.core.errors import ContractError
from c360.core.settings import PROJECT_DIR
from c360.sources.contracts.contract import FEEDS, feeds_by_entity
from c360.sources.contracts.feeds import FEED_COLUMNS
from c360.sources.contracts.loading import load_contract, load_contracts
from c360.sources.contracts.mapping import mapped_feeds

SOUND = """
source: kiosk
description: What visitors do at the kiosks in the stores.
owner: stores-team
purposes: [analytics]
feeds: [interactions]
tables:
  touches:
    description: One row per touch.
    files: touches_*.csv
    format: csv
    key: [touch_id]
    event_time: touched_at
    columns:
      touch_id: {type: string, required: true}
      email: {type: string, personal: email}
      screen: {type: string}
      seconds: {type: integer}
      day: {type: date}
      touched_at: {type: timestamp, required: true}
    feeds:
      interactions:
        interaction_id: "'kiosk:' || touch_id"
        record_id: case when email_normalised is not null then 'kiosk:touch:' || touch_id end
        channel: "'kiosk'"
        interaction_kind: screen
        duration_seconds: seconds
        occurred_at: touched_at
"""


def load(tmp_path: Path, text: str = SOUND) -> object:
    (tmp_path / "kiosk.yml").write_text(text, "utf-8")
    return load_contract(tmp_path / "kiosk.yml")


@pytest.mark.parametrize(
    ("sound", "faulty", "why"),
    [
        ("      interactions:\n", "      touches:\n", "tables.touches.feeds.touches"),
        ("feeds: [interactions]", "feeds: [records]", "feeds: a table maps interactions, which is not among them"),
        ("interaction_kind: screen", "kind: screen", "interactions.kind: is no column of the feed; its columns are "),
        ("interaction_kind: screen", "source_name: screen", "interactions.source_name: is filled in"),
        ("        interaction_id: \"'kiosk:' || touch_id\"\n", "", "interactions: needs the column interaction_id"),
        ("        occurred_at: touched_at\n", "", "interactions: needs the column occurred_at"),
        (
            "interaction_kind: screen",
            "interaction_kind: page",
            'interaction_kind: Binder Error: Referenced column "page"',
        ),
        ("duration_seconds: seconds", "duration_seconds: screen", "gives VARCHAR, not BIGINT"),
        ("duration_seconds: seconds", "duration_seconds: seconds / 2", "gives DOUBLE, not BIGINT"),
        ("duration_seconds: seconds", "duration_seconds: sum(seconds)", "must appear in the GROUP BY"),
        ("duration_seconds: seconds", "duration_seconds: seconds; drop table x", "duration_seconds: Parser Error"),
        ("interaction_kind: screen", "interaction_kind: screen), (day", "is more than one expression"),
        ("occurred_at: touched_at", "occurred_at: screen", "gives VARCHAR, not TIMESTAMP"),
        ("interaction_kind: screen", "interaction_kind: ' '", "feeds.interactions.interaction_kind"),
        ("source: kiosk", "source: mapped", "mapped is the name of all mapped tables"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(tmp_path: Path, sound: str, faulty: str, why: str) -> None:
    """Whatever dbt would stumble over is said when the contract is loaded, with its place."""
    assert sound in SOUND
    with pytest.raises(ContractError) as raised:
        load(tmp_path, SOUND.replace(sound, faulty))

    assert why in str(raised.value)


@pytest.mark.parametrize("kept", ["duration_seconds: '60'", "duration_seconds: length(screen)", "occurred_at: day"])
def test_a_narrower_type_is_taken(tmp_path: Path, kept: str) -> None:
    """A small integer is an integer and a day is a moment; nothing of them can fail to be cast."""
    column = kept.split(":", maxsplit=1)[0]
    [old] = [line.strip() for line in SOUND.splitlines() if line.startswith(f"        {column}:")]

    assert load(tmp_path, SOUND.replace(old, kept))


def test_dbt_learns_the_expressions_and_who_stages(tmp_path: Path) -> None:
    """A mapped feed is staged by `mapped`, which gets the table's name in the lake and the expressions as written."""
    load(tmp_path)
    contracts = load_contracts(tmp_path)
    [mapped] = mapped_feeds(contracts)["interactions"]

    assert feeds_by_entity(contracts)["interactions"] == ["mapped"]
    assert (mapped["source_name"], mapped["table"]) == ("kiosk", "kiosk__touches")
    assert mapped["columns"]["interaction_id"] == "'kiosk:' || touch_id"


def test_the_virtual_store_needs_no_staging_model() -> None:
    """The shop's channel in a virtual world is its contract, and nothing in the dbt project or in c360 names it."""
    contract = load_contract(PROJECT_DIR / "contracts" / "virtual_store.yml")
    files = [
        path
        for folder, pattern in (("dbt_project/macros", "*.sql"), ("dbt_project/models", "*.sql"), ("c360", "*.py"))
        for path in (PROJECT_DIR / folder).rglob(pattern)
        if "sample" not in path.parts
    ]

    assert contract.mapped_feeds == set(contract.feeds)
    assert len(files) > 100
    assert [path for path in files if "virtual_store" in path.read_text("utf-8")] == []


def test_every_feed_has_its_columns() -> None:
    """Each feed is known to the contracts, names its rows first and ends in when they are."""
    moments = {list(columns.values())[-1] for columns in FEED_COLUMNS.values()}

    assert tuple(FEED_COLUMNS) == FEEDS
    assert moments == {"timestamp", "date"}
