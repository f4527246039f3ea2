"""The truth about a sample world: who is who, who stops buying, who agreed to what. The pipeline never reads it."""

import dataclasses
import json
from datetime import date

import numpy as np
import pandas as pd

from c360.sample.catalogue import Shelves, yearly_value_eur
from c360.sample.consent import standing
from c360.sample.draws import at
from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.ga4 import event_timestamps
from c360.sample.landing.records import tell
from c360.sample.people import tied_postal_codes
from c360.sample.story import Story
from c360.sample.world import World

README = """\
# The truth about the sample shop

Written by `c360 sample`: {customers} people, seed {seed}, {years} years before {until}. The pipeline never reads this
folder; tests and benchmarks compare what the pipeline found with what is written here.

| file | one row per | columns worth a word |
|---|---|---|
| `people.csv` | person | household, traits, and the days of joining, fading, dropping out, moving and marrying |
| `records.csv` | record of a source about a person | `record_id` as identity resolution names it; a card: its owner |
| `shared_identifiers.csv` | identifier of several people and person who uses it | no other identifier is shared |
| `orders.csv` | web order or till receipt of a person | who really bought, whatever card was shown; or else walk-ins |
| `devices.csv` | device of one person | `anonymous_id` of the tracker; others are shared, crawlers' or passers-by's |
| `shared_device_events.csv` | event on a store's tablet | who really did it; microseconds since 1970 as in GA4 |
| `app_devices.csv` | installation of the app | its `anonymous_id` in the app, and the telephone's advertising id |
| `bots.csv` | crawler | its `anonymous_id` |
| `consents.csv` | person, purpose and recipient | the answer that stands, not `is_valid` of minors; no row: none |
| `campaigns.csv` | campaign | |
| `treatments.csv` | person eligible for a campaign | treated or held out, and the orders it gave or (negative) took |
| `planted_faults.csv` | source table and kind of fault | rows spoilt on purpose |
| `landed_files.csv` | file | lines in it, header not counted, faults included; whether on time, late or again |
| `world.json` | | request and parameters (`c360/sample/world.py`, `c360/sample/encounters/touchpoints.py`) |

## What was planted

- **Who is who.** A person appears in several sources under differing spellings: e-mail addresses in other capitals,
  with spaces or two letters swapped, phone numbers in five styles, names without accents, in Latin letters, in
  capitals, with an initial, as a nickname or with two letters swapped. Sources miss identifiers, some people give the
  CRM another e-mail address, some orders are placed as a guest. {foreign} write their names and streets in another
  alphabet. {moved:.0%} of households move and {married:.0%} of adults change their surname: sources keep what they knew
  on the day they wrote. A few records share no identifier with the person's other records.
- **Who shares.** Households of up to four have one address, and mostly one surname. In {family_card:.0%} of those with
  a card of the first, everybody shows that card, and may leave an e-mail address of their own with it.
  {shared_email:.0%} of couples have one e-mail address. In {twins:.0%} of households with two children these are twins:
  one birth date, surname and address, two people. {tablet_share:.0%} of the account holders who visit the web shop sign
  in on tablets of stores, {tablet_users} people on each. A device used without signing in is a record too; in
  `records.csv` it is where it is one person's.
- **Who is no customer.** {tests:.1%} of people are the shop's own testers (`test+…@`, `qa+…@`): `is_test`. Crawlers
  look at {bot_events} products a visit, exactly {bot_gap} second apart.
- **Minors.** Who is under {consent_years:.0f} when the world ends cannot consent. Some answered all the same.
- **Churn.** Everybody buys at a rate of their own until the day they drop out. How soon that comes depends on their
  hazard class; some had dropped out before the files begin. In the fade, the last {fade_min:.0f} to {fade_max:.0f} days
  before dropping out, people buy as before, but their visits to the web shop fall off and they bring back
  {fade_return_share:.0%} of what they buy instead of {return_share:.0%}. After it, {residual:.0%} of the visits go
  on. So web engagement and returns foretell churn where recency, frequency and monetary value alone cannot.
- **What else foretells churn.** In the fade, {fade_complaint:.0%} of orders end in a complaint instead of
  {complaint:.1%}, and people open {fade_reading:.0%} of the messages they opened before. The hazard classes answer
  surveys with a mean NPS of {nps}, less after a return or an unresolved contact. Who declares a favourite category
  names the true one in {declared_truth:.0%} of cases; {segments_right:.0%} of the segments bought about people are
  right.
- **Lookalikes.** `taste` is the category of {taste_share:.0%} of what a person buys and looks at. `affluence` draws
  them to dearer products, in orders and in views alike, and goes with buying more often (correlation
  {rate_correlation}). `yearly_value_eur` is what a person spends in an active year, or for prospects, who buy nothing,
  would spend: prospects with a high one look like the best customers.
- **Uplift.** {campaigns} campaigns, from each of which chance holds back {holdout:.0%} of the eligible. Whatever the
  campaign, a person is of one `uplift_class`: {uplift}. Only what `treatments.csv` names in `extra_order_count` was
  moved; `orders.csv` names the campaign that caused an order. Persuadable people are mostly of the less affluent half
  and sure things of the other, so that a model can find them.
- **A proxy for a protected group.** `group` `b` is in no source, but the postcodes {tied}
  are tied to it: {tied_share:.0%} of their households are `b`, and {elsewhere_share:.0%} of the others. `b` joins,
  buys, spends, visits, fades and drops out exactly like `a`, and is seen less: the card is shown on {b_card:.0%} of
  receipts instead of {a_card:.0%}, and the tracker learns the account in {b_sign:.0%} of visits instead of
  {a_sign:.0%}.
- **Researched online, bought in a store.** Before {researched:.0%} of the store orders of people who also use the web
  shop, one to {research_days:.0f} days earlier, they looked there at a product of the category of the first line:
  `is_researched_online`. Others may have by chance.
- **Consent.** {granted:.0%} grant the ad purposes, {withdrawn:.0%} granted and withdrew, {refused:.0%} refused and
  {unanswered:.0%} never answered; of those who grant, {second:.0%} refuse the second recipient. E-mail marketing is
  answered independently.
- **Faults.** `duplicate_row`: a row twice, byte for byte. `cut_off_line`, `unparsable_amount`, `unparsable_date` and
  `implausible_time`: an extra, spoilt copy behind a good row, so refusing it loses nothing. `invalid_email` and
  `invalid_phone`: a good row whose e-mail address or phone number nobody can use. A file that is `late` holds the rows
  of one past day, which its name bears and the others lack; one that came `again` is a late file under another name.

E-mail addresses lie in domains reserved for examples. Phone numbers are drawn at random from real mobile ranges and may
be somebody's: never send anything made from this world to a real platform.
"""
TOLD_OF_PEOPLE = [
    "person_id",
    "country_code",
    "currency_code",
    "group",
    "is_minor",
    "is_test",
    "is_twin",
    "is_prospect",
    "churn_hazard_class",
    "uplift_class",
    "taste",
]


