"""What visitors of the web shop do, as Google Analytics 4 exports it to BigQuery and from there to files.

The past is exported as Parquet, the last days as JSON lines, in which BigQuery writes whole numbers as text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from c360.sample.countries import FRANCE
from c360.sample.draws import Flags, Positions, pick
from c360.sample.encounters.advertising import ad_campaigns
from c360.sample.encounters.encounters import Encounters
from c360.sample.encounters.touchpoints import Tracker
from c360.sample.landing.ads import click_ids
from c360.sample.landing.columns import chosen, lists, only_where, struct, taken, text
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, implausible_time
from c360.sample.shopping import NOBODY
from c360.sample.story import Story
from c360.sample.world import World

SITE = "https://www.example.com"
MICROS = 1_000_000
STREAM_ID = "4102837465"
DAYS_AS_JSON = 3
EVENT_NAMES = {
    "page_view": "page_view",
    "search": "view_search_results",
    "sign_in": "login",
    "product_view": "view_item",
    "add_to_basket": "add_to_cart",
    "purchase": "purchase",
}
"""What the world calls an event, and what Google Analytics does."""
PARAMETERS = ("ga_session_id", "page_location", "engagement_time_msec", "search_term")
SESSION, PAGE, ENGAGEMENT, TERM = range(4)
TERMS = ("robe", "jean", "baskets", "lampe", "cadeau", "carnet", "crème", "ballon", "pull enfant", "soldes")
COUNTRIES = {
    "FR": "France", "BE": "Belgium", "DE": "Germany", "GB": "United Kingdom", "ES": "Spain", "IT": "Italy",
    "GR": "Greece", "BG": "Bulgaria", "MA": "Morocco",
}  # fmt: skip
"""Google Analytics names countries in English."""
MOBILE, DESKTOP, TABLET = range(3)
CATEGORIES = ("mobile", "desktop", "tablet")
SYSTEMS = ("Android", "Windows", "iOS")
BROWSERS = ("Chrome", "Edge", "Safari")
FIRST_SOURCES = (("google", "organic"), ("(direct)", "(none)"), ("newsletter", "email"), ("facebook.com", "referral"))
"""How devices found the shop first."""
YES, NO, UNSET = range(3)


@dataclass(frozen=True)
class Devices:
    """What the tracker knows of each device, by its position among the devices of the block."""

    of_event: Positions
    names: pd.Index
    category: Positions
    first_source: Positions


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per event: the past in one file, then a file a day."""
    rows = _rows(rng, story, encounters, world)
    until = story.timeline.until
    days = story.visits.events["moment"].to_numpy().astype("datetime64[D]")
    starts = [int(np.searchsorted(days, np.datetime64(until, "D") - left)) for left in range(DAYS_AS_JSON, -1, -1)]
    past = RawTable(
        "ga4",
        "events",
        "parquet",
        rows.slice(0, starts[0]),
        day=until - timedelta(days=DAYS_AS_JSON + 1),
        suffix="_history",
        faults=(DUPLICATE, implausible_time("event_timestamp")),
    )
    return [past, *_days(rows, starts, until)]


def _days(rows: pa.Table, starts: list[int], until: date) -> list[RawTable]:
    """A file for each of the last days, whose rows lie between two of `starts`."""
    tables = []
    for left, (start, end) in zip(range(DAYS_AS_JSON, 0, -1), pairwise(starts), strict=True):
        day = until - timedelta(days=left)
        of_day = as_json(rows.slice(start, end - start))
        tables.append(RawTable("ga4", "events", "jsonl.gz", of_day, day=day, faults=(DUPLICATE, CUT_OFF)))
    return tables


def as_json(rows: pa.Table) -> pa.Table:
    """The rows as BigQuery writes them in JSON: whole numbers are text at any depth."""
    return pa.table({name: _numbers_as_text(rows[name].combine_chunks()) for name in rows.column_names})


