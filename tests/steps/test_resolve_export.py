"""From customers to audience members to payload files: who gets in, who does not, and why."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from c360.core.errors import ConfigurationError, ExportStopped
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.privacy.hashing import file_digest, sha256_hex, share
from c360.steps.export import export
from c360.steps.resolve import resolve

AS_OF = date(2026, 7, 1)
CUSTOMERS = 300
PURPOSES = ["ad_user_data", "ad_personalization"]
SYNC = """
    create or replace view exports.sync_{destination} as
    select member.audience_name, person.*
    from pipeline.audience_members as member
    join customer_360.dim_customers as person using (customer_id)
    where member.destination_name = '{destination}' and member.as_of_date = date '2026-07-01'
        and member.status = 'member'
"""
CONSENTING = """
    and 2 = (
        select count(*) from privacy.customer_consents as consent
        where consent.customer_id = member.customer_id and consent.recipient = '{destination}' and consent.is_granted
    )
"""
AUDIENCES = {
    "all_buyers": {"where": "order_count >= 1", "destinations": ["google_ads", "meta"]},
    "likely_leavers": {"where": "coalesce(churn_probability, 0) < 2", "destinations": ["meta"]},
    "nobody_at_all": {"where": "order_count > 1000", "destinations": ["meta"]},
}


def person(number: int) -> str:
    """The id of a customer of the test world."""
    return f"c_{number:016x}"


def write_audience(folder: Path, name: str, **changes: object) -> None:
    """Write an audience file."""
    content: dict[str, object] = {
        "name": name,
        "description": "Customers of the test world.",
        "owner": "tests",
        "use": "retargeting",
        "purposes": PURPOSES,
        "holdout_rate": 0.2,
    }
    (folder / f"{name}.yml").write_text(yaml.safe_dump(content | changes), encoding="utf-8")


def make_warehouse(run: RunContext) -> None:
    """Customers of whom every third consents to both platforms, every third to one purpose, every third to nothing.

    Customer 0 and 3 consent but have no identifier, customer 6 has one that no platform can use.
    """
    with open_warehouse(run.settings) as warehouse:
        for schema in ("customer_360", "privacy", "exports", "pipeline"):
            warehouse.execute(f"create schema {schema}")
        warehouse.execute(f"""
            create table customer_360.customer_360 as
            select format('c_{{:016x}}', i) as customer_id, 1 as order_count, date '2026-07-01' as as_of_date
            from range({CUSTOMERS}) as t(i)
        """)
        warehouse.execute(f"""
            create table customer_360.dim_customers as
            select
                format('c_{{:016x}}', i) as customer_id,
                case
                    when i in (0, 3) then null when i = 6 then 'not an address' else 'p' || i || '@example.com'
                end as email,
                case when i in (0, 3, 6) then null else '+336123' || lpad(i::text, 5, '0') end as phone,
                'Ana' as first_name, 'Lopez' as last_name, '75001' as postal_code, 'FR' as country_code
            from range({CUSTOMERS}) as t(i)
        """)
        warehouse.execute(f"""
            create table privacy.customer_consents as
            select format('c_{{:016x}}', i) as customer_id, purpose, recipient, true as is_granted, null as decided_at
            from
                range({CUSTOMERS}) as t(i), unnest({PURPOSES}) as p(purpose),
                unnest(['google_ads', 'meta']) as r(recipient)
            where i % 3 = 0 or (i % 3 = 1 and purpose = 'ad_user_data')
        """)
        warehouse.execute(
            "create table pipeline.audience_members (audience_name text, destination_name text, "
            "customer_id text, as_of_date date, status text, reason text)"
        )
        for destination in ("google_ads", "meta"):
            warehouse.execute((SYNC + CONSENTING).format(destination=destination))


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    """A run over the small world, before resolve."""
    audiences = tmp_path / "audiences"
    audiences.mkdir()
    for name, changes in AUDIENCES.items():
        write_audience(audiences, name, **changes)
    context = RunContext(AS_OF, "test", Settings(data_dir=tmp_path / "data", audiences_dir=audiences))
    make_warehouse(context)
    return context


def execute(run: RunContext, sql: str) -> None:
    """Change the test world."""
    with open_warehouse(run.settings) as warehouse:
        warehouse.execute(sql)


def rows(run: RunContext, sql: str) -> list[tuple[Any, ...]]:
    """Ask the test world."""
    with open_warehouse(run.settings) as warehouse:
        return warehouse.rows(sql)


def members(run: RunContext, destination: str = "meta") -> dict[str, tuple[str, str]]:
    """What became of each matched customer of all_buyers."""
    found = rows(
        run,
        "select customer_id, status, reason from pipeline.audience_members "
        f"where audience_name = 'all_buyers' and destination_name = '{destination}'",
    )
    return {customer: (status, reason) for customer, status, reason in found}


def exported(run: RunContext, audience: str = "all_buyers") -> set[str]:
    """The customers whose own id is in Meta's payload files."""
    folder = run.settings.exports_dir / "2026-07-01" / "meta" / audience
    bodies = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("batch_*.json")]
    return {row[-1] for body in bodies for row in body["payload"]["data"]}


