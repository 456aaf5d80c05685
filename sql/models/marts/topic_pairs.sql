{#- Pairs that meet in one article alone are left out: their lift says nothing, and they are most of the pairs. -#}
{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='week_start_date',
        on_schema_change='fail',
    )
}}

with

tagged as (
    select
        article_id,
        story_id,
        topic_id,
        date_trunc('week', published_date)::date as week_start_date,
    from {{ ref('article_topics') }}
    where
        published_date is not null
        and {{ is_affected("date_trunc('week', published_date)::date", 'week_start_date') }}
),

weeks as (
    select * from {{ ref('topic_weekly') }}
),

pairs as (
    select
        one.week_start_date,
        one.topic_id as topic_a,
        other.topic_id as topic_b,
        count(*) as articles,
        count(distinct one.story_id) as stories,
    from tagged as one
    inner join tagged as other on one.article_id = other.article_id and one.topic_id < other.topic_id
    group by all
    having count(*) >= 2
),

final as (
    select
        pairs.*,
        pairs.articles * weeks_a.observed_articles / (weeks_a.articles * weeks_b.articles) as lift,
    from pairs
    inner join weeks as weeks_a
        on pairs.week_start_date = weeks_a.week_start_date and pairs.topic_a = weeks_a.topic_id
    inner join weeks as weeks_b
        on pairs.week_start_date = weeks_b.week_start_date and pairs.topic_b = weeks_b.topic_id
)

select * from final
