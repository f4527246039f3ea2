"""Every parameter of what people do besides buying and browsing, with its unit and meaning.

A share lies between 0 and 1. A spread is the standard deviation of a logarithm, a mean of counts is Poisson's. `world`
holds the parameters of people, shopping and browsing.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Coverage:
    """What the contact lists of the offices hold. Whom the service's list (Salesforce) holds says `world.Reach`."""

    two_line_street_share: float = 0.12
    """Share of streets that the service wrote on two lines."""
    opted_out_share: float = 0.03
    """Share of the service's contacts of whom it noted by hand that they want no e-mail."""
    deleted_share: float = 0.004
    """Share of the service's contacts that are exported as deleted."""
    marketing_list_share: float = 0.55
    """Share of accounts that the marketing list (HubSpot) holds, besides everybody who ever granted e-mail."""
    marketing_phone_share: float = 0.35
    """Contacts of the marketing list with a phone number."""
    lead_share: float = 0.5
    """Share of prospects on the marketing list that it calls leads; the others are subscribers."""


@dataclass(frozen=True)
class Mailings:
    """What becomes of the messages of an e-mail campaign."""

    hard_bounce_share: float = 0.004
    """Sent messages that come back for good."""
    soft_bounce_share: float = 0.010
    """Sent messages that come back for now."""
    transit_mean_seconds: float = 20.0
    """Mean time from the platform to the mailbox, and from one step to the next that takes no thought."""
    machine_open_share: float = 0.22
    """Delivered messages that a mail program opens by itself, at once."""
    open_share: float = 0.24
    """Delivered messages that somebody opens."""
    click_share: float = 0.14
    """Messages that somebody opened in which they click on a link."""
    unsubscribe_share: float = 0.004
    """Messages that somebody opened by which they leave the list."""
    complaint_share: float = 0.0006
    """Messages that somebody opened of which they complain to their mail provider."""


@dataclass(frozen=True)
class AutomaticMessages:
    """Messages outside any campaign: they answer to what somebody did, and move nobody."""

    per_year: float = 1.2
    """Occasions for one, per person and year."""
    kinds: tuple[str, ...] = ("auto_bienvenue", "auto_panier", "auto_anniversaire")
    """What stands in place of the campaign; evenly spread."""


@dataclass(frozen=True)
class Reading:
    """When people read, and how that depends on their lives."""

    fade_factor: float = 0.5
    """Opens in the fade before dropping out, relative to before: planted churn signal."""
    gone_factor: float = 0.2
    """Opens after dropping out, relative to before."""
    delay_median_seconds: float = 9_000.0
    """Median time from delivery to opening."""
    delay_spread: float = 1.6
    """Spread of that time."""


@dataclass(frozen=True)
class SignUps:
    """Forms on the web site."""

    forms: tuple[tuple[str, float], ...] = (("newsletter", 0.10), ("back_in_stock", 0.05), ("competition", 0.03))
    """Each form and the share of web buyers who fill it in once."""
    first_name_share: float = 0.6
    """Forms with a first name."""
    phone_share: float = 0.15
    """Forms with a phone number."""
    device_share: float = 0.8
    """Forms with the device they were filled in on, of people who have one."""


@dataclass(frozen=True)
class Calls:
    """About what people call or chat with the customer service, and when."""

    delivery_share: float = 0.03
    """Share of web orders about whose delivery somebody calls."""
    return_share: float = 0.12
    """Share of orders with something sent back about which somebody calls."""
    product_share: float = 0.012
    """Share of orders about whose products somebody asks."""
    fade_complaint_share: float = 0.08
    """Share of orders in the fade before dropping out that end in a complaint: planted churn signal."""
    complaint_share: float = 0.006
    """Share of other orders that end in a complaint."""
    question_per_year: float = 0.5
    """Questions about products that follow from no order, per person and year."""
    delay_max_days: float = 6.0
    """Calls come this long after the order at most; evenly spread."""


@dataclass(frozen=True)
class Answering:
    """How a call or chat goes."""

    chat_share: float = 0.35
    """Contacts by chat; the others are calls."""
    outbound_share: float = 0.08
    """Contacts that the service began."""
    resolved_share: float = 0.82
    """Contacts other than complaints whose matter is settled."""
    complaint_resolved_share: float = 0.55
    """Complaints that are settled."""
    duration_median_seconds: float = 210.0
    """Median duration."""
    duration_spread: float = 0.7
    """Spread of the duration."""


@dataclass(frozen=True)
class CallNotes:
    """What is written down of a call or chat."""

    phone_share: float = 0.8
    """Chats in which people leave a phone number; a call always shows one."""
    typo_share: float = 0.01
    """Phone numbers whose last two digits somebody swapped."""
    note_share: float = 0.6
    """Contacts about which the agent wrote a note."""


