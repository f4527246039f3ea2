{#-
    What the rules of identity say about each type of identifier, by type, as `c360 build` reads it from `identity.yml`:
    `column`, the column of `records` that holds it, none when only the feed `identifiers` delivers it, and `joins`,
    `people` or `anonymous`. The placeholder is for where nothing is built.
-#}
{% macro identifier_rules() -%}
    {%- do return(run_setting('identifier_rules', {
        'email': {'column': 'email_normalised', 'joins': 'people'},
        'device_id': {'column': none, 'joins': 'anonymous'},
    })) -%}
{%- endmacro %}

{#- The types for which a rule says `joins`, as the right side of an `in`; with no argument, every type. -#}
{% macro identifier_types(joins=none) -%}
    {%- set types = [] -%}
    {%- for type, rule in identifier_rules().items() if joins is none or rule.joins == joins -%}
        {%- do types.append("'" ~ type ~ "'") -%}
    {%- endfor -%}
    ({{ types | join(', ') or 'null' }})
{%- endmacro %}