def _numbers_as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_integer(column.type):
        return column.cast(pa.string())
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    if pa.types.is_list(column.type):
        values = _numbers_as_text(column.flatten())
        counts = pc.list_value_length(column).to_numpy(zero_copy_only=False)
        return lists(values, counts)
    if pa.types.is_struct(column.type):
        fields = {column.type.field(number).name: column.field(number) for number in range(column.type.num_fields)}
        mask = column.is_null().to_numpy(zero_copy_only=False)
        return struct({name: _numbers_as_text(values) for name, values in fields.items()}, mask=mask)
    return column


def event_timestamps(story: Story) -> Positions:
    """Microseconds since 1970 of every event, by which and its device it is known: Google Analytics gives it no id."""
    moments = story.visits.events["moment"].to_numpy().astype("datetime64[s]").astype("int64")
    return np.asarray(moments * MICROS + np.arange(len(moments)) % MICROS)


def _rows(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> pa.Table:
    events, count = story.visits.events, len(story.visits.events)
    devices = _devices(rng, story, world.touchpoints.tracker)
    seconds = events["moment"].to_numpy().astype("datetime64[s]").astype("int64")
    visit = _dense(events["visit"].to_numpy())
    started, place = _first(visit, seconds)[visit], _places(visit)
    consent = _ads_consent(story)[events["person"].to_numpy()]
    yes_no = ("Yes", "No", "Unset")
    return pa.table(
        {
            "event_date": _dates(events["moment"].to_numpy()),
            "event_timestamp": pa.array(event_timestamps(story)),
            "event_name": _named(events["event_name"], EVENT_NAMES),
            "event_params": _parameters(rng, events, started, world.touchpoints.tracker),
            "event_bundle_sequence_id": pa.array(rng.integers(1, 2**31, int(visit.max(initial=0)) + 1)[visit]),
            "batch_event_index": pa.array(place + 1),
            "user_id": _user_ids(story),
            "user_pseudo_id": _few(text(pd.Series(devices.names)), devices.of_event),
            "privacy_info": struct(
                {
                    "analytics_storage": _few(("Yes",), np.zeros(count, dtype=np.int8)),
                    "ads_storage": _few(yes_no, consent),
                    "uses_transient_token": _few(("No",), np.zeros(count, dtype=np.int8)),
                }
            ),
            "user_first_touch_timestamp": pa.array(MICROS * _first(devices.of_event, seconds)[devices.of_event]),
            "device": _device(events, devices),
            "geo": _geo(story, events),
            "traffic_source": _traffic_source(devices),
            "collected_traffic_source": _collected(story, encounters, world, consent),
            "stream_id": _few((STREAM_ID,), np.zeros(count, dtype=np.int8)),
            "platform": _few(("WEB",), np.zeros(count, dtype=np.int8)),
            "items": _items(story, events),
            "ecommerce": _ecommerce(story, events),
        }
    )


def _user_ids(story: Story) -> pa.DictionaryArray:
    """The account, where the tracker knows it."""
    events, holders = story.visits.events, story.people["account_id"].dropna()
    is_known = events["user_id"].notna().to_numpy()
    place = np.zeros(len(story.people) + 1, dtype=np.int32)  # the last one for nobody
    place[holders.index] = np.arange(len(holders))
    return pa.DictionaryArray.from_arrays(pa.array(place[events["person"]], mask=~is_known), text(holders))


def _few(values: Sequence[str] | pa.StringArray, positions: Positions) -> pa.DictionaryArray:
    """One of a few different values for every row, kept as its position in them.

    They must differ: of equal ones, and of positions outside them, Parquet's writer does not always write the same.
    """
    return pa.DictionaryArray.from_arrays(pa.array(positions.astype(np.int32)), pa.array(values, pa.string()))


def _named(names: pd.Series, names_there: dict[str, str]) -> pa.DictionaryArray:
    coded = pa.array(names.astype("category"))
    there = [names_there[name] for name in coded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(coded.indices, pa.array(there, pa.string()))


def _dates(moments: np.ndarray) -> pa.StringArray:
    """`20260630`."""
    return pc.replace_substring(pa.array(moments.astype("datetime64[D]")).cast(pa.string()), "-", "")


def _dense(numbers: np.ndarray) -> Positions:
    """The same numbers counted from 0 without gaps."""
    return np.asarray(pd.factorize(numbers)[0], dtype=np.int64)


def _first(group: Positions, values: np.ndarray) -> np.ndarray:
    """The first value of each group; later ones are overwritten from behind."""
    first = np.zeros(int(group.max(initial=-1)) + 1, dtype=values.dtype)
    first[group[::-1]] = values[::-1]
    return first


def _places(group: Positions) -> Positions:
    """Which of its group each row is, from 0."""
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group)
    place = np.empty(len(group), dtype=np.int64)
    place[order] = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)
    return place


