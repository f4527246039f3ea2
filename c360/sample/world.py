"""Every parameter of the sample world, by theme, with its unit and meaning. No other module holds a number of its own.

A share lies between 0 and 1. "Of people" means of everybody the world was asked for; a person here becomes a customer
of the pipeline once a source has a record of them.
"""

from dataclasses import dataclass, field

from c360.sample.touchpoints import Touchpoints


@dataclass(frozen=True)
class Reach:
    """Which source systems know a person."""

    store_share: float = 0.60
    """Share of French people who buy in the stores; a country scales it by its `store_reach`."""
    store_and_web_share: float = 0.78
    """Share of store buyers who also buy in the web shop. Whoever is not a store buyer is a web buyer."""
    account_share: float = 0.92
    """Share of web buyers with an account; the others check out as guests."""
    prospect_share: float = 0.05
    """Share of web-only people with an account who browse and never buy."""
    card_share: float = 0.80
    """Share of store-and-web buyers with a loyalty card. Store-only people always have one: nobody knows the rest."""
    contact_share: float = 0.35
    """Share of accounts without a card that the CRM knows. It knows every card."""


@dataclass(frozen=True)
class Ages:
    """How old people are when the world ends: a bell curve, cut at both ends."""

    mean_years: float = 46.0
    spread_years: float = 16.0
    youngest_years: float = 18.0
    oldest_years: float = 90.0


@dataclass(frozen=True)
class HazardClass:
    """How soon people of one kind drop out."""

    name: str
    share: float
    """Share of people."""
    mean_active_days: float
    """Mean of the exponentially distributed days from joining to dropping out."""


@dataclass(frozen=True)
class Lifecycle:
    """When people join, how often they buy, when they stop, and what shows before they do."""

    existing_share: float = 0.45
    """Share of people who had joined before the world starts."""
    existing_for_days: float = 1095.0
    """How long before the start they joined at most; evenly spread."""
    hazard_classes: tuple[HazardClass, ...] = (
        HazardClass("loyal", 0.32, 2500.0),
        HazardClass("steady", 0.36, 350.0),
        HazardClass("fleeting", 0.32, 150.0),
    )
    """The planted churn hazard: the class is written to the truth and appears in no source."""
    orders_per_year: float = 5.8
    """Median of the latent purchase rate while active; purchases are a Poisson process."""
    orders_spread: float = 0.4
    """Standard deviation of the logarithm of the purchase rate."""
    fade_min_days: float = 30.0
    """The fade before dropping out lasts at least this long."""
    fade_max_days: float = 60.0
    """The fade before dropping out lasts at most this long; evenly spread."""


@dataclass(frozen=True)
class Rhythm:
    """How activity swings over the year and over the hours of a day."""

    season_amplitude: float = 0.15
    """Activity on the peak day is `1 + season_amplitude` of the mean."""
    peak_day_of_year: int = 345
    """The day of the year, from 1, on which activity peaks."""
    web_hour_weights: tuple[int, ...] = (2, 1, 1, 1, 1, 1, 2, 4, 5, 5, 5, 5, 7, 6, 5, 5, 5, 6, 7, 8, 9, 9, 6, 4)
    """How busy the web shop is in each hour of the day, UTC."""
    store_hour_weights: tuple[int, ...] = (0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 7, 8, 6, 5, 7, 8, 9, 10, 9, 5, 0, 0, 0, 0)
    """How busy tills and customer service are in each hour of the day, Paris time: never when clocks change."""


@dataclass(frozen=True)
class Baskets:
    """What people put into a basket, through which door, and what they bring back."""

    store_order_share: float = 0.50
    """Share of the orders of store-and-web buyers that happen in a store."""
    guest_checkout_share: float = 0.06
    """Share of an account holder's web orders placed without signing in."""
    extra_lines_mean: float = 0.5
    """Mean lines of an order beyond the first (Poisson)."""
    extra_quantity_mean: float = 0.15
    """Mean pieces of a line beyond the first (Poisson)."""
    return_share: float = 0.06
    """Share of lines brought back."""
    fade_return_share: float = 0.40
    """Share of lines brought back when they were ordered in the fade before dropping out: planted churn signal."""
    return_min_days: float = 2.0
    """A line comes back after this many days at the earliest."""
    return_max_days: float = 14.0
    """A line comes back after this many days at the latest; evenly spread."""


