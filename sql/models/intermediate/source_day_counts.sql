{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='date', on_schema_change='fail',
    )
}}

select
    articles.source_id,
    articles.published_date as date,
    count(*) as articles,
    coalesce(bool_and(feeds.delivery = 'folder'), false) as is_delivered,
from {{ ref('articles') }} as articles
left join {{ ref('stg_feeds') }} as feeds on articles.feed_id = feeds.feed_id
where articles.published_date is not null and {{ is_affected('articles.published_date', 'date') }}
group by all
