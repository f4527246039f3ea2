{#-
    A var that `c360 build` passes, or `placeholder` where no row is read or written (parse, compile, lint, docs).
    Building without it would build the wrong customers, so that stops.
-#}
{% macro run_setting(name, placeholder) -%}
    {%- if var(name, none) is not none -%}
        {%- do return(var(name)) -%}
    {%- endif -%}
    {%- if flags.WHICH in ['run', 'build'] -%}
        {%- do exceptions.raise_compiler_error(
            "The var '" ~ name ~ "' is missing: run dbt through `c360 build`, which passes the contracts and the date."
        ) -%}
    {%- endif -%}
    {%- do return(placeholder) -%}
{%- endmacro %}
