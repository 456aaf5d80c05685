{#-
    Against the published file: the figures of days that were over when it was made. What runs wrote that were then
    killed, or failed their tests, was never published and goes first.
-#}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook="{% if is_incremental() %}{{ drop_unpublished_restatements() }}{% endif %}",
    )
}}
-- depends_on: {{ ref('affected_articles') }}, {{ ref('observed_days') }}, {{ ref('topic_daily') }}
-- depends_on: {{ source('ingest', 'snapshots') }}

{%- if has_published() %}

with

snapshot as (
    select built_at from published.meta.snapshot
),

days as (
    select distinct date
    from {{ ref('affected_articles') }}
    where date < (select built_at::date from snapshot)
    union
    -- a full build may have changed any day: the models themselves may be others
    select distinct date
    from (
        select date from {{ ref('observed_days') }}
        union
        select date from published.intermediate.observed_days
    )
    where {{ is_full_build() }} and date < (select built_at::date from snapshot)
),

topics_before as (
    select * from published.main.topic_daily
    where date in (select date from days)
),

topics_now as (
    select * from {{ ref('topic_daily') }}
    where date in (select date from days)
),

figures as (
    select
        date,
        topic_id,
        coalesce(before.articles, 0) as articles_before,
        coalesce(now.articles, 0) as articles_now,
        coalesce(before.stories, 0) as stories_before,
        coalesce(now.stories, 0) as stories_now,
    from topics_before as before
    full outer join topics_now as now using (date, topic_id)
    union all
    select
        date,
        null as topic_id,
        coalesce(before.articles, 0) as articles_before,
        coalesce(now.articles, 0) as articles_now,
        coalesce(before.stories, 0) as stories_before,
        coalesce(now.stories, 0) as stories_now,
    from (
        select * from published.intermediate.observed_days
        where date in (select date from days)
    ) as before
    full outer join (
        select * from {{ ref('observed_days') }}
        where date in (select date from days)
    ) as now
        using (date)
),

final as (
    select
        {{ run_id() }} as run_id,
        {{ run_at() }} as restated_at,
        *,
        case
            when articles_now > articles_before then 'articles came late, or their date or topics changed'
            when articles_now < articles_before then 'articles were recalled, or their date or topics changed'
            else 'articles moved between stories'
        end as reason,
    from figures
    where articles_now <> articles_before or stories_now <> stories_before
)

select * from final

{%- else %}

select
    null::varchar as run_id,
    null::timestamp as restated_at,
    null::date as date,
    null::varchar as topic_id,
    null::bigint as articles_before,
    null::bigint as articles_now,
    null::bigint as stories_before,
    null::bigint as stories_now,
    null::varchar as reason,
where false

{%- endif %}
