{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='story_id',
        on_schema_change='fail',
    )
}}

with

articles as (
    select
        *,
        -- for the order alone: what is undated goes by the day on which it was first seen
        coalesce(published_at, published_date::timestamp, first_seen_at) as ordered_at,
    from {{ ref('articles') }}
    where {{ is_affected('story_id', 'story_id') }}
),

final as (
    select
        story_id,
        first(title order by ordered_at, article_id) as title,
        first(article_id order by ordered_at, article_id) as first_article_id,
        first(source_id order by ordered_at, article_id) as first_source_id,
        min(published_at) as first_published_at,
        min(published_date) as published_date,
        count(*) as articles,
        count(distinct source_id) as sources,
        first(agency order by ordered_at, article_id) filter (agency is not null) as agency,
        first(language order by ordered_at, article_id) filter (language is not null) as language,
    from articles
    group by story_id
)

select * from final
