with

feeds as (
    select
        source_id,
        max(last_polled_at) as last_polled_at,
        max(last_good_poll_at) as last_good_poll_at,
        count(*) filter (failures_in_row > 0) as failing_feeds,
    from {{ ref('stg_feeds') }}
    group by source_id
),

articles as (
    select
        source_id,
        max(coalesce(published_at, published_date::timestamp)) as last_published_at,
        max(first_seen_at) as last_landed_at,
    from {{ ref('articles') }}
    group by source_id
),

final as (
    select
        sources.source_id,
        feeds.last_polled_at,
        feeds.last_good_poll_at,
        coalesce(feeds.failing_feeds, 0) as failing_feeds,
        articles.last_published_at,
        articles.last_landed_at,
        date_diff('second', articles.last_published_at, {{ run_at() }}) / 3600 as lag_hours,
    from {{ ref('stg_sources') }} as sources
    left join feeds on sources.source_id = feeds.source_id
    left join articles on sources.source_id = articles.source_id
)

select * from final
