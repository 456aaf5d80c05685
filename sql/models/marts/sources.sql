with

sources as (
    select * from {{ ref('stg_sources') }}
),

feeds as (
    select
        source_id,
        count(*) as feeds,
    from {{ ref('stg_feeds') }}
    group by source_id
),

articles as (
    select
        source_id,
        count(*) as articles,
        min(published_date) as first_date,
        max(published_date) as last_date,
    from {{ ref('articles') }}
    group by source_id
),

final as (
    select
        sources.*,
        coalesce(feeds.feeds, 0) as feeds,
        coalesce(articles.articles, 0) as articles,
        articles.first_date,
        articles.last_date,
    from sources
    left join feeds on sources.source_id = feeds.source_id
    left join articles on sources.source_id = articles.source_id
)

select * from final
