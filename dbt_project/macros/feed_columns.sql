{#-
    The shared vocabulary: the columns and types every staging model `stg_<source>__<feed>` delivers.
    A feed is what a source may know about: its people, its order lines, its web events, its consents.
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
            'postal_code': type_string(),
            'country_code': type_string(),
            'updated_at': type_timestamp(),
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