@dataclass(frozen=True)
class Stores:
    """The tills."""

    store_count: int = 12
    """Number of stores, all in metropolitan France and on Paris time."""
    card_shown_share: float = 0.82
    """Share of a card holder's receipts on which the card was shown; the others are anonymous."""
    receipt_email_share: float = 0.06
    """Share of people's receipts for which they leave an e-mail address."""
    walk_in_baskets_per_person_year: float = 0.8
    """Anonymous baskets of passers-by who are nobody in this world, per person and year."""


@dataclass(frozen=True)
class Category:
    """One shelf of the catalogue."""

    name: str
    median_price_eur: float
    product_count: int


@dataclass(frozen=True)
class Catalogue:
    """What is sold."""

    categories: tuple[Category, ...] = (
        Category("mode_femme", 39.0, 60),
        Category("mode_homme", 42.0, 40),
        Category("chaussures", 65.0, 30),
        Category("maison", 28.0, 50),
        Category("beaute", 18.0, 40),
        Category("enfant", 22.0, 40),
        Category("sport", 45.0, 30),
        Category("papeterie", 9.0, 30),
    )
    """The shelves."""
    price_spread: float = 0.45
    """Standard deviation of the logarithm of a price within its category."""
    lowest_price_eur: float = 2.0
    """No product costs less, before the cents go off."""
    below_euro_cents: int = 10
    """Prices end this many cents below a whole euro."""
    popularity_exponent: float = 0.7
    """The k-th most popular product sells in proportion to `k ** -popularity_exponent`."""
    gbp_per_eur: float = 0.86
    """Price in pounds of a product that costs one euro."""


@dataclass(frozen=True)
class Shop:
    """What is sold, and how."""

    baskets: Baskets = field(default_factory=Baskets)
    stores: Stores = field(default_factory=Stores)
    catalogue: Catalogue = field(default_factory=Catalogue)


@dataclass(frozen=True)
class VisitSteps:
    """What the tracker sees of a visit, event by event."""

    event_weights: tuple[tuple[str, float], ...] = (
        ("product_view", 0.62),
        ("page_view", 0.12),
        ("search", 0.12),
        ("add_to_basket", 0.14),
    )
    """What happens between the first event of a visit and its end, with the share of each."""
    signed_in_share: float = 0.85
    """Share of an account holder's visits in which the tracker learns the account."""
    remembered_share: float = 0.50
    """Share of those in which it knows from the first event, because the visitor was still signed in."""
    extra_events_mean: float = 0.4
    """Mean events of a visit beyond the first two (Poisson)."""
    gap_mean_seconds: float = 45.0
    """Mean seconds between two events of a visit (exponential)."""


@dataclass(frozen=True)
class Browsing:
    """What visitors do in the web shop besides ordering."""

    visits_per_year: float = 18.0
    """Median visits of an active web buyer that end without an order."""
    visits_spread: float = 0.3
    """Standard deviation of the logarithm of the visit rate."""
    visits_follow_orders: float = 0.3
    """Elasticity of the visit rate on the purchase rate: 0 unrelated, 1 proportional."""
    residual_share: float = 0.02
    """Visit rate after dropping out, as a share of the rate before: planted churn signal."""
    fade_power: float = 3.0
    """In the fade, the rate falls as the part of the fade still to come, to this power: 1 is a straight line."""
    passer_by_visits_per_person_year: float = 0.3
    """Visits of anonymous passers-by, per person and year."""
    steps: VisitSteps = field(default_factory=VisitSteps)