def tell_truth(story: Story, encounters: Encounters, world: World) -> dict[str, pd.DataFrame]:
    """The block's part of the tables of the truth, by file stem."""
    return {
        "people": _people(story, world),
        **tell(story, encounters),
        "shared_identifiers": _shared_identifiers(story),
        "orders": _orders(story),
        "devices": _by_person(story, story.visits.devices),
        "shared_device_events": _shared_device_events(story),
        "bots": story.visits.bots,
        "consents": _consents(story),
        "campaigns": _campaigns(story),
        "treatments": _treatments(story),
    }


@dataclasses.dataclass(frozen=True)
class Request:
    """What was asked of a sample: how many people, which chance, until which morning, over how many years."""

    customers: int
    seed: int
    until: date
    years: int
    events_per_customer: float | None = None

    def as_json(self) -> dict[str, str | float | None]:
        """The request with its date as text."""
        return dataclasses.asdict(self) | {"until": self.until.isoformat()}


def parameters(world: World, request: Request) -> str:
    """What was asked of a world and every parameter of it, as JSON."""
    return json.dumps({"request": request.as_json(), "parameters": dataclasses.asdict(world)}, indent=2) + "\n"


def readme(world: World, request: Request) -> str:
    """What was planted, in words and with this world's numbers."""
    return README.format(
        **request.as_json(),
        **_of_people(world),
        **_of_behaviour(world),
        **_of_campaigns(world),
        **_of_consent(world),
        **_of_encounters(world),
    )


