"""Every parameter of the sample world, by theme, with its unit and meaning, together with `touchpoints`.

No other module holds a number of its own. A share lies between 0 and 1. "Of people" means of everybody the world was
asked for; a person here becomes a customer of the pipeline once a source has a record of them.
"""

from dataclasses import dataclass, field

from c360.sample.encounters.touchpoints import Touchpoints


@dataclass(frozen=True)
class Reach:
    """Which source systems know a person."""

    store_share: float = 0.60
    """Share of French people who buy in the stores; a country scales it by its `store_reach`."""
    store_and_web_share: float = 0.78
    """Share of store buyers who also buy in the web shop. Whoever is not a store buyer is a web buyer."""
    account_share: float = 0.92
    """Share of web buyers with an account; the others check out as guests."""
    prospect_share: float = 0.12
    """Share of web-only people with an account who browse and never buy."""
    card_share: float = 0.80
    """Share of store-and-web buyers with a loyalty card. Store-only people always have one: nobody knows the rest."""
    contact_share: float = 0.35
    """Share of accounts without a card that the CRM knows. It knows every card."""


@dataclass(frozen=True)
class Ages:
    """How old people are when the world ends. Adults: a bell curve, cut at both ends."""

    mean_years: float = 46.0
    spread_years: float = 16.0
    youngest_years: float = 18.0
    oldest_years: float = 90.0
    parent_youngest_years: float = 40.0
    """Nobody with children at home is younger."""
    child_youngest_years: float = 12.0
    child_oldest_years: float = 25.0
    """Children at home are evenly spread between these two."""
    consent_years: float = 16.0
    """Who is younger is a minor, who cannot consent: an answer of theirs counts for nothing."""


@dataclass(frozen=True)
class Households:
    """Who lives with whom, and what they share. Everybody of a household has one address."""

    size_weights: tuple[float, float, float, float] = (0.66, 0.24, 0.06, 0.04)
    """Shares of households with one to four people of this world. The third and fourth are children."""
    own_surname_share: float = 0.25
    """Share of second adults with a surname of their own; everybody else has that of the first."""
    family_card_share: float = 0.30
    """Share of households with several people, and a card of the first, in which all who buy in stores show that
    card."""
    shared_email_share: float = 0.15
    """Share of couples with one e-mail address for both. Where the first has an account, the second has none."""
    twins_share: float = 0.30
    """Share of households with two children in which they are twins: one birth date, surname and address."""


@dataclass(frozen=True)
class Changes:
    """What changes in a person's life while sources keep what they once wrote down."""

    moved_share: float = 0.12
    """Share of households that move to another place of their country, on a day evenly spread over the world."""
    married_share: float = 0.04
    """Share of adults who take another surname, on a day evenly spread over the world."""


@dataclass(frozen=True)
class ProtectedGroup:
    """A group that no source names, tied to some postcodes. It behaves like everybody else and is seen less."""

    tied_postcode_every: int = 4
    """Of the postcodes of each country, every so many-th, from the first, is tied to group `b`."""
    share_in_tied_postcodes: float = 0.80
    """Share of households of group `b` where the postcode is tied to it."""
    share_elsewhere: float = 0.05
    """Share of households of group `b` in all other postcodes."""
    card_shown_share: float = 0.45
    """Share of receipts of card holders of group `b` on which the card was shown, in place of
    `Stores.card_shown_share`: fewer of the same purchases can be seen."""
    signed_in_share: float = 0.55
    """Share of visits of account holders of group `b` in which the tracker learns the account, in place of
    `VisitSteps.signed_in_share`: fewer of the same visits can be seen."""


@dataclass(frozen=True)
class Character:
    """Lasting traits that no source names and that show in what people buy and look at."""

    taste_share: float = 0.45
    """Share of products bought or looked at that are of a person's favourite category whatever the popularity."""
    affluence_levels: int = 5
    """Affluence is a bell curve with mean 0 and deviation 1; products are chosen by this many equal parts of it."""
    price_elasticity: float = 0.6
    """A product is chosen in proportion to its popularity times `(price / median price) ** (elasticity * affluence)`,
    the affluence being the mean of the person's level."""
    rate_correlation: float = 0.5
    """Correlation between affluence and the logarithm of the purchase rate."""


