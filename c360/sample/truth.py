"""The truth about a sample world: who is who, who stops buying, who agreed to what. The pipeline never reads it."""

import dataclasses
import json
from datetime import date

import numpy as np
import pandas as pd

from c360.sample.consent import standing
from c360.sample.story import Story
from c360.sample.world import World

README = """\
# The truth about the sample shop

Written by `c360 sample`: {customers} people, seed {seed}, {years} years before {until}. The pipeline never reads this
folder; tests and benchmarks compare what the pipeline found with what is written here.

| file | one row per | columns worth a word |
|---|---|---|
| `people.csv` | person | `churn_hazard_class` and the days of joining, fading and dropping out, past and future |
| `records.csv` | record of a source about a person | `record_id` as identity resolution names it |
| `orders.csv` | web order or till receipt of a person | also receipts without card or e-mail; all others are walk-ins |
| `devices.csv` | device of a person | `anonymous_id` of the tracker; all others are passers-by |
| `consents.csv` | person, purpose and recipient | the answer that stands in the end; no row: never answered |
| `planted_faults.csv` | source table and kind of fault | rows spoilt on purpose |
| `landed_files.csv` | file | lines in it, header not counted, faults included |
| `world.json` | | what was asked, and every parameter of this world; `c360/sample/world.py` explains them |

## What was planted

- **Who is who.** A person appears in up to five sources under differing spellings: e-mail addresses in other capitals
  or with spaces, phone numbers in five styles, names without accents, in capitals or with an initial. Sources miss
  identifiers, some people give the CRM another e-mail address, some orders are placed as a guest. No two people share
  an identifier. A few records share no identifier with the person's other records: no exact rule can find them.
- **Churn.** Everybody buys at a rate of their own until the day they drop out. How soon that comes depends on their
  hazard class; some had dropped out before the files begin. In the fade, the last {fade_min:.0f} to {fade_max:.0f} days
  before dropping out, people buy as before, but their visits to the web shop fall off and they bring back
  {fade_return_share:.0%} of what they buy instead of {return_share:.0%}. After it, {residual:.0%} of the visits go
  on. So web engagement and returns foretell churn where recency, frequency and monetary value alone cannot.
- **Consent.** {granted:.0%} grant the ad purposes, {withdrawn:.0%} granted and withdrew, {refused:.0%} refused and
  {unanswered:.0%} never answered; of those who grant, {second:.0%} refuse the second recipient. E-mail marketing is
  answered independently.
- **Faults.** `duplicate_row`: a row twice, byte for byte. `ragged_line`, `malformed_json`, `unparsable_amount` and
  `unparsable_date`: an extra, spoilt copy behind a good row, so refusing it loses nothing. `invalid_email` and
  `invalid_phone`: a good row whose e-mail address or phone number nobody can use.

E-mail addresses lie in domains reserved for examples. Phone numbers are drawn at random from real mobile ranges and may
be somebody's: never send anything made from this world to a real platform.
"""


def tell_truth(story: Story) -> dict[str, pd.DataFrame]:
    """The tables of the truth by file stem."""
    return {
        "people": _people(story),
        "records": _records(story),
        "orders": _orders(story),
        "devices": _by_person(story, story.visits.devices),
        "consents": _by_person(story, standing(story.answers.decisions))[
            ["person_id", "purpose", "recipient", "is_granted"]
        ],
    }


def readme(story: Story, world: World, seed: int, years: int) -> str:
    """What was planted, in words and with this world's numbers."""
    baskets, consent = world.shop.baskets, world.consent
    return README.format(
        customers=len(story.people),
        seed=seed,
        years=years,
        until=story.timeline.until.isoformat(),
        fade_min=world.lifecycle.fade_min_days,
        fade_max=world.lifecycle.fade_max_days,
        fade_return_share=baskets.fade_return_share,
        return_share=baskets.return_share,
        residual=world.browsing.residual_share,
        granted=consent.granted_share,
        withdrawn=consent.withdrawn_share,
        refused=consent.refused_share,
        unanswered=consent.unanswered_share,
        second=consent.second_recipient_refused_share,
    )


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked of a sample: how many people, which chance, until which morning, over how many years."""

    customers: int
    seed: int
    until: date
    years: int

    def as_json(self) -> dict[str, str | int]:
        """The request with its date as text."""
        return dataclasses.asdict(self) | {"until": self.until.isoformat()}


def parameters(world: World, request: Request) -> str:
    """What was asked of a world and every parameter of it, as JSON."""
    return json.dumps({"request": request.as_json(), "parameters": dataclasses.asdict(world)}, indent=2) + "\n"


def _people(story: Story) -> pd.DataFrame:
    people = story.people
    told = people[["person_id", "country_code", "currency_code", "churn_hazard_class", "is_prospect"]].copy()
    told["orders_per_year"] = people["orders_per_year"].round(3)
    for moment in ("joined", "fade_started", "dropped_out"):
        days = story.timeline.dates(people[f"{moment}_day"].to_numpy())
        told[f"{moment}_date"] = np.datetime_as_string(days, unit="D")
    return told


def _records(story: Story) -> pd.DataFrame:
    people, orders = story.people, story.purchases.orders
    guests = orders[~orders["is_store"] & ~orders["is_signed_in"]]
    receipts = orders[orders["leaves_email"] & ~orders["shows_card"]]
    card_holders = np.unique(orders.loc[orders["shows_card"], "person"].to_numpy())
    is_tracked = people["account_id"].isin(story.visits.events["user_id"].dropna())
    return pd.concat(
        [
            _named(story, "web_shop", "account", people["account_id"]),
            _named(story, "web_shop", "order", guests.set_index("person")["order_id"]),
            _named(story, "pos", "loyalty", people["loyalty_number"].iloc[card_holders]),
            _named(story, "pos", "receipt", receipts.set_index("person")["order_id"]),
            _named(story, "crm", "contact", people["contact_id"]),
            _named(story, "web_events", "user", people["account_id"].where(is_tracked)),
            _named(story, "consents", "subject", story.answers.subject_ids),
        ],
        ignore_index=True,
    )


def _named(story: Story, source: str, kind: str, native_ids: pd.Series) -> pd.DataFrame:
    """Records of one kind, from native ids under the position of their person."""
    known = native_ids.dropna()
    return pd.DataFrame(
        {
            "person_id": story.people["person_id"].to_numpy()[known.index],
            "record_id": (f"{source}:{kind}:" + known).to_numpy(),
            "source_name": source,
        }
    )


def _orders(story: Story) -> pd.DataFrame:
    orders = story.purchases.orders
    told = _by_person(story, orders[orders["person"] >= 0])
    source = np.where(told["is_store"], "pos:", "web_shop:")
    return told.assign(order_id=source + told["order_id"])[["person_id", "order_id"]]


def _by_person(story: Story, rows: pd.DataFrame) -> pd.DataFrame:
    person_id = story.people["person_id"].to_numpy()[rows["person"]]
    told = rows.drop(columns="person").reset_index(drop=True)
    told.insert(0, "person_id", person_id)
    return told