def manifest(run: RunContext, audience: str, destination: str = "meta") -> dict[str, Any]:
    """The manifest of an audience."""
    path = run.settings.exports_dir / "2026-07-01" / destination / audience / "manifest.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def results(run: RunContext) -> dict[str, tuple[str, str, str | None]]:
    """The rows of export_results of all_buyers at Meta."""
    found = rows(
        run,
        "select customer_id, status, reason, batch_file from pipeline.export_results "
        "where audience_name = 'all_buyers' and destination_name = 'meta'",
    )
    return {customer: (status, reason, file) for customer, status, reason, file in found}


def tree(folder: Path) -> dict[str, str]:
    """Each file of a folder with its digest."""
    return {str(path.relative_to(folder)): file_digest(path) for path in folder.rglob("*") if path.is_file()}


def test_everybody_matched_has_one_row_with_a_reason(run: RunContext) -> None:
    """Matched = excluded + held out + members, and each kind has its own reason."""
    counts = {(count.audience_name, count.destination_name): count for count in resolve(run)}
    count = counts["all_buyers", "meta"]
    found = members(run)

    assert count.matched_count == len(found) == CUSTOMERS
    assert count.excluded == {"no_consent:ad_personalization": 100, "no_consent:ad_user_data": 100, "no_identifier": 2}
    assert count.held_out_count + count.member_count == 98
    assert 8 <= count.held_out_count <= 32
    assert found[person(0)] == ("excluded", "no_identifier")
    assert found[person(1)] == ("excluded", "no_consent:ad_personalization")
    assert found[person(2)] == ("excluded", "no_consent:ad_user_data")
    assert set(Counter(found.values())) >= {("held_out", "holdout"), ("member", "")}


def test_nobody_without_consent_is_a_member_or_in_a_payload(run: RunContext) -> None:
    """Only customers who granted this platform both purposes get anywhere."""
    resolve(run)
    export(run, "meta")
    consenting = {person(number) for number in range(0, CUSTOMERS, 3)}

    assert 60 < len(exported(run)) < 98
    assert {customer for customer, (status, _) in members(run).items() if status != "excluded"} <= consenting
    assert exported(run) <= consenting


def test_a_view_that_forgets_consent_lets_nobody_through(run: RunContext) -> None:
    """The step reads consent itself: a view without the filter changes nothing."""
    resolve(run)
    execute(run, SYNC.format(destination="meta"))
    execute(run, f"delete from privacy.customer_consents where customer_id <> '{person(9)}'")
    export(run, "meta")

    assert exported(run) <= {person(9)}


