"""The life of the sample world as five source systems would export it: their columns, clocks and ways of writing."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.draws import Positions, at, happens
from c360.sample.people import as_known
from c360.sample.raw_table import (
    CUT_OFF,
    DUPLICATE,
    RawTable,
    invalid_email,
    invalid_phone,
    unparsable_amount,
    unparsable_date,
)
from c360.sample.spelling import written_emails, written_names, written_phones
from c360.sample.story import Story
from c360.sample.timeline import Moments
from c360.sample.world import Writing


def write_down(rng: np.random.Generator, story: Story, writing: Writing) -> list[RawTable]:
    """Every table of every source, clean."""
    return [
        _accounts(rng, story, writing),
        _orders(rng, story, writing),
        _order_lines(story),
        _receipt_lines(rng, story, writing),
        _contacts(rng, story, writing),
        _events(story),
        _decisions(rng, story, writing),
    ]


def _accounts(rng: np.random.Generator, story: Story, writing: Writing) -> RawTable:
    person = np.flatnonzero(story.people["account_id"].notna())
    person, created, updated = _versions(rng, person, story, writing.spelling.changed_share)
    buyer = as_known(story.people, person, updated)
    rows = pd.DataFrame(
        {
            "account_id": buyer["account_id"],
            "email": written_emails(rng, buyer["email"], writing.spelling),
            "phone": _some_phones(rng, buyer, writing.completeness.account_phone_share, writing),
            **_names(rng, buyer, writing),
            "postal_code": buyer["postal_code"],
            "country_code": buyer["country_code"],
            "created_at": _utc(story.timeline.web_times(created)),
            "updated_at": _utc(story.timeline.web_times(updated)),
        }
    )
    rows = rows.sort_values(["updated_at", "account_id"], ignore_index=True)
    return RawTable(
        "web_shop",
        "accounts",
        "csv",
        _arrow(rows),
        faults=(DUPLICATE, CUT_OFF, invalid_email("email"), invalid_phone("phone")),
    )


def _orders(rng: np.random.Generator, story: Story, writing: Writing) -> RawTable:
    orders = story.purchases.orders
    web = orders[~orders["is_store"]].reset_index(drop=True)
    buyer = as_known(story.people, web["person"].to_numpy(), web["day"].to_numpy())
    phones = _some_phones(rng, buyer, 1.0, writing)
    has_email = happens(rng, writing.completeness.order_email_share, len(web))
    has_phone = happens(rng, writing.completeness.order_phone_share, len(web)) | ~has_email
    rows = pd.DataFrame(
        {
            "order_id": web["order_id"],
            "account_id": buyer["account_id"].where(web["is_signed_in"]),
            "email": written_emails(rng, buyer["email"], writing.spelling).where(has_email),
            "phone": phones.where(has_phone),
            **_names(rng, buyer, writing),
            "postal_code": buyer["postal_code"],
            "country_code": buyer["country_code"],
            "currency_code": web["currency_code"],
            "ordered_at": _utc(story.timeline.web_times(web["day"].to_numpy())),
        }
    )
    return RawTable(
        "web_shop",
        "orders",
        "csv",
        _arrow(rows),
        faults=(
            DUPLICATE,
            CUT_OFF,
            unparsable_date("ordered_at"),
            invalid_email("email"),
            invalid_phone("phone"),
        ),
    )


def _order_lines(story: Story) -> RawTable:
    lines = _lines(story, is_store=False)
    rows = pd.DataFrame(
        {
            "order_id": lines["order_id"],
            "line_number": lines["line_number"].astype(str),
            "sku": lines["sku"],
            "category": lines["category"],
            "quantity": lines["quantity"].astype(str),
            "unit_price_amount": _money(lines["unit_cents"]),
            "line_amount": _money(lines["quantity"] * lines["unit_cents"]),
            "ordered_at": _utc(story.timeline.web_times(lines["day"].to_numpy())),
        }
    )
    faults = (DUPLICATE, CUT_OFF, unparsable_amount("line_amount"))
    return RawTable("web_shop", "order_lines", "csv.gz", _arrow(rows), faults=faults)


def _receipt_lines(rng: np.random.Generator, story: Story, writing: Writing) -> RawTable:
    orders = _till_customers(rng, story, writing)
    lines = _lines(story, is_store=True)
    order = orders.iloc[lines["order"]].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "receipt_id": lines["order_id"],
            "line_number": lines["line_number"].astype(str),
            "store_id": "S" + order["store"].astype(str).str.zfill(2),
            "sold_at": _local(story.timeline.store_times(lines["day"].to_numpy())),
            "loyalty_number": order["loyalty_number"],
            "email": order["email"],
            "sku": lines["sku"],
            "category": lines["category"],
            "quantity": lines["quantity"].astype(str),
            "line_amount": _money(lines["quantity"] * lines["unit_cents"]),
            "currency_code": order["currency_code"],
        }
    )
    return RawTable(
        "pos",
        "receipt_lines",
        "csv.gz",
        _arrow(rows),
        faults=(DUPLICATE, CUT_OFF, unparsable_amount("line_amount"), unparsable_date("sold_at")),
        late_by="sold_at",
        is_sent_twice=True,
    )


def _till_customers(rng: np.random.Generator, story: Story, writing: Writing) -> pd.DataFrame:
    """The orders with what the till learns about who stands before it, which is mostly nothing."""
    orders, people = story.purchases.orders, story.people
    customer = people[["loyalty_number", "email"]].reindex(orders["person"]).reset_index(drop=True)
    return orders.assign(
        loyalty_number=customer["loyalty_number"].where(orders["shows_card"]),
        email=written_emails(rng, customer["email"], writing.spelling).where(orders["leaves_email"]),
    )


def _contacts(rng: np.random.Generator, story: Story, writing: Writing) -> RawTable:
    completeness = writing.completeness
    person = np.flatnonzero(story.people["contact_id"].notna())
    person, created, updated = _versions(rng, person, story, writing.spelling.changed_share)
    contact = as_known(story.people, person, updated)
    email = written_emails(rng, contact["second_email"].fillna(contact["email"]), writing.spelling)
    birth_date = _text(contact["birth_date"].to_numpy()).str.slice(0, 10)
    rows = pd.DataFrame(
        {
            "contact_id": contact["contact_id"],
            **_names(rng, contact, writing),
            "email": email.where(happens(rng, completeness.contact_email_share, len(contact))),
            "phone": _some_phones(rng, contact, completeness.contact_phone_share, writing),
            "loyalty_number": contact["loyalty_number"].where(contact["is_card_owner"]),
            "birth_date": birth_date.where(happens(rng, completeness.contact_birth_date_share, len(contact))),
            "postal_code": contact["postal_code"],
            "city": contact["city"],
            "country_code": contact["country_code"],
            "created_at": _local(story.timeline.store_times(created)),
            "updated_at": _local(story.timeline.store_times(updated)),
        }
    )
    rows = rows.sort_values(["updated_at", "contact_id"], ignore_index=True)
    return RawTable(
        "crm",
        "contacts",
        "csv",
        _arrow(rows),
        delimiter=";",
        faults=(
            DUPLICATE,
            CUT_OFF,
            unparsable_date("updated_at"),
            invalid_email("email"),
            invalid_phone("phone"),
        ),
    )


def _events(story: Story) -> RawTable:
    events = story.visits.events
    columns = ["event_id", "event_name", "occurred_at", "user_id", "anonymous_id", "sku", "page_path"]
    rows = events.assign(occurred_at=_utc(events["moment"].to_numpy()))[columns]
    faults = (DUPLICATE, CUT_OFF, unparsable_date("occurred_at"))
    return RawTable("web_events", "events", "jsonl.gz", _arrow(rows), faults=faults, late_by="occurred_at")


def _decisions(rng: np.random.Generator, story: Story, writing: Writing) -> RawTable:
    decisions = story.answers.decisions
    subject = _subjects(rng, story.people, writing).iloc[decisions["person"]].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "decision_id": decisions["decision_id"],
            "subject_id": at(story.answers.subject_ids, decisions["person"]),
            "email": subject["email"],
            "account_id": subject["account_id"],
            "loyalty_number": subject["loyalty_number"],
            "purpose": decisions["purpose"],
            "recipient": decisions["recipient"],
            "is_granted": decisions["is_granted"],
            "decided_at": _utc(story.timeline.web_times(decisions["day"].to_numpy())),
        }
    )
    faults = (DUPLICATE, CUT_OFF, unparsable_date("decided_at"))
    return RawTable("consents", "decisions", "jsonl", _arrow(rows), faults=faults)


def _subjects(rng: np.random.Generator, people: pd.DataFrame, writing: Writing) -> pd.DataFrame:
    """What the consent platform knows each person by: always something, the e-mail address if nothing else."""
    by_email, by_account, by_card = writing.completeness.consent_shares
    account_id = people["account_id"].where(happens(rng, by_account, len(people)))
    loyalty_number = people["loyalty_number"].where(happens(rng, by_card, len(people)))
    has_email = happens(rng, by_email, len(people)) | (account_id.isna() & loyalty_number.isna())
    email = written_emails(rng, people["email"], writing.spelling).where(has_email)
    return pd.DataFrame({"email": email, "account_id": account_id, "loyalty_number": loyalty_number})


def tell(story: Story) -> dict[str, pd.DataFrame]:
    """Tables of the truth about what the sources hold: `records`, every record about a person, with whose it is.

    The record of a card is its owner's.
    """
    people, orders = story.people, story.purchases.orders
    guests = orders[~orders["is_store"] & ~orders["is_signed_in"]]
    receipts = orders[orders["leaves_email"] & ~orders["shows_card"]]
    shown = people["loyalty_number"].iloc[orders.loc[orders["shows_card"], "person"].unique()]
    is_shown = people["is_card_owner"] & people["loyalty_number"].isin(shown)
    is_tracked = people["account_id"].isin(story.visits.events["user_id"].dropna().unique())
    records = pd.concat(
        [
            _named(story, "web_shop", "account", people["account_id"]),
            _named(story, "web_shop", "order", guests.set_index("person")["order_id"]),
            _named(story, "pos", "loyalty", people["loyalty_number"].where(is_shown)),
            _named(story, "pos", "receipt", receipts.set_index("person")["order_id"]),
            _named(story, "crm", "contact", people["contact_id"]),
            _named(story, "web_events", "user", people["account_id"].where(is_tracked)),
            _named(story, "consents", "subject", story.answers.subject_ids),
        ],
        ignore_index=True,
    )
    return {"records": records}


def _named(story: Story, source: str, kind: str, native_ids: pd.Series) -> pd.DataFrame:
    """Records of one kind, from native ids under the position of their person."""
    known = native_ids.dropna()
    return pd.DataFrame(
        {
            "person_id": at(story.people["person_id"], known.index.to_numpy()),
            "record_id": (f"{source}:{kind}:" + known).array,
            "source_name": pd.Series(source, index=range(len(known)), dtype="str"),
        }
    )


def _versions(
    rng: np.random.Generator, person: Positions, story: Story, changed_share: float
) -> tuple[Positions, np.ndarray, np.ndarray]:
    """Who has a row: everybody once, some twice; with the days on which they were created and the row was updated."""
    changed = person[happens(rng, changed_share, len(person))]
    joined = story.people["joined_day"].to_numpy()
    arrival = np.maximum(joined[changed], 0.0)
    changed_day = arrival + (story.timeline.day_count - arrival) * rng.random(len(changed))
    everybody = np.concatenate([person, changed])
    return everybody, joined[everybody], np.concatenate([joined[person], changed_day])


def _lines(story: Story, *, is_store: bool) -> pd.DataFrame:
    orders, lines = story.purchases.orders, story.purchases.lines
    chosen = lines[orders["is_store"].to_numpy()[lines["order"]] == is_store].reset_index(drop=True)
    products = story.products.iloc[chosen["product"]].reset_index(drop=True)
    order_id = at(orders["order_id"], chosen["order"])
    told: pd.DataFrame = chosen.assign(order_id=order_id, sku=products["sku"], category=products["category"])
    return told


def _names(rng: np.random.Generator, people: pd.DataFrame, writing: Writing) -> dict[str, pd.Series]:
    first, last = written_names(rng, people["first_name"], people["last_name"], writing.spelling)
    return {"first_name": first, "last_name": last}


def _some_phones(rng: np.random.Generator, people: pd.DataFrame, share: float, writing: Writing) -> pd.Series:
    phones = written_phones(rng, people["phone_national"], people["phone_international"], writing.spelling)
    return phones.where(happens(rng, share, len(people)))


def _arrow(rows: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(rows, preserve_index=False)


def _money(cents: pd.Series) -> pd.Series:
    """Cents as text with two decimals, `-12.90`."""
    size = cents.abs()
    text = (size // 100).astype(str) + "." + (size % 100).astype(str).str.zfill(2)
    return text.mask(cents < 0, "-" + text)


def _utc(times: Moments) -> pd.Series:
    return _text(times) + "Z"


def _local(times: Moments) -> pd.Series:
    return _text(times).str.replace("T", " ", regex=False)


def _text(times: Moments) -> pd.Series:
    return pd.Series(np.datetime_as_string(times, unit="s"), dtype="str")
