{#-
    How a device is named. A system's own ids carry the system in front, so that those of two systems never meet by
    accident; every staging model that tells of the same device goes through here.
-#}

{#- The identifier `device_id` of a device that `system` knows under `column`. -#}
{% macro device_id(system, column) -%}
    '{{ system }}:' || {{ column }}
{%- endmacro %}

{#- The record of whoever uses a device without being known: record ids are published, so it holds a digest only. -#}
{% macro device_record_id(system, column) -%}
    '{{ system }}:device:' || {{ hash(column) }}
{%- endmacro %}

{#- An advertising id, which telephones write in capitals or not, and every app, store and data provider alike. -#}
{% macro advertising_id(column) -%}
    lower(trim({{ column }}))
{%- endmacro %}
