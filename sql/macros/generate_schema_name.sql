{#- The schemas are called what dbt_project.yml calls them: analysts write `from articles` and `from meta.gaps`. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