@dataclass(frozen=True)
class Consent:
    """What people answered. The first four shares are of people and add up to 1; the e-mail answer is independent."""

    granted_share: float = 0.55
    """Grant the ad purposes, and have not withdrawn them."""
    withdrawn_share: float = 0.08
    """Granted the ad purposes, then withdrew them."""
    refused_share: float = 0.17
    """Refused the ad purposes."""
    unanswered_share: float = 0.20
    """Never answered: no row at all for the ad purposes."""
    second_recipient_refused_share: float = 0.05
    """Share of those who grant that grant to the first recipient (google_ads) and refuse the second (meta)."""
    email_shares: tuple[float, float, float, float] = (0.50, 0.06, 0.20, 0.24)
    """Granted, withdrawn, refused, unanswered for e-mail marketing."""
    answer_skew: float = 3.0
    """How early people answer: first after `u ** answer_skew` of their time in the world, with u even from 0 to 1."""


@dataclass(frozen=True)
class Completeness:
    """How often a source knows an identifier of a person it has a record of."""

    account_phone_share: float = 0.65
    """Web-shop accounts with a phone number. They always have an e-mail address."""
    order_email_share: float = 0.88
    """Web orders with an e-mail address; an order without it has a phone number."""
    order_phone_share: float = 0.50
    """Web orders with a phone number."""
    contact_email_share: float = 0.82
    """CRM contacts with an e-mail address."""
    contact_phone_share: float = 0.72
    """CRM contacts with a phone number."""
    contact_birth_date_share: float = 0.70
    """CRM contacts with a date of birth."""
    consent_shares: tuple[float, float, float] = (0.85, 0.75, 0.60)
    """Consent subjects with the e-mail address, the account and the loyalty number they have."""


@dataclass(frozen=True)
class Spelling:
    """How differently the same person is written down. Shares are of written values."""

    second_email_share: float = 0.06
    """Share of people whom the CRM knows by another e-mail address of theirs."""
    email_upper_share: float = 0.04
    """E-mail addresses in capitals."""
    email_capital_share: float = 0.10
    """E-mail addresses with a capital first letter."""
    email_space_share: float = 0.05
    """E-mail addresses with a space before or after."""
    phone_style_weights: tuple[float, float, float, float, float] = (0.30, 0.20, 0.20, 0.20, 0.10)
    """`06 12 34 56 78`, `06.12.34.56.78`, `0612345678`, `+33 6 12 34 56 78`, `0033612345678`."""
    name_style_weights: tuple[float, float, float, float] = (0.62, 0.18, 0.12, 0.08)
    """Names as they are, without accents, in capitals without accents, and with only the initial of the first name."""
    changed_share: float = 0.08
    """Share of accounts and of contacts that were changed once and so have a second row."""


@dataclass(frozen=True)
class Faults:
    """How dirty the files are. Duplicates are whole rows twice; a broken row is an extra, spoilt copy of a good one."""

    share_per_fault: float = 0.0005
    """Rows of a table that each kind of fault touches, at least one."""
    smallest_table_rows: int = 100
    """Tables with fewer rows stay clean, so that a tiny world passes its contracts."""


@dataclass(frozen=True)
class Writing:
    """How sources write people down, and what goes wrong on the way."""

    completeness: Completeness = field(default_factory=Completeness)
    spelling: Spelling = field(default_factory=Spelling)
    faults: Faults = field(default_factory=Faults)


@dataclass(frozen=True)
class World:
    """The sample world: everything that shapes it besides the number of people, the seed and the dates."""

    reach: Reach = field(default_factory=Reach)
    ages: Ages = field(default_factory=Ages)
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    rhythm: Rhythm = field(default_factory=Rhythm)
    shop: Shop = field(default_factory=Shop)
    browsing: Browsing = field(default_factory=Browsing)
    consent: Consent = field(default_factory=Consent)
    writing: Writing = field(default_factory=Writing)
    touchpoints: Touchpoints = field(default_factory=Touchpoints)
