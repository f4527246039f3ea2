"""The truth about the records that the sources hold: whose each of them is."""

import numpy as np
import pandas as pd

from c360.privacy.hashing import md5_hex
from c360.sample.draws import Positions, at
from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.devices import advertising_ids, installations
from c360.sample.shopping import NOBODY
from c360.sample.story import Story


def tell(story: Story, encounters: Encounters) -> dict[str, pd.DataFrame]:
    """Tables of the truth: `records`, and `app_devices`, whose each installation of the app is."""
    return {"records": _records(story, encounters), "app_devices": _app_devices(story, encounters)}


def _records(story: Story, encounters: Encounters) -> pd.DataFrame:
    """`person_id`, `record_id`, `source_name` of every record about a person. The record of a card is its owner's."""
    of_people = [*_of_the_shop(story), *_of_lists(story, encounters), *_of_places(story, encounters)]
    parts = [*of_people, *_of_devices(story, encounters)]
    return pd.concat(parts, ignore_index=True)


def _of_the_shop(story: Story) -> list[pd.DataFrame]:
    people, orders = story.people, story.purchases.orders
    guests = orders[~orders["is_store"] & ~orders["is_signed_in"]]
    receipts = orders[orders["leaves_email"] & ~orders["shows_card"]]
    shown = people["loyalty_number"].iloc[orders.loc[orders["shows_card"], "person"].unique()]
    is_shown = people["is_card_owner"] & people["loyalty_number"].isin(shown)
    is_tracked = people["account_id"].isin(story.visits.events["user_id"].dropna().unique())
    return [
        _of_people(story, "web_shop:account:", people["account_id"]),
        _of(story, "web_shop:order:", guests["person"], guests["order_id"]),
        _of_people(story, "pos:loyalty:", people["loyalty_number"].where(is_shown)),
        _of(story, "pos:receipt:", receipts["person"], receipts["order_id"]),
        _of_people(story, "ga4:user:", people["account_id"].where(is_tracked)),
        _of_people(story, "consents:subject:", story.answers.subject_ids),
    ]


def _of_lists(story: Story, encounters: Encounters) -> list[pd.DataFrame]:
    people, lists, talk = story.people, encounters.lists, encounters.conversations
    return [
        _of_people(story, "salesforce:contact:", lists.salesforce),
        _of_people(story, "hubspot:contact:", lists.hubspot),
        _of_people(story, "loyalty:member:", people["loyalty_number"].where(people["is_card_owner"])),
        _of(story, "signups:signup:", talk.sign_ups["person"], talk.sign_ups["signup_id"]),
        _of(story, "call_centre:contact:", talk.calls["person"], talk.calls["contact_id"]),
        _of(story, "surveys:response:", talk.answers["person"], talk.answers["response_id"]),
    ]


def _of_places(story: Story, encounters: Encounters) -> list[pd.DataFrame]:
    outlet, app = encounters.outlet, encounters.app
    known = app.calls.loc[app.calls["is_known"], "person"].unique()
    guests = np.flatnonzero(outlet.orders["is_guest"].to_numpy(dtype=bool))
    avatars = encounters.avatars.drop_duplicates("avatar_id")
    return [
        _of(story, "segment:user:", known, at(story.people["account_id"], known)),
        _of(story, "shopify:customer:", outlet.customers, outlet.customer_ids),
        _of(story, "shopify:order:", outlet.orders["person"].to_numpy()[guests], outlet.order_ids[guests]),
        _of(story, "virtual_store:avatar:", avatars["person"], avatars["avatar_id"]),
    ]


def _of_devices(story: Story, encounters: Encounters) -> list[pd.DataFrame]:
    """Devices of one person that were used by nobody who was signed in; what several share is nobody's."""
    events, app = story.visits.events, encounters.app
    is_own = (events["person"] != NOBODY) & ~events["is_shared_device"].astype(bool)
    visitors = events[is_own & events["user_id"].isna()].drop_duplicates("anonymous_id")
    users = app.users.iloc[app.calls.loc[~app.calls["is_known"].astype(bool), "user"].unique()]
    installed = installations(users["installation"].to_numpy()).to_pandas()
    return [
        _of(story, "ga4:device:", visitors["person"], visitors["anonymous_id"].map(md5_hex)),
        _of(story, "segment:device:", users["person"], installed.map(md5_hex)),
    ]


def _of_people(story: Story, prefix: str, ids: pd.Series) -> pd.DataFrame:
    known = ids.dropna()
    return _of(story, prefix, known.index.to_numpy(), known)


def _of(story: Story, prefix: str, person: Positions | pd.Series, ids: Positions | pd.Series) -> pd.DataFrame:
    """Records of one kind, from their native ids and the positions of their people."""
    native = pd.Series(np.asarray(ids)).astype("str")
    return pd.DataFrame(
        {
            "person_id": at(story.people["person_id"], person),
            "record_id": prefix + native,
            "source_name": pd.Series(prefix.partition(":")[0], index=native.index, dtype="str"),
        }
    )


def _app_devices(story: Story, encounters: Encounters) -> pd.DataFrame:
    """The app installation of every user, as the app names it, and the advertising id where they show it."""
    users = encounters.app.users
    return pd.DataFrame(
        {
            "person_id": at(story.people["person_id"], users["person"]),
            "anonymous_id": installations(users["installation"].to_numpy()).to_pandas(),
            "advertising_id": advertising_ids(users["installation"].to_numpy()).to_pandas(),
        }
    )