def _devices(rng: np.random.Generator, story: Story, tracker: Tracker) -> Devices:
    of_event, names = pd.factorize(story.visits.events["anonymous_id"])
    category = pick(rng, tracker.category_weights, len(names))
    is_shared = pd.Series(names).isin(story.visits.shared_devices["anonymous_id"]).to_numpy()
    category = np.where(is_shared, TABLET, category)
    return Devices(of_event, names, category, pick(rng, tracker.first_source_weights, len(names)))


def _parameters(rng: np.random.Generator, events: pd.DataFrame, started: np.ndarray, tracker: Tracker) -> pa.ListArray:
    """The session, the page, the time spent, and what was searched: a list of keys and values of four types."""
    is_search = (events["event_name"] == "search").to_numpy()
    counts = TERM + is_search.astype(np.int64)
    event = np.repeat(np.arange(len(events)), counts)
    kind = np.arange(len(event)) - np.repeat(np.cumsum(counts) - counts, counts)
    engaged = np.ceil(rng.exponential(tracker.engagement_mean_msec, len(events))).astype("int64")
    whole = np.where(kind == SESSION, started[event], engaged[event])
    is_text = (kind == PAGE) | (kind == TERM)
    pages = pa.array(events["page_path"].astype("category"))
    words = pa.chunked_array([_urls(pages.dictionary), pa.array(TERMS)]).combine_chunks()
    term = len(pages.dictionary) + rng.integers(0, len(TERMS), len(events))
    word = np.where(kind == PAGE, pages.indices.to_numpy()[event], term[event]).astype(np.int32)
    value = {
        "string_value": pa.DictionaryArray.from_arrays(pa.array(word, mask=~is_text), words),
        "int_value": pa.array(whole, mask=is_text),
        "float_value": pa.nulls(len(event), pa.float64()),
        "double_value": pa.nulls(len(event), pa.float64()),
    }
    return lists(struct({"key": _few(PARAMETERS, kind), "value": struct(value)}), counts)


def _urls(paths: pa.Array) -> pa.StringArray:
    return pc.binary_join_element_wise(SITE, paths.cast(pa.string()), "")


def _device(events: pd.DataFrame, devices: Devices) -> pa.StructArray:
    is_bot = events["is_bot"].to_numpy(dtype=bool)
    category = np.where(is_bot, DESKTOP, devices.category[devices.of_event])
    browser = np.where(is_bot, len(BROWSERS), category)
    return struct(
        {
            "category": _few(CATEGORIES, category),
            "operating_system": _few((*SYSTEMS, "Linux"), np.where(is_bot, len(SYSTEMS), category)),
            "language": _few(("fr-fr",), np.zeros(len(events), dtype=np.int8)),
            "is_limited_ad_tracking": _few(("No",), np.zeros(len(events), dtype=np.int8)),
            "web_info": struct(
                {
                    "browser": _few((*BROWSERS, "Headless Chrome"), browser),
                    "hostname": _few(("www.example.com",), np.zeros(len(events), dtype=np.int8)),
                }
            ),
        }
    )


def _geo(story: Story, events: pd.DataFrame) -> pa.StructArray:
    """Where the visitor is: people at home, everybody else in France."""
    codes = list(COUNTRIES)
    home = pd.Index(codes).get_indexer(pd.Index(story.people["country_code"]))
    country = np.append(home, codes.index(FRANCE.code))[events["person"].to_numpy()]
    return struct({"country": _few(list(COUNTRIES.values()), country)})