@dataclass(frozen=True)
class Odd:
    """What is in the data and is no customer."""

    test_account_share: float = 0.002
    """Accounts of the shop's own testers (`test+…@`, `qa+…@`), as a share of people; they are among the people."""
    bots_per_1000_people: float = 3.0
    """Crawlers in the web shop, each a device of its own."""
    bot_visits: int = 2
    """Visits of each crawler, evenly spread."""
    bot_events_per_visit: int = 100
    """Product views in each of them."""
    bot_gap_seconds: int = 1
    """Seconds between two of them, always the same."""
    tablet_users: int = 200
    """People who sign in on one tablet of a store."""
    tablet_user_share: float = 0.06
    """Share of account holders who look around in the web shop that do so: a world has a tablet for every
    `tablet_users` of them, and a smaller one has one with fewer users."""
    tablet_visit_share: float = 0.40
    """Share of the visits of tablet users, beside one of each, that happen on the tablet, where they always sign in."""


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
    researched_share: float = 0.25
    """Share of the store orders of people who also use the web shop that they researched there: a visit in which they
    looked at a product of the category of the order's first line."""
    research_days: float = 7.0
    """That visit happens between one day and this many before the order; evenly spread."""


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
    pilot_people: int = 2000
    """People of the pilot from which the rates of a world with so many events per customer are reckoned."""
    steps: VisitSteps = field(default_factory=VisitSteps)


@dataclass(frozen=True)
class UpliftClass:
    """How people of one kind answer to a campaign."""

    name: str
    share_of_less_affluent: float
    """Share of the less affluent half of people, by which a model can find the class."""
    share_of_more_affluent: float
    """Share of the other half."""
    extra_orders_if_reached: float
    """Mean orders that the campaign adds (Poisson) where it reaches one of them."""
    orders_anyway: float
    """Mean orders (Poisson) they place because of what the campaign is about, whether it reaches them or not."""
    lost_share_if_reached: float
    """Share of the orders in the days of effect that the campaign costs."""


@dataclass(frozen=True)
class Campaigning:
    """The shop's campaigns: whom they reach, whom chance holds back, and whom they move."""

    campaign_count: int = 12
    """Campaigns, evenly spread over the world; by turns of e-mail and of ads on each platform."""
    duration_days: float = 10.0
    """Days over which a campaign reaches people; evenly spread."""
    targeted_share: float = 0.6
    """Share of those it may reach (with a consent that stands from the first day to the last) that are eligible."""
    known_for_days: float = 30.0
    """Who joined later than this before the campaign is not eligible."""
    holdout_share: float = 0.25
    """Share of the eligible whom chance holds back."""
    effect_days: float = 10.0
    """Orders move in this many days after a person was, or would have been, reached; evenly spread."""
    classes: tuple[UpliftClass, ...] = (
        UpliftClass("persuadable", 0.25, 0.06, 0.50, 0.0, 0.0),
        UpliftClass("sure_thing", 0.10, 0.30, 0.0, 0.50, 0.0),
        UpliftClass("lost_cause", 0.55, 0.54, 0.0, 0.0, 0.0),
        UpliftClass("sleeping_dog", 0.10, 0.10, 0.0, 0.0, 0.60),
    )
    """Every person is of one of these, whatever the campaign; the shares of each half add up to 1."""


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
    minor_answer_share: float = 0.30
    """Share of minors who answer at all, like everybody else; the truth says that their answers are not valid."""
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
    email_typo_share: float = 0.01
    """E-mail addresses with two neighbouring letters swapped: an address that leads nowhere."""
    name_style_weights: tuple[float, float, float, float] = (0.62, 0.18, 0.12, 0.08)
    """Names as they are, in plain Latin letters, in Latin capitals, and with only the initial of the first name."""
    nickname_share: float = 0.10
    """First names written as their nickname, where they have one."""
    name_typo_share: float = 0.015
    """Last names with two neighbouring letters swapped."""
    street_short_share: float = 0.30
    """Streets with their kind abbreviated: `av.` for `avenue`."""
    street_capital_share: float = 0.15
    """Streets in Latin capitals."""
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

    block_people: int = 25_000
    """People who are made and written at once; memory grows with it, and people only meet within a block."""
    reach: Reach = field(default_factory=Reach)
    ages: Ages = field(default_factory=Ages)
    households: Households = field(default_factory=Households)
    changes: Changes = field(default_factory=Changes)
    protected_group: ProtectedGroup = field(default_factory=ProtectedGroup)
    character: Character = field(default_factory=Character)
    odd: Odd = field(default_factory=Odd)
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    rhythm: Rhythm = field(default_factory=Rhythm)
    shop: Shop = field(default_factory=Shop)
    browsing: Browsing = field(default_factory=Browsing)
    campaigning: Campaigning = field(default_factory=Campaigning)
    consent: Consent = field(default_factory=Consent)
    writing: Writing = field(default_factory=Writing)
    touchpoints: Touchpoints = field(default_factory=Touchpoints)