def test_consent_of_another_platform_does_not_count(run: RunContext) -> None:
    """Consent is per recipient: what was granted to Google is not granted to Meta."""
    execute(run, "delete from privacy.customer_consents where recipient = 'meta'")
    counts = {(count.audience_name, count.destination_name): count for count in resolve(run)}

    assert counts["all_buyers", "meta"].member_count == 0
    assert counts["all_buyers", "google_ads"].member_count > 60


def test_the_holdout_is_one_draw_for_all_destinations(run: RunContext) -> None:
    """Whoever is held out from one platform is from the other, by a draw over customer and audience."""
    resolve(run)
    by_destination = [
        {customer for customer, (status, _) in members(run, destination).items() if status == "held_out"}
        for destination in ("google_ads", "meta")
    ]

    assert by_destination[0] == by_destination[1] != set()
    assert all(share(customer, "all_buyers") < 0.2 for customer in by_destination[0])


def test_the_holdout_does_not_move_with_consent(run: RunContext) -> None:
    """When more people consent, those held out before still are."""
    resolve(run)
    before = {customer for customer, (status, _) in members(run).items() if status == "held_out"}
    execute(
        run,
        "insert into privacy.customer_consents select customer_id, 'ad_personalization', 'meta', true, null "
        "from privacy.customer_consents where recipient = 'meta' and purpose = 'ad_user_data' "
        "and customer_id not in "
        "(select customer_id from privacy.customer_consents where purpose = 'ad_personalization')",
    )
    resolve(run)
    after = {customer for customer, (status, _) in members(run).items() if status == "held_out"}

    assert before < after


def test_the_holdout_is_never_exported(run: RunContext) -> None:
    """No held-out customer is in a payload, and a view that offers one stops the export."""
    resolve(run)
    export(run, "meta")
    held_out = {customer for customer, (status, _) in members(run).items() if status == "held_out"}
    before = tree(run.settings.exports_dir)

    assert held_out
    assert not exported(run) & held_out
    execute(run, SYNC.format(destination="meta").replace("member.status = 'member'", "member.status <> 'excluded'"))
    with pytest.raises(ExportStopped, match=f"holds {len(held_out)} rows that are not members"):
        export(run, "meta")
    assert tree(run.settings.exports_dir) == before


def test_a_member_offered_twice_stops_the_export(run: RunContext) -> None:
    """A doubled row is a fault of the view, not two members."""
    resolve(run)
    execute(
        run,
        "insert into customer_360.dim_customers "
        f"select * from customer_360.dim_customers where customer_id = '{person(9)}'",
    )
    execute(run, f"update pipeline.audience_members set status = 'member' where customer_id = '{person(9)}'")
    with pytest.raises(ExportStopped, match="there twice"):
        export(run, "meta")


def test_a_withdrawal_after_resolve_is_respected(run: RunContext) -> None:
    """Consent is read when sending: who withdrew in between is refused with the reason, the others go."""
    resolve(run)
    export(run, "meta")
    before = exported(run)
    leaver = min(before)
    execute(
        run,
        "update privacy.customer_consents set is_granted = false "
        f"where customer_id = '{leaver}' and purpose = 'ad_personalization' and recipient = 'meta'",
    )
    export(run, "meta")

    assert exported(run) == before - {leaver}
    assert results(run)[leaver] == ("refused", "no_consent:ad_personalization", None)
    assert manifest(run, "all_buyers")["refused"]["no_consent:ad_personalization"] == 1