def _traffic_source(devices: Devices) -> pa.StructArray:
    """How the device came first."""
    first = devices.first_source[devices.of_event]
    sources, media = zip(*FIRST_SOURCES, strict=True)
    names = tuple("(direct)" if source == "(direct)" else f"({medium})" for source, medium in FIRST_SOURCES)
    return struct({"name": _few(names, first), "medium": _few(media, first), "source": _few(sources, first)})


def _collected(story: Story, encounters: Encounters, world: World, consent: Positions) -> pa.StructArray:
    """The campaign and Google's click id in the first event of a visit that an advertisement brought.

    Without consent to the storage of ads the tracker drops the click id.
    """
    advertising, clicks = world.touchpoints.advertising, encounters.conversations.ad_clicks
    running, count = ad_campaigns(story.campaigns, advertising), len(story.visits.events)
    at, campaign = clicks["event"].to_numpy(), clicks["campaign"].to_numpy()
    row = np.full(count, -1)
    row[at] = np.arange(len(clicks))
    at_row = pa.array(row, mask=row < 0)
    kinds = [kind for _, kind, _ in advertising.platform_weights]
    platforms = [platform for platform, _, _ in advertising.platform_weights]
    platform = running["platform"].to_numpy()[campaign]
    is_kept: Flags = (platform == kinds.index("gclid")) & (consent[at] == YES)
    gclid = only_where(click_ids(clicks, story, advertising), is_kept)
    return struct(
        {
            "manual_campaign_id": text(running["campaign_id"].iloc[campaign]).take(at_row),
            "manual_campaign_name": text(running["name"].iloc[campaign]).take(at_row),
            "manual_source": chosen(platforms, platform).take(at_row),
            "manual_medium": chosen(("cpc",), np.zeros(len(clicks), dtype=np.int64)).take(at_row),
            "gclid": gclid.take(at_row),
        },
        mask=row < 0,
    )


def _ads_consent(story: Story) -> Positions:
    """What the banner let the tracker keep for ads, for each person and, in the last place, for nobody's visits."""
    decisions = story.answers.decisions
    asked = (decisions["purpose"] == "ad_user_data") & (decisions["recipient"] == "google_ads")
    newest = decisions[asked.to_numpy()].drop_duplicates("person", keep="last")
    consent = np.full(len(story.people) + 1, UNSET)
    consent[newest["person"].to_numpy()] = np.where(newest["is_granted"].to_numpy(dtype=bool), YES, NO)
    consent[NOBODY] = UNSET
    return consent


def _items(story: Story, events: pd.DataFrame) -> pa.ListArray:
    """The one product that an event is about, or none."""
    product = pd.Index(story.products["sku"]).get_indexer(events["sku"])
    is_about: Flags = product >= 0
    product = product[is_about]
    categories = pa.array(story.products["category"].astype("category"))
    skus = text(story.products["sku"])
    items = struct(
        {
            "item_id": pa.DictionaryArray.from_arrays(pa.array(product.astype(np.int32)), skus),
            "item_name": pa.DictionaryArray.from_arrays(pa.array(product.astype(np.int32)), skus),
            "item_category": pa.DictionaryArray.from_arrays(
                pa.array(categories.indices.to_numpy()[product].astype(np.int32)),
                categories.dictionary.cast(pa.string()),
            ),
            "price": pa.array(story.products["price_cents"].to_numpy()[product] / 100),
            "quantity": pa.array(np.ones(len(product), dtype=np.int64)),
        }
    )
    return lists(items, is_about.astype(np.int64))


def _ecommerce(story: Story, events: pd.DataFrame) -> pa.StructArray:
    """The order of a purchase: the first visits are those that ended in the web orders, one each."""
    orders = story.purchases.orders
    is_purchase = (events["event_name"] == "purchase").to_numpy()
    number = np.where(is_purchase, events["visit"].to_numpy(), -1)
    order_ids = taken(orders.loc[~orders["is_store"], "order_id"], number)
    return struct({"transaction_id": order_ids}, mask=~is_purchase)
