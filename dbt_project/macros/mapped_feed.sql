{#-
    Every row of one feed over the tables whose contracts map it themselves, or no row, typed, when none does.
    The body of a CTE:  mapped as ( {{ mapped_feed('records') }} )

    The tables are no dbt sources: those are declared in YAML, and a mapped table is known from its contract alone. Each
    model says under `meta.lake_tables` which ones it reads.
-#}
{% macro mapped_feed(feed) -%}
    {%- for mapped in mapped_tables(feed) %}
    {%- if not loop.first %}
    union all
    {% endif %}
    select
        {%- for column, type in feed_columns(feed).items() %}
        cast({{ "'" ~ mapped.source_name ~ "'" if column == 'source_name' else mapped.columns.get(column, 'null') }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ api.Relation.create(database=target.database, schema='lake', identifier=mapped.table) }}
    where _is_current
    {%- else %}
    {{ no_rows(feed) }}
    {%- endfor %}
{%- endmacro %}

{#- The tables in the lake that contracts map onto a feed, with the expressions that make its columns. -#}
{% macro mapped_tables(feed) -%}
    {%- do return(run_setting('mapped_feeds', {}).get(feed, [])) -%}
{%- endmacro %}
