{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='week_start_date',
        on_schema_change='fail',
    )
}}

with

weeks as (
    select
        date_trunc('week', date)::date as week_start_date,
        sum(articles)::bigint as articles,
        count(*) as days,
    from {{ ref('observed_days') }}
    group by all
),

counts as (
    select
        date_trunc('week', published_date)::date as week_start_date,
        topic_id,
        count(*) as articles,
        count(distinct story_id) as stories,
    from {{ ref('article_topics') }}
    where
        published_date is not null
        and {{ is_affected("date_trunc('week', published_date)::date", 'week_start_date') }}
    group by all
),

final as (
    select
        counts.week_start_date,
        counts.topic_id,
        counts.articles,
        counts.stories,
        weeks.articles as observed_articles,
        weeks.days as observed_days,
        counts.articles / weeks.articles as share,
    from counts
    inner join weeks on counts.week_start_date = weeks.week_start_date
)

select * from final
