{#-
    How a night's cost follows the night: an incremental model names in `unique_key` the unit that it makes again (an
    article, a story, a day, a week). Units that are affected are deleted and what stands of them is inserted, in one
    transaction; so what was recalled, moved to another day or left its story leaves no row behind.
-#}

{#- The condition on `expression` that keeps the affected units alone; all of them when the model is built anew. -#}
{% macro is_affected(expression, key, units='affected_articles') -%}
    {%- set affected = ref(units) -%}
    {%- if is_incremental() -%}
        {{ expression }} in (select {{ key }} from {{ affected }} where {{ key }} is not null)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{#- The incremental strategy `replace_affected`. `meta.affected` names the list of units where it is another. -#}
{% macro get_incremental_replace_affected_sql(arguments) -%}
    {%- set key = arguments['unique_key'] -%}
    {%- set affected = ref(config.get('meta', {}).get('affected', 'affected_articles')) -%}
    {%- set columns = get_quoted_csv(arguments['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arguments['target_relation'] }}
    where {{ key }} in (select {{ key }} from {{ affected }} where {{ key }} is not null);

    insert into {{ arguments['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arguments['temp_relation'] }};
{%- endmacro %}