def _of_people(world: World) -> dict[str, object]:
    households, odd, group = world.households, world.odd, world.protected_group
    return {
        "foreign": "Greeks, Bulgarians and Moroccans",
        "moved": world.changes.moved_share,
        "married": world.changes.married_share,
        "family_card": households.family_card_share,
        "shared_email": households.shared_email_share,
        "twins": households.twins_share,
        "tablet_share": odd.tablet_user_share,
        "tablet_users": odd.tablet_users,
        "tests": odd.test_account_share,
        "bot_events": odd.bot_events_per_visit,
        "bot_gap": odd.bot_gap_seconds,
        "consent_years": world.ages.consent_years,
        "tied": ", ".join(tied_postal_codes(group)),
        "tied_share": group.share_in_tied_postcodes,
        "elsewhere_share": group.share_elsewhere,
        "b_card": group.card_shown_share,
        "a_card": world.shop.stores.card_shown_share,
        "b_sign": group.signed_in_share,
        "a_sign": world.browsing.steps.signed_in_share,
    }


def _of_behaviour(world: World) -> dict[str, object]:
    baskets = world.shop.baskets
    return {
        "fade_min": world.lifecycle.fade_min_days,
        "fade_max": world.lifecycle.fade_max_days,
        "fade_return_share": baskets.fade_return_share,
        "return_share": baskets.return_share,
        "residual": world.browsing.residual_share,
        "taste_share": world.character.taste_share,
        "rate_correlation": world.character.rate_correlation,
        "researched": baskets.researched_share,
        "research_days": baskets.research_days,
    }


def _of_campaigns(world: World) -> dict[str, object]:
    kinds = [
        f"`{kind.name}` ({kind.extra_orders_if_reached} orders more and {kind.lost_share_if_reached:.0%} of orders "
        f"lost if reached, {kind.orders_anyway} orders more whether reached or not)"
        for kind in world.campaigning.classes
    ]
    return {
        "campaigns": world.campaigning.campaign_count,
        "holdout": world.campaigning.holdout_share,
        "uplift": ", ".join(kinds),
    }


def _of_consent(world: World) -> dict[str, object]:
    consent = world.consent
    return {
        "granted": consent.granted_share,
        "withdrawn": consent.withdrawn_share,
        "refused": consent.refused_share,
        "unanswered": consent.unanswered_share,
        "second": consent.second_recipient_refused_share,
    }


def _of_encounters(world: World) -> dict[str, object]:
    talk = world.touchpoints.conversations
    return {
        "fade_complaint": talk.calls.fade_complaint_share,
        "complaint": talk.calls.complaint_share,
        "fade_reading": talk.reading.fade_factor,
        "nps": ", ".join(f"{mean} (`{name}`)" for name, mean in talk.surveys.class_means),
        "declared_truth": talk.declarations.true_favourite_share,
        "segments_right": world.touchpoints.third_party.right_share,
    }


