"""Every parameter of what people do besides buying and browsing: messages, ads, calls, visits, surveys, programmes.

A share lies between 0 and 1. Each class says how often something happens and what it depends on; `world` holds the
parameters of people, shopping and browsing.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Coverage:
    """Whom the contact lists of the offices hold. Whom the service's list (Salesforce) holds says `world.Reach`."""

    marketing_list_share: float = 0.55
    """Share of accounts that the marketing list (HubSpot) holds, besides everybody who ever granted e-mail."""
    marketing_phone_share: float = 0.35
    """Contacts of the marketing list with a phone number."""
    lead_share: float = 0.5
    """Share of prospects on the marketing list that it calls leads; the others are subscribers."""
    opted_out_share: float = 0.03
    """Share of the service's contacts whose owner noted by hand that they want no e-mail."""
    deleted_share: float = 0.004
    """Share of the service's contacts that were deleted, and are exported with the deletion."""
    two_line_street_share: float = 0.12
    """Share of streets that the service wrote on two lines."""


@dataclass(frozen=True)
class Mailings:
    """What becomes of the messages of an e-mail campaign. Shares are of the step before."""

    hard_bounce_share: float = 0.004
    soft_bounce_share: float = 0.010
    machine_open_share: float = 0.22
    """Delivered messages that a mail program opens by itself, at once."""
    open_share: float = 0.24
    """Delivered messages that an active person opens."""
    click_share: float = 0.14
    """Opened messages in which a link is clicked."""
    unsubscribe_share: float = 0.004
    complaint_share: float = 0.0006
    """Opened messages that end with leaving the list, and with a complaint to the mail provider."""


@dataclass(frozen=True)
class Reading:
    """When people read, and how that depends on their lives."""

    fade_factor: float = 0.5
    """Opens in the fade before dropping out, relative to before: planted churn signal."""
    gone_factor: float = 0.2
    """Opens after dropping out, relative to before."""
    delay_median_seconds: float = 9_000.0
    delay_spread: float = 1.6
    """Log-normal time from delivery to opening."""


@dataclass(frozen=True)
class Advertising:
    """The shop's advertisements and how they bring visitors."""

    clicked_share: float = 0.10
    """Share of visits to the web shop that begin with a click on an advertisement."""
    platform_weights: tuple[tuple[str, str, float], ...] = (
        ("google_ads", "gclid", 0.55),
        ("meta", "fbclid", 0.33),
        ("tiktok", "ttclid", 0.12),
    )
    """Platform, the name of its click id, and its share of clicks."""
    campaigns_per_platform: int = 3
    """Campaigns that each platform runs side by side."""
    lost_click_share: float = 0.12
    """Clicks that the platform counts and the shop's pages never see."""
    click_rate: float = 0.018
    """Clicks per impression."""
    cost_per_click_eur: float = 0.42
    cost_spread: float = 0.25
    """Standard deviation of the logarithm of a day's price of a click."""


@dataclass(frozen=True)
class SignUps:
    """Forms on the web site."""

    forms: tuple[tuple[str, float], ...] = (("newsletter", 0.10), ("back_in_stock", 0.05), ("competition", 0.03))
    """Each form and the share of web buyers who fill it in once."""
    first_name_share: float = 0.6
    phone_share: float = 0.15
    device_share: float = 0.8
    """Forms with a first name, a phone number, and the device they were filled in on."""


@dataclass(frozen=True)
class Calls:
    """Calls and chats with the customer service."""

    order_share: float = 0.018
    """Share of orders about whose delivery somebody calls."""
    return_share: float = 0.12
    """Share of orders with something brought back about which somebody calls."""
    product_share: float = 0.006
    """Share of orders about whose products somebody asks."""
    fade_complaint_share: float = 0.08
    """Share of orders in the fade before dropping out that end in a complaint: planted churn signal."""
    complaint_share: float = 0.006
    """Share of other orders that end in a complaint."""
    delay_max_days: float = 6.0
    """Calls come this long after the order at most."""


@dataclass(frozen=True)
class Answering:
    """How a call or chat goes and what is written down."""

    chat_share: float = 0.35
    outbound_share: float = 0.08
    resolved_share: float = 0.82
    complaint_resolved_share: float = 0.55
    """Contacts whose matter is settled, complaints and others apart."""
    duration_median_seconds: float = 210.0
    duration_spread: float = 0.7
    phone_share: float = 0.8
    """Chats in which people leave a phone number; a call always has one."""
    note_share: float = 0.6
    """Contacts about which the agent wrote a note."""
    typo_share: float = 0.01
    """Phone numbers with two neighbouring digits swapped."""


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
    """Share of the seen who have a card and are known by it; the others are known by their device."""
    dwell_median_seconds: float = 900.0
    dwell_spread: float = 0.6
    night_share: float = 0.002
    """Share of visits in the night on which the clocks go back, when stores open for the night."""


