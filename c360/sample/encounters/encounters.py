"""Everything that happens to a block of people besides buying and browsing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.encounters.advertising import click_ads
from c360.sample.encounters.app import AppLife, use_app
from c360.sample.encounters.contacts import marketing_list, salesforce_ids, sign_up
from c360.sample.encounters.loyalty import settle_accounts
from c360.sample.encounters.messages import mail
from c360.sample.encounters.outlet import OutletOrders, order_in_outlet
from c360.sample.encounters.service import call
from c360.sample.encounters.store_visits import visit_stores
from c360.sample.encounters.surveys import respond
from c360.sample.encounters.third_party import sell_segments
from c360.sample.encounters.touchpoints import Coverage, Touchpoints
from c360.sample.encounters.virtual_store import enter_virtual_store
from c360.sample.story import Story


@dataclass(frozen=True)
class ContactLists:
    """By which number each office knows each person, missing for those it does not know."""

    salesforce: pd.Series
    hubspot: pd.Series


@dataclass(frozen=True)
class Conversations:
    """What the shop and people told each other; see the functions that make them for the columns."""

    messages: pd.DataFrame
    sign_ups: pd.DataFrame
    calls: pd.DataFrame
    answers: pd.DataFrame
    ad_clicks: pd.DataFrame


@dataclass(frozen=True)
class Encounters:
    """Everything that happened besides buying and browsing. `person` columns hold positions in the people."""

    lists: ContactLists
    conversations: Conversations
    statements: pd.DataFrame
    """Of the loyalty programme."""
    store_visits: pd.DataFrame
    app: AppLife
    outlet: OutletOrders
    segments: pd.DataFrame
    """What the data provider sold."""
    avatars: pd.DataFrame


def meet(rng: np.random.Generator, story: Story, touchpoints: Touchpoints) -> Encounters:
    """Let it happen; each part has a chance of its own, so that a change in one leaves the others alone."""
    for_lists, for_talk, for_visits, for_app, for_outlet, for_segments, for_avatars = rng.spawn(7)
    places = touchpoints.places
    return Encounters(
        lists=_lists(for_lists, story, touchpoints.coverage),
        conversations=_talk(for_talk, story, touchpoints),
        statements=settle_accounts(story, touchpoints.loyalty),
        store_visits=visit_stores(for_visits, story, places.visits),
        app=use_app(for_app, story, places.app, places.app_sessions),
        outlet=order_in_outlet(for_outlet, story, places.outlet, places.outlet_returns),
        segments=sell_segments(for_segments, story, touchpoints.third_party),
        avatars=enter_virtual_store(for_avatars, story, places.virtual_store),
    )


def _lists(rng: np.random.Generator, story: Story, coverage: Coverage) -> ContactLists:
    people = story.people
    numbers = pd.Series(salesforce_ids(story.block, np.arange(len(people))), index=people.index).astype("str")
    return ContactLists(
        salesforce=numbers.where(people["contact_id"].notna()), hubspot=marketing_list(rng, story, coverage)
    )


def _talk(rng: np.random.Generator, story: Story, touchpoints: Touchpoints) -> Conversations:
    for_mail, for_forms, for_calls, for_answers, for_clicks = rng.spawn(5)
    talk = touchpoints.conversations
    calls = call(for_calls, story, talk.calls, talk.answering)
    return Conversations(
        messages=mail(for_mail, story, talk),
        sign_ups=sign_up(for_forms, story, touchpoints.places.sign_ups),
        calls=calls,
        answers=respond(for_answers, story, calls, talk.surveys, talk.declarations),
        ad_clicks=click_ads(for_clicks, story, touchpoints.advertising),
    )