def test_every_member_has_a_result(run: RunContext) -> None:
    """Members = written + refused, each written one names its file, each refused one its reason."""
    resolve(run)
    execute(
        run, f"update pipeline.audience_members set status = 'member', reason = '' where customer_id = '{person(6)}'"
    )
    outcome = next(one for one in export(run, "meta").audiences if one.audience_name == "all_buyers")
    found = results(run)

    assert set(found) == {customer for customer, (status, _) in members(run).items() if status == "member"}
    assert found[person(6)] == ("refused", "no_valid_identifier", None)
    assert {customer for customer, result in found.items() if result[0] == "written"} == exported(run)
    assert {result[2] for result in found.values()} == {None, "2026-07-01/meta/all_buyers/batch_0001.json"}
    assert outcome.written_count + sum(outcome.refused.values()) == len(found)
    assert (run.settings.exports_dir / "2026-07-01/meta/all_buyers/batch_0001.json").exists()


def test_running_again_gives_the_same_bytes_and_rows(run: RunContext) -> None:
    """Resolve and export may be repeated, after a kill as well, with rows in any order."""
    resolve(run)
    export(run, "meta")
    export(run, "google_ads")
    before = tree(run.settings.exports_dir), members(run), results(run)
    execute(
        run,
        "create or replace table customer_360.customer_360 as "
        "select * from customer_360.customer_360 order by hash(customer_id)",
    )
    execute(run, "drop table pipeline.export_results")
    (run.settings.exports_dir / "2026-07-01/meta/all_buyers/manifest.json").unlink()
    resolve(run)
    export(run, "meta")
    export(run, "google_ads")

    assert len(before[0]) == 6
    assert (tree(run.settings.exports_dir), members(run), results(run)) == before


def test_other_days_and_destinations_stay(run: RunContext) -> None:
    """A run replaces its own day's rows, and an export its own destination's."""
    execute(run, "insert into pipeline.audience_members values ('old', 'meta', 'c_x', date '2026-06-30', 'member', '')")
    resolve(run)
    export(run, "google_ads")
    export(run, "meta")
    export(run, "meta")

    assert rows(run, "select count(*) from pipeline.audience_members where as_of_date = date '2026-06-30'") == [(1,)]
    assert rows(run, "select distinct destination_name from pipeline.export_results order by 1") == [
        ("google_ads",),
        ("meta",),
    ]


def test_the_manifest_counts_and_names_its_payloads(run: RunContext) -> None:
    """Its counts add up, and each payload has the digest it says."""
    resolve(run)
    export(run, "google_ads")
    content = manifest(run, "all_buyers", "google_ads")
    folder = run.settings.exports_dir / "2026-07-01/google_ads/all_buyers"

    assert content["dry_run"] is True
    assert content["spec_version"].startswith("v1, rules of ")
    assert content["matched_count"] == CUSTOMERS == content["member_count"] + sum(content["left_out"].values())
    assert content["member_count"] == content["written_count"] + sum(content["refused"].values())
    assert content["written_count"] == sum(batch["member_count"] for batch in content["batches"]) > 0
    assert [batch["sha256"] for batch in content["batches"]] == [tree(folder)["batch_0001.json"]]
    assert content["is_large_enough"] is False


def test_an_empty_audience_says_why(run: RunContext) -> None:
    """Zero is an answer with a cause: nobody meets the condition, or nobody consented."""
    execute(run, "delete from privacy.customer_consents")
    resolve(run)
    export(run, "meta")

    assert manifest(run, "nobody_at_all")["why_empty"] == "Nobody is in the audience: no customer meets its condition."
    assert manifest(run, "all_buyers")["why_empty"] == (
        "None of the 300 customers who meet its condition may be sent: no_consent:ad_user_data 300."
    )
    assert manifest(run, "all_buyers")["batches"] == []


def test_a_model_without_scores_matches_nobody(run: RunContext) -> None:
    """Not even a condition that is true without a score lets anybody in; with scores it does."""
    without = next(count for count in resolve(run) if count.audience_name == "likely_leavers")
    export(run, "meta")

    assert (without.matched_count, without.missing_models) == (0, ("churn",))
    assert "model churn has no scores of 2026-07-01" in manifest(run, "likely_leavers")["why_empty"]
    with open_warehouse(run.settings) as warehouse:
        listed = warehouse.rows(
            "select distinct models_without_scores from pipeline.audiences where audience_name = 'likely_leavers'"
        )
    assert listed == [("churn",)]
    execute(
        run,
        "create table pipeline.scores as select 'churn' as model_name, customer_id, as_of_date, 0.4 as probability "
        "from customer_360.customer_360",
    )
    assert next(count for count in resolve(run) if count.audience_name == "likely_leavers").matched_count == CUSTOMERS