@dataclass(frozen=True)
class Surveys:
    """Answers to satisfaction surveys, and what people say of themselves."""

    answered_share: float = 0.05
    """Share of orders after which a survey is answered."""
    delay_max_days: float = 9.0
    class_means: tuple[tuple[str, float], ...] = (("loyal", 8.9), ("steady", 8.0), ("fleeting", 7.0))
    """Mean NPS of each churn hazard class before what happened."""
    return_effect: float = -1.0
    unresolved_effect: float = -3.0
    """What a return and an unresolved contact about the order do to the answer."""
    answer_spread: float = 1.3
    by_card_share: float = 0.5
    """Answers of card holders that name the card and not the e-mail address."""
    comment_share: float = 0.3
    """Answers with a comment."""
    declared_share: float = 0.5
    """Share of answers that declare preferences."""
    true_favourite_share: float = 0.75
    """Share of those that name the category they really buy most; the others name any."""


@dataclass(frozen=True)
class LoyaltyProgramme:
    """The points account of a card."""

    points_per_eur: float = 1.0
    silver_eur: float = 250.0
    gold_eur: float = 700.0
    """Spend within a year from which a member is silver, and gold."""
    statement_days: int = 182
    """Every so many days the account is settled, and a changed account gets a new row."""
    email_share: float = 0.7
    phone_share: float = 0.6
    birth_date_share: float = 0.8
    """Members who gave each on the form."""


@dataclass(frozen=True)
class App:
    """The shop's app."""

    user_share: float = 0.12
    """Share of account holders who use it."""
    sessions_per_year: float = 9.0
    calls_mean: float = 3.0
    """Mean calls of a session beyond its first (Poisson)."""
    call_weights: tuple[tuple[str, float], ...] = (
        ("Product Viewed", 0.55),
        ("Products Searched", 0.17),
        ("Product Added", 0.13),
        ("screen", 0.15),
    )
    """What happens within a session, with the share of each."""
    order_share: float = 0.3
    """Share of their signed-in web orders that were placed in the app."""
    ios_share: float = 0.45
    signed_in_share: float = 0.9
    """Sessions in which the app knows the account."""
    advertising_id_share: float = 0.55
    """Users who let the app read their advertising id."""
    gap_mean_seconds: float = 30.0


@dataclass(frozen=True)
class Outlet:
    """The outlet shop on Shopify."""

    customer_share: float = 0.06
    guest_share: float = 0.03
    """Share of web buyers who order there with an account, and as a guest."""
    orders_mean: float = 1.2
    """Mean orders beyond the first (Poisson)."""
    extra_lines_mean: float = 0.7
    price_factor: float = 0.6
    """Outlet price relative to the shop's."""
    discount_share: float = 0.2
    """Lines with a further discount."""
    discount_factor: float = 0.15
    refund_share: float = 0.09
    """Lines that are sent back."""
    cancelled_share: float = 0.01
    """Orders that are cancelled within the hour."""


@dataclass(frozen=True)
class ThirdParty:
    """Segments bought from a data provider, keyed on advertising ids."""

    known_share: float = 0.45
    """Share of advertising ids the provider knows."""
    stranger_share: float = 0.25
    """Rows about devices of nobody in this world, relative to the others."""
    right_share: float = 0.7
    """Share of segments that are true of the person; the others are drawn at random."""
    deliveries: int = 4
    """Deliveries, evenly spread over the world."""
    valid_days: int = 90


@dataclass(frozen=True)
class VirtualStore:
    """The store in a virtual world."""

    avatar_share: float = 0.015
    """Share of account holders with an avatar."""
    linked_share: float = 0.6
    """Avatars whose owner linked their e-mail address."""
    visits_mean: float = 1.5
    """Mean visits beyond the first (Poisson)."""
    looks_mean: float = 4.0
    """Mean things looked at in a visit (Poisson)."""
    try_on_share: float = 0.2
    """Looks that are a fitting."""


@dataclass(frozen=True)
class ProductFeed:
    """How the product feed changes."""

    changed_share: float = 0.25
    """Share of products whose price changes in a half-year."""
    change_spread: float = 0.12
    """Standard deviation of the logarithm of a change of price."""
    cost_factor: float = 0.48
    """Cost relative to the price."""
    out_of_stock_share: float = 0.06
    preorder_share: float = 0.02


@dataclass(frozen=True)
class Conversations:
    """What people say to the shop and hear from it."""

    mailings: Mailings = field(default_factory=Mailings)
    reading: Reading = field(default_factory=Reading)
    sign_ups: SignUps = field(default_factory=SignUps)
    calls: Calls = field(default_factory=Calls)
    answering: Answering = field(default_factory=Answering)
    surveys: Surveys = field(default_factory=Surveys)


@dataclass(frozen=True)
class Places:
    """Where else people are met."""

    visits: StoreVisits = field(default_factory=StoreVisits)
    app: App = field(default_factory=App)
    outlet: Outlet = field(default_factory=Outlet)
    virtual_store: VirtualStore = field(default_factory=VirtualStore)


@dataclass(frozen=True)
class Touchpoints:
    """Everything that happens besides buying and browsing."""

    conversations: Conversations = field(default_factory=Conversations)
    places: Places = field(default_factory=Places)
    coverage: Coverage = field(default_factory=Coverage)
    loyalty: LoyaltyProgramme = field(default_factory=LoyaltyProgramme)
    advertising: Advertising = field(default_factory=Advertising)
    third_party: ThirdParty = field(default_factory=ThirdParty)
    feed: ProductFeed = field(default_factory=ProductFeed)
