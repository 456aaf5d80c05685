{#- The facts of the run that builds, from the environment. -#}

{% macro run_id() -%}
    '{{ env_var("DATELINE_RUN_ID") }}'
{%- endmacro %}

{#- The run's clock, UTC. -#}
{% macro run_at() -%}
    timestamp '{{ env_var("DATELINE_NOW_AT") }}'
{%- endmacro %}

{% macro code_version() -%}
    '{{ env_var("DATELINE_CODE_VERSION") }}'
{%- endmacro %}

{% macro rules_version() -%}
    '{{ env_var("DATELINE_RULES_VERSION") }}'
{%- endmacro %}

{#- Whether every model is built anew. -#}
{% macro is_full_build() -%}
    {{ flags.FULL_REFRESH or false }}
{%- endmacro %}

{#-
    Attaches the published file, read only, as `published`; whether there is one to compare with. One that an older
    release made may lack what is compared.
-#}
{% macro has_published() -%}
    {%- set path = env_var('DATELINE_PUBLISHED') | replace("'", "''") -%}
    {%- if not execute or not path -%}
        {%- do return(false) -%}
    {%- endif -%}
    {%- do run_query("attach if not exists '" ~ path ~ "' as published (read_only)") -%}
    {%- set found = run_query("
        select count(*)
        from duckdb_tables()
        where
            database_name = 'published'
            and schema_name || '.' || table_name in ('main.topic_daily', 'intermediate.observed_days', 'meta.snapshot')
    ") -%}
    {%- do return(found.columns[0].values()[0] == 3) -%}
{%- endmacro %}

{#- `main.articles` as the last build left it; none before the first. -#}
{% macro articles_before() -%}
    {%- if execute -%}
        {%- set relation = adapter.get_relation(target.database, 'main', 'articles') -%}
        {%- do return(relation.include(database=false) if relation else none) -%}
    {%- endif -%}
    {%- do return(none) -%}
{%- endmacro %}

{#- Deletes the restatements of runs whose snapshot never replaced the published file. -#}
{% macro drop_unpublished_restatements() -%}
    delete from {{ this }}
    where run_id not in (
        select run_id from {{ source('ingest', 'snapshots') }}
        {%- if has_published() %}
        union all
        select run_id from published.meta.snapshot
        {%- endif %}
    )
{%- endmacro %}