def test_scores_of_another_day_do_not_count(run: RunContext) -> None:
    """A score speaks about its own day."""
    execute(
        run,
        "create table pipeline.scores as select 'churn' as model_name, customer_id, date '2026-06-30' as as_of_date, "
        "0.4 as probability from customer_360.customer_360",
    )

    assert next(count for count in resolve(run) if count.audience_name == "likely_leavers").missing_models == ("churn",)


def test_no_personal_value_in_files_log_or_tables(run: RunContext, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither payloads, manifests, file names, the log nor the tables hold an address, a number or a name."""
    resolve(run)
    export(run, "meta")
    export(run, "google_ads")
    written = [path for path in run.settings.exports_dir.rglob("*") if path.is_file()]
    captured = capfd.readouterr()
    texts = [path.read_text(encoding="utf-8") + str(path.relative_to(run.settings.data_dir)) for path in written]
    texts += [
        captured.out + captured.err,
        str(rows(run, "from pipeline.audience_members, pipeline.export_results limit 5000")),
    ]
    everything = "\n".join(texts).lower()

    assert len(written) == 6
    assert "audience_exported" in captured.out + captured.err
    assert sha256_hex("p9@example.com") in everything or sha256_hex("p12@example.com") in everything
    assert not [needle for needle in ("@example", "336123", "lopez", '"ana"') if needle in everything]


@pytest.mark.parametrize(
    ("break_it", "complaint"),
    [
        (lambda run: execute(run, "drop table customer_360.customer_360"), "no customer_360"),
        (
            lambda run: execute(run, "update customer_360.customer_360 set as_of_date = date '2026-06-30'"),
            "speaks about",
        ),
        (
            lambda run: write_audience(run.settings.audiences_dir, "x", where="spend > 1", destinations=["meta"]),
            "`spend`",
        ),
        (
            lambda run: write_audience(
                run.settings.audiences_dir, "x", where="order_count > 'a'", destinations=["meta"]
            ),
            "different kinds",
        ),
        (
            lambda run: write_audience(
                run.settings.audiences_dir, "x", where="order_count > 1", destinations=["myspace"]
            ),
            "`myspace`",
        ),
        (
            lambda run: write_audience(
                run.settings.audiences_dir,
                "x",
                where="order_count > 1",
                destinations=["meta"],
                purposes=["email_marketing"],
            ),
            "lacks ad_user_data, ad_personalization",
        ),
    ],
    ids=["not built", "another day", "unknown column", "types", "unknown destination", "purposes"],
)
def test_resolve_says_what_is_wrong(run: RunContext, break_it: Callable[[RunContext], None], complaint: str) -> None:
    """A wrong file or a missing table ends before any member is written, with what to do."""
    break_it(run)
    with pytest.raises(ConfigurationError, match=complaint):
        resolve(run)

    assert rows(run, "select count(*) from pipeline.audience_members") == [(0,)]


def test_export_says_what_is_wrong(run: RunContext) -> None:
    """Sending for real, an unknown destination and a missing view are refused in words."""
    with pytest.raises(ConfigurationError, match="not built yet"):
        export(run, "meta", dry_run=False)
    with pytest.raises(ConfigurationError, match="no destination `myspace`"):
        export(run, "myspace")
    execute(run, "drop view exports.sync_meta")
    with pytest.raises(ConfigurationError, match="Run `c360 build exports` first"):
        export(run, "meta")
    assert not run.settings.exports_dir.exists()
