"""The calls of the shop's app, as the Segment specification has them, one object a line."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from c360.sample.draws import Flags, happens
from c360.sample.encounters.app import IDENTIFY, ORDER_COMPLETED, SCREEN
from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.columns import chosen, only_where, struct, taken, text, utc_millis, uuids_of
from c360.sample.landing.devices import advertising_ids, installations
from c360.sample.landing.written import emails
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, unparsable_date
from c360.sample.shopping import Purchases
from c360.sample.story import Story
from c360.sample.timeline import Moments
from c360.sample.world import World

FAULTS = (DUPLICATE, CUT_OFF, unparsable_date("timestamp"))
SCREENS = ("Accueil", "Catalogue", "Panier", "Compte")
QUERIES = ("robe", "jean", "baskets", "lampe", "cadeau", "carnet", "crème", "ballon", "pull enfant", "soldes")
MODELS, MAKERS = ("Pixel 8", "iPhone15,4"), ("Google", "Apple")


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per call."""
    calls, users = encounters.app.calls, encounters.app.users.iloc[encounters.app.calls["user"].to_numpy()]
    kind = calls["call"].astype("str").reset_index(drop=True)
    is_track = ~kind.isin((IDENTIFY, SCREEN)).to_numpy()
    moments = story.timeline.start.astype("datetime64[ms]") + (1000 * calls["second"].to_numpy()).astype(
        "timedelta64[ms]"
    )
    sent = moments + rng.integers(0, 900, len(calls)).astype("timedelta64[ms]")
    person = calls["person"].to_numpy()
    account = taken(story.people["account_id"], person)
    rows = {
        "messageId": uuids_of((story.block.number << 32) + np.arange(len(calls)), "segment/message"),
        "type": pc.if_else(pa.array(is_track), "track", text(kind)),
        "event": only_where(text(kind), is_track),
        "userId": only_where(account, calls["is_known"].to_numpy(dtype=bool)),
        "anonymousId": installations(users["installation"].to_numpy()),
        **_times(rng, moments, sent),
        "name": only_where(chosen(SCREENS, rng.integers(0, len(SCREENS), len(calls))), (kind == SCREEN).to_numpy()),
        "properties": _properties(rng, story, calls, kind, is_track),
        "traits": _traits(rng, story, world, calls, (kind == IDENTIFY).to_numpy()),
        "context": _context(users),
        "version": pa.array(np.full(len(calls), 2)),
    }
    return [RawTable("segment", "calls", "jsonl.gz", pa.table(rows), faults=FAULTS, late_by="timestamp")]


def _times(rng: np.random.Generator, moments: Moments, sent: Moments) -> dict[str, pa.Array]:
    """When it happened on the device, left it, and reached the server."""
    received = sent + rng.integers(20, 4000, len(sent)).astype("timedelta64[ms]")
    return {
        "timestamp": utc_millis(moments),
        "originalTimestamp": utc_millis(moments),
        "sentAt": utc_millis(sent),
        "receivedAt": utc_millis(received),
    }


def _properties(
    rng: np.random.Generator, story: Story, calls: pd.DataFrame, kind: pd.Series, is_track: Flags
) -> pa.StructArray:
    product, order = calls["product"].to_numpy(), calls["order"].to_numpy()
    sku = taken(story.products["sku"], product)
    price = story.products["price_cents"].to_numpy()[product] / 100
    totals = _totals(story.purchases)
    is_order, is_priced = (kind == ORDER_COMPLETED).to_numpy(), (product >= 0) | (order >= 0)
    query = chosen(QUERIES, rng.integers(0, len(QUERIES), len(calls)))
    return struct(
        {
            "product_id": sku,
            "sku": sku,
            "category": taken(story.products["category"], product),
            "price": pa.array(price, mask=product < 0),
            "query": only_where(query, (kind == "Products Searched").to_numpy()),
            "order_id": taken(story.purchases.orders["order_id"], order),
            "total": pa.array(totals[order] / 100, mask=~is_order),
            "currency": only_where(taken(story.people["currency_code"], calls["person"].to_numpy()), is_priced),
        },
        mask=~is_track,
    )


def _totals(purchases: Purchases) -> np.ndarray:
    """What each order came to, in cents, before anything came back."""
    lines = purchases.lines
    cents = np.maximum(lines["quantity"].to_numpy(), 0) * lines["unit_cents"].to_numpy()
    return np.bincount(lines["order"], weights=cents, minlength=max(len(purchases.orders), 1))


def _traits(
    rng: np.random.Generator, story: Story, world: World, calls: pd.DataFrame, is_identify: Flags
) -> pa.StructArray:
    count = len(story.people)
    person = calls["person"].to_numpy()
    people = story.people.iloc[person].reset_index(drop=True)
    international = text(people["phone_international"].str.replace(" ", "", regex=False))
    has_phone = happens(rng, world.writing.completeness.account_phone_share, count)[person]
    return struct(
        {
            "email": emails(rng, people["email"], world.writing),
            "phone": only_where(international, has_phone),
            "firstName": text(people["first_name"]),
            "lastName": text(people["last_name"]),
            "address": struct({"country": text(people["country_code"])}),
        },
        mask=~is_identify,
    )


def _context(users: pd.DataFrame) -> pa.StructArray:
    system = users["is_ios"].to_numpy().astype("int64")
    shows = users["shows_advertising_id"].to_numpy(dtype=bool)
    device = {
        "id": uuids_of(users["installation"].to_numpy(), "segment/device"),
        "advertisingId": only_where(advertising_ids(users["installation"].to_numpy()), shows),
        "adTrackingEnabled": pa.array(shows),
        "manufacturer": chosen(MAKERS, system),
        "model": chosen(MODELS, system),
        "type": chosen(("android", "ios"), system),
    }
    one = np.zeros(len(users), dtype="int64")
    return struct(
        {
            "app": struct({"name": chosen(("Boutique",), one), "version": chosen(("4.12.0",), one)}),
            "device": struct(device),
            "library": struct({"name": chosen(("analytics-kotlin", "analytics-swift"), system)}),
            "locale": chosen(("fr-FR",), one),
            "os": struct({"name": chosen(("Android", "iOS"), system)}),
        }
    )