@dataclass(frozen=True)
class Surveys:
    """Answers to satisfaction surveys."""

    answered_share: float = 0.05
    """Share of orders after which a survey is answered."""
    delay_max_days: float = 9.0
    """Answers come this long after the order at most; evenly spread."""
    class_means: tuple[tuple[str, float], ...] = (("loyal", 8.9), ("steady", 8.0), ("fleeting", 7.0))
    """Mean NPS of each churn hazard class before what happened: planted churn signal."""
    return_effect: float = -1.0
    """Points that something sent back on the order adds."""
    unresolved_effect: float = -3.0
    """Points that an unresolved contact about the order adds."""
    answer_deviation: float = 1.3
    """Standard deviation of an answer around its mean."""


@dataclass(frozen=True)
class Declarations:
    """What people say of themselves in a survey."""

    by_card_share: float = 0.5
    """Answers of card holders that name the card and not the e-mail address."""
    comment_share: float = 0.3
    """Answers with a comment."""
    declared_share: float = 0.5
    """Answers that declare preferences."""
    true_favourite_share: float = 0.75
    """Share of those that name the category that people really like best; the others name any."""


@dataclass(frozen=True)
class Conversations:
    """What people say to the shop and hear from it."""

    mailings: Mailings = field(default_factory=Mailings)
    automatic: AutomaticMessages = field(default_factory=AutomaticMessages)
    reading: Reading = field(default_factory=Reading)
    calls: Calls = field(default_factory=Calls)
    answering: Answering = field(default_factory=Answering)
    notes: CallNotes = field(default_factory=CallNotes)
    surveys: Surveys = field(default_factory=Surveys)
    declarations: Declarations = field(default_factory=Declarations)


@dataclass(frozen=True)
class StoreVisits:
    """Visits of people who let the app or the store's Wi-Fi see them."""

    seen_share: float = 0.25
    """Share of store buyers who are seen at all."""
    buying_seen_share: float = 0.8
    """Share of their receipts whose visit was seen."""
    looking_per_year: float = 4.0
    """Their visits without buying, while active."""
    by_card_share: float = 0.6
    """Share of the seen with a card who are known by it; the others are known by their telephone."""
    dwell_median_seconds: float = 900.0
    """Median stay."""
    dwell_spread: float = 0.6
    """Spread of the stay."""
    night_share: float = 0.002
    """Share of visits in a night on which the clocks go back, when stores open for the night."""


@dataclass(frozen=True)
class App:
    """Who uses the shop's app, on what, and how often."""

    user_share: float = 0.15
    """Share of account holders who use it."""
    ios_share: float = 0.45
    """Users on iOS; the others are on Android."""
    advertising_id_share: float = 0.55
    """Users who let the app read their advertising id."""
    sessions_per_year: float = 14.0
    """Sessions without an order, until the fade begins."""
    order_share: float = 0.3
    """Share of users' signed-in web orders that were placed in the app."""
    signed_in_share: float = 0.9
    """Sessions without an order in which the app knows the account."""


@dataclass(frozen=True)
class AppSessions:
    """What happens in a session of the app."""

    calls_mean: float = 3.0
    """Mean calls beyond the first."""
    call_weights: tuple[tuple[str, float], ...] = (
        ("Product Viewed", 0.55),
        ("Products Searched", 0.17),
        ("Product Added", 0.13),
        ("screen", 0.15),
    )
    """What happens within a session, with the share of each."""
    longest_gap_seconds: float = 30.0
    """Longest time between two calls; the shortest is half of it."""


@dataclass(frozen=True)
class Outlet:
    """Who orders what in the outlet shop."""

    customer_share: float = 0.12
    """Share of web buyers who order there with an account."""
    guest_share: float = 0.06
    """Share of web buyers who order there as a guest."""
    orders_mean: float = 1.6
    """Mean orders of each beyond the first."""
    extra_lines_mean: float = 0.7
    """Mean lines of an order beyond the first."""
    price_factor: float = 0.6
    """Outlet price relative to the shop's."""
    discount_share: float = 0.2
    """Lines with a further discount."""
    discount_factor: float = 0.15
    """That discount relative to the outlet price."""


@dataclass(frozen=True)
class OutletReturns:
    """What comes back to the outlet shop."""

    refund_share: float = 0.09
    """Lines that are sent back."""
    refund_min_days: float = 3.0
    """A line comes back after this many days at the earliest."""
    refund_max_days: float = 21.0
    """A line comes back after this many days at the latest; evenly spread."""
    cancelled_share: float = 0.01
    """Orders that are cancelled as soon as they are placed."""