def _people(story: Story, world: World) -> pd.DataFrame:
    people, baskets = story.people, world.shop.baskets
    told = people[TOLD_OF_PEOPLE].copy()
    told.insert(1, "household_id", at(people["person_id"], people["head"]))
    for measure in ("affluence", "orders_per_year"):
        told[measure] = people[measure].round(3)
    shelves = Shelves(story.products, world.shop.catalogue, world.character)
    pieces = (1 + baskets.extra_lines_mean) * (1 + baskets.extra_quantity_mean)
    told["yearly_value_eur"] = yearly_value_eur(people, shelves, world.character, pieces).round(2)
    for moment in ("joined", "fade_started", "dropped_out", "moved", "married"):
        told[f"{moment}_date"] = _dates(story, people[f"{moment}_day"])
    return told


def _dates(story: Story, days: pd.Series) -> pd.Series:
    """Calendar days as text, missing where there is none."""
    dates = story.timeline.dates(days.fillna(0.0).to_numpy())
    return pd.Series(np.datetime_as_string(dates, unit="D"), dtype="str", index=days.index).where(days.notna())


def _shared_identifiers(story: Story) -> pd.DataFrame:
    """Everybody who uses an identifier that several people use, as sources mean it, not as they spell it."""
    people = story.people
    parts = []
    for identifier in ("loyalty_number", "email"):
        used = people.loc[people[identifier].notna() & people.duplicated(identifier, keep=False)]
        parts.append(_users(identifier, used[identifier], used["person_id"]))
    tablets = story.visits.shared_devices
    parts.append(_users("anonymous_id", tablets["anonymous_id"], at(people["person_id"], tablets["person"])))
    return pd.concat(parts, ignore_index=True)


def _users(identifier: str, values: pd.Series, person_ids: pd.Series) -> pd.DataFrame:
    kind = pd.Series(identifier, index=range(len(values)), dtype="str")
    return pd.DataFrame({"identifier_type": kind, "identifier_value": values.array, "person_id": pd.array(person_ids)})


def _orders(story: Story) -> pd.DataFrame:
    orders = story.purchases.orders
    told = _by_person(story, orders[orders["person"] >= 0])
    source = pd.Series(np.where(told["is_store"], "pos:", "web_shop:"), dtype="str")
    return told.assign(order_id=source + told["order_id"], campaign_id=_campaign_ids(story, told["campaign"]))[
        ["person_id", "order_id", "campaign_id", "is_researched_online"]
    ]


def _campaign_ids(story: Story, campaign: pd.Series) -> pd.Series:
    ids = story.campaigns.campaigns["campaign_id"]
    return at(ids, campaign, or_missing=True)


def _shared_device_events(story: Story) -> pd.DataFrame:
    """By what GA4 knows an event: its device and its microsecond."""
    events = story.visits.events.assign(event_timestamp=event_timestamps(story))
    return _by_person(story, events.loc[events["is_shared_device"], ["person", "anonymous_id", "event_timestamp"]])


def _consents(story: Story) -> pd.DataFrame:
    told = standing(story.answers.decisions)
    told["is_valid"] = ~story.people["is_minor"].to_numpy()[told["person"]]
    return _by_person(story, told)[["person_id", "purpose", "recipient", "is_granted", "is_valid"]]


def _campaigns(story: Story) -> pd.DataFrame:
    """The campaigns, once per world."""
    campaigns = story.campaigns.campaigns
    told = campaigns[["campaign_id", "name", "channel", "platform", "category"]].copy()
    for moment in ("start", "end"):
        told[f"{moment}_date"] = _dates(story, campaigns[f"{moment}_day"])
    return told if story.block.number == 0 else told.head(0)


def _treatments(story: Story) -> pd.DataFrame:
    told = _by_person(story, story.campaigns.treatments)
    told["campaign_id"] = _campaign_ids(story, told["campaign"])
    told["reached_date"] = _dates(story, told["day"])
    return told[["person_id", "campaign_id", "is_treated", "reached_date", "extra_order_count"]]


def _by_person(story: Story, rows: pd.DataFrame) -> pd.DataFrame:
    person_id = at(story.people["person_id"], rows["person"])
    told = rows.drop(columns="person").reset_index(drop=True)
    told.insert(0, "person_id", person_id)
    return told
