{#-
    What columns of JSON text hold, on either engine. Every value comes as text, for the model to cast; what is nested
    deeper comes as JSON text, to be taken apart in the same way.
-#}

{#-
    One row per object of the JSON arrays in `column`, with the `kept` columns of the row it is from and some of its own
    values; no row for a column that is NULL or holds no array. The body of a CTE:

        lines as ( {{ json_array_rows('orders', ['order_id'], 'line_items', {'line_id': 'id', 'product_id': 'sku'}) }} )

    Args:
        fields: new column -> key in the object.
-#}
{% macro json_array_rows(relation, kept, column, fields) -%}
    select
        {{ kept | join(',\n        ') }},
        {%- for name, key in fields.items() %}
        json_row.{{ key }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select *, {{ json_objects(column, fields.values() | list) }} as json_row
        from {{ relation }}
    ) as rows_of_array
{%- endmacro %}

{% macro json_objects(column, keys) -%}
    {{ return(adapter.dispatch('json_objects', 'c360')(column, keys)) }}
{%- endmacro %}

{% macro duckdb__json_objects(column, keys) -%}
    unnest(from_json({{ column }}, '[{ {% for key in keys %}"{{ key }}": "VARCHAR"{{ ", " if not loop.last }}{% endfor %} }]'))
{%- endmacro %}

{% macro spark__json_objects(column, keys) -%}
    explode(from_json({{ column }}, 'array<struct<{% for key in keys %}`{{ key }}`: string{{ ", " if not loop.last }}{% endfor %}>>'))
{%- endmacro %}

{#-
    One row per entry of the JSON objects in `column`, as `entry_key` and `entry_value`, with the `kept` columns of the
    row it is from. The body of a CTE.
-#}
{% macro json_object_rows(relation, kept, column) -%}
    select
        {{ kept | join(',\n        ') }},
        json_row.key as entry_key,
        json_row.value as entry_value
    from (
        select *, {{ json_entries(column) }} as json_row
        from {{ relation }}
    ) as rows_of_object
{%- endmacro %}

{% macro json_entries(column) -%}
    {{ return(adapter.dispatch('json_entries', 'c360')(column)) }}
{%- endmacro %}

{% macro duckdb__json_entries(column) -%}
    unnest(map_entries(from_json({{ column }}, '"MAP(VARCHAR, VARCHAR)"')))
{%- endmacro %}

{% macro spark__json_entries(column) -%}
    explode(map_entries(from_json({{ column }}, 'map<string, string>')))
{%- endmacro %}

{#-
    The members of an array of plain values, one row each: alone in a select list. Text that is no array is its own only
    member.
-#}
{% macro json_members(column) -%}
    {{ return(adapter.dispatch('json_members', 'c360')(column)) }}
{%- endmacro %}

{% macro duckdb__json_members(column) -%}
    unnest(
        case
            when {{ column }} like '[%' and json_valid({{ column }}) then from_json({{ column }}, '["VARCHAR"]')
            else [{{ column }}]
        end
    )
{%- endmacro %}

{% macro spark__json_members(column) -%}
    explode(coalesce(
        case when {{ column }} like '[%' then from_json({{ column }}, 'array<string>') end, array({{ column }})
    ))
{%- endmacro %}

{#- The one value at a path such as `$[0].sku`, as text. -#}
{% macro json_value(column, path) -%}
    {{ return(adapter.dispatch('json_value', 'c360')(column, path)) }}
{%- endmacro %}

{% macro duckdb__json_value(column, path) -%}
    json_extract_string({{ column }}, '{{ path }}')
{%- endmacro %}

{% macro spark__json_value(column, path) -%}
    get_json_object({{ column }}, '{{ path }}')
{%- endmacro %}

{#- Text with an offset, such as 2026-06-30T14:05:00+02:00, as a UTC timestamp; NULL when it is none. -#}
{% macro utc_timestamp(text) -%}
    {{ return(adapter.dispatch('utc_timestamp', 'c360')(text)) }}
{%- endmacro %}

{% macro duckdb__utc_timestamp(text) -%}
    timezone('UTC', try_cast({{ text }} as timestamptz))
{%- endmacro %}

{#- Spark's timestamps are instants, shown in the session's time zone, which is UTC here as on DuckDB. -#}
{% macro spark__utc_timestamp(text) -%}
    try_cast({{ text }} as timestamp)
{%- endmacro %}