@dataclass(frozen=True)
class VirtualStore:
    """The store in a virtual world."""

    avatar_share: float = 0.015
    """Share of account holders with an avatar."""
    linked_share: float = 0.6
    """Avatars whose owner linked their e-mail address."""
    visits_mean: float = 1.5
    """Mean visits of each beyond the first."""
    looks_mean: float = 4.0
    """Mean things looked at in a visit."""
    try_on_share: float = 0.2
    """Looks that are a fitting."""
    look_mean_seconds: float = 20.0
    """Mean time before a thing (exponential)."""


@dataclass(frozen=True)
class Places:
    """Where else people are met."""

    visits: StoreVisits = field(default_factory=StoreVisits)
    app: App = field(default_factory=App)
    app_sessions: AppSessions = field(default_factory=AppSessions)
    outlet: Outlet = field(default_factory=Outlet)
    outlet_returns: OutletReturns = field(default_factory=OutletReturns)
    virtual_store: VirtualStore = field(default_factory=VirtualStore)
    sign_ups: SignUps = field(default_factory=SignUps)


@dataclass(frozen=True)
class Advertising:
    """The shop's advertisements and how they bring visitors."""

    clicked_share: float = 0.10
    """Share of visits to the web shop that begin with a click on an advertisement that runs all the time."""
    platform_weights: tuple[tuple[str, str, float], ...] = (
        ("google_ads", "gclid", 0.55),
        ("meta", "fbclid", 0.33),
        ("tiktok", "ttclid", 0.12),
    )
    """Platform, the name of its click id, and its share of those clicks."""
    campaigns_per_platform: int = 3
    """Campaigns that run all the time on each platform."""
    lost_click_share: float = 0.12
    """Clicks that the platform counts and the shop's pages never see."""
    click_rate: float = 0.018
    """Clicks per impression."""
    cost_per_click_eur: float = 0.42
    """Median price of a click."""
    cost_spread: float = 0.25
    """Spread of a day's price of a click."""


@dataclass(frozen=True)
class Tracker:
    """What the web shop's tracker sees of devices."""

    category_weights: tuple[float, float, float] = (0.58, 0.37, 0.05)
    """Devices that are telephones, computers and tablets."""
    first_source_weights: tuple[float, float, float, float] = (0.46, 0.33, 0.12, 0.09)
    """Devices that first came from a search, by themselves, from a newsletter and from a social network."""
    engagement_mean_msec: float = 9_000.0
    """Mean time a page is looked at (exponential)."""


@dataclass(frozen=True)
class LoyaltyProgramme:
    """The points account of a card."""

    points_per_eur: float = 1.0
    """Points for each euro spent, and taken back for each euro returned."""
    silver_eur: float = 250.0
    """Spend within a year from which a member is silver."""
    gold_eur: float = 700.0
    """Spend within a year from which a member is gold."""
    statement_days: int = 182
    """Every so many days the account is settled, and a changed account gets a new row."""
    email_share: float = 0.7
    """Members who gave their e-mail address."""
    phone_share: float = 0.6
    """Members who gave their phone number."""
    birth_date_share: float = 0.8
    """Members who gave their date of birth."""


@dataclass(frozen=True)
class ThirdParty:
    """Segments bought from a data provider, keyed on advertising ids."""

    known_share: float = 0.45
    """Share of adults whose telephone the provider knows."""
    stranger_share: float = 0.25
    """Rows about devices of nobody in this world, relative to the others."""
    right_share: float = 0.7
    """Share of segments that are true of the person; the others are drawn at random."""
    deliveries: int = 4
    """Deliveries, evenly spread over the world."""
    valid_days: int = 90
    """Days after its delivery for which a segment holds."""


@dataclass(frozen=True)
class ProductFeed:
    """How the product feed changes."""

    changed_share: float = 0.25
    """Share of products whose price changes in a half-year."""
    change_spread: float = 0.12
    """Spread of earlier prices around today's."""
    cost_factor: float = 0.48
    """Cost relative to today's price."""
    out_of_stock_share: float = 0.06
    """Rows whose product is out of stock."""
    preorder_share: float = 0.02
    """Rows whose product can be ordered ahead."""


@dataclass(frozen=True)
class Touchpoints:
    """Everything that happens besides buying and browsing."""

    conversations: Conversations = field(default_factory=Conversations)
    places: Places = field(default_factory=Places)
    coverage: Coverage = field(default_factory=Coverage)
    loyalty: LoyaltyProgramme = field(default_factory=LoyaltyProgramme)
    advertising: Advertising = field(default_factory=Advertising)
    tracker: Tracker = field(default_factory=Tracker)
    third_party: ThirdParty = field(default_factory=ThirdParty)
    feed: ProductFeed = field(default_factory=ProductFeed)
