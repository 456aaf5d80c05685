{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='date', on_schema_change='fail',
    )
}}

with

days as (
    select * from {{ ref('observed_days') }}
),

counts as (
    select
        published_date as date,
        topic_id,
        count(*) as articles,
        count(distinct story_id) as stories,
    from {{ ref('article_topics') }}
    where published_date is not null and {{ is_affected('published_date', 'date') }}
    group by all
),

final as (
    select
        counts.date,
        counts.topic_id,
        counts.articles,
        counts.stories,
        days.articles as observed_articles,
        days.stories as observed_stories,
        days.sources as observed_sources,
        counts.articles / days.articles as share,
        counts.stories / days.stories as story_share,
    from counts
    inner join days on counts.date = days.date
)

select * from final
