{#-
    The shared vocabulary: the columns and types every staging model `stg_<source>__<feed>` delivers.
    A feed is what a source may know about: its people, its order lines, what they did, said and agreed to.
    `c360/sources/contracts/feeds.py` says the same to the contracts; a test compares the two.
-#}
{% macro feed_columns(feed) -%}
    {%- set feeds = {
        'records': {
            'record_id': type_string(),
            'source_name': type_string(),
            'email': type_string(),
            'email_normalised': type_string(),
            'phone_normalised': type_string(),
            'loyalty_number': type_string(),
            'web_user_id': type_string(),
            'first_name': type_string(),
            'last_name': type_string(),
            'first_name_folded': type_string(),
            'last_name_folded': type_string(),
            'street': type_string(),
            'city': type_string(),
            'postal_code': type_string(),
            'country_code': type_string(),
            'birth_date': 'date',
            'updated_at': type_timestamp(),
        },
        'identifiers': {
            'record_id': type_string(),
            'source_name': type_string(),
            'identifier_type': type_string(),
            'identifier_value': type_string(),
            'first_seen_at': type_timestamp(),
            'last_seen_at': type_timestamp(),
        },
        'order_lines': {
            'order_line_id': type_string(),
            'order_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'channel': type_string(),
            'line_kind': type_string(),
            'product_id': type_string(),
            'category': type_string(),
            'quantity': type_bigint(),
            'line_amount': type_money(),
            'currency_code': type_string(),
            'ordered_at': type_timestamp(),
        },
        'web_events': {
            'event_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'event_name': type_string(),
            'product_id': type_string(),
            'occurred_at': type_timestamp(),
        },
        'consents': {
            'consent_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'purpose': type_string(),
            'recipient': type_string(),
            'is_granted': type_boolean(),
            'decided_at': type_timestamp(),
        },
        'messages': {
            'message_event_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'message_id': type_string(),
            'campaign_id': type_string(),
            'channel': type_string(),
            'event_kind': type_string(),
            'occurred_at': type_timestamp(),
        },
        'ad_clicks': {
            'click_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'device_id': type_string(),
            'platform': type_string(),
            'click_id_kind': type_string(),
            'campaign_id': type_string(),
            'clicked_at': type_timestamp(),
        },
        'ad_costs': {
            'ad_cost_id': type_string(),
            'source_name': type_string(),
            'platform': type_string(),
            'campaign_id': type_string(),
            'campaign_name': type_string(),
            'impression_count': type_bigint(),
            'click_count': type_bigint(),
            'cost_amount': type_money(),
            'currency_code': type_string(),
            'cost_date': 'date',
        },
        'products': {
            'product_id': type_string(),
            'source_name': type_string(),
            'title': type_string(),
            'category': type_string(),
            'brand': type_string(),
            'price_amount': type_money(),
            'cost_amount': type_money(),
            'currency_code': type_string(),
            'is_available': type_boolean(),
            'updated_at': type_timestamp(),
        },
        'interactions': {
            'interaction_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'product_id': type_string(),
            'order_id': type_string(),
            'store_id': type_string(),
            'channel': type_string(),
            'interaction_kind': type_string(),
            'topic': type_string(),
            'duration_seconds': type_bigint(),
            'is_resolved': type_boolean(),
            'occurred_at': type_timestamp(),
        },
        'survey_answers': {
            'response_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'survey_id': type_string(),
            'order_id': type_string(),
            'nps': type_bigint(),
            'answered_at': type_timestamp(),
        },
        'preferences': {
            'preference_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'preference_name': type_string(),
            'preference_value': type_string(),
            'declared_at': type_timestamp(),
        },
        'memberships': {
            'membership_id': type_string(),
            'source_name': type_string(),
            'record_id': type_string(),
            'loyalty_number': type_string(),
            'tier': type_string(),
            'points_balance': type_bigint(),
            'joined_at': type_timestamp(),
            'updated_at': type_timestamp(),
        },
        'third_party_segments': {
            'device_id': type_string(),
            'source_name': type_string(),
            'segment_id': type_string(),
            'segment_name': type_string(),
            'provider': type_string(),
            'expires_date': 'date',
            'delivered_at': type_timestamp(),
        },
    } -%}
    {%- if feed not in feeds -%}
        {%- do exceptions.raise_compiler_error(
            "There is no feed '" ~ feed ~ "'. The feeds are " ~ feeds | join(", ") ~ "."
        ) -%}
    {%- endif -%}
    {%- do return(feeds[feed]) -%}
{%- endmacro %}

{#- Money, with four decimals so that line amounts in any currency add up exactly. -#}
{% macro type_money() -%}
    decimal(18, 4)
{%- endmacro %}
