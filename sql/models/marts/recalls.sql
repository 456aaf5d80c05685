{{ config(materialized='view') }}

with

recalls as (
    select * from {{ source('ingest', 'recalls') }}
),

versions as (
    select * from {{ source('ingest', 'article_versions') }}
    where article_id in (select article_id from recalls)
),

standing as (
    select * from {{ ref('stg_articles') }}
),

notices as (
    select
        article_id,
        arg_max_null(version_at, number) as version_at,  -- of the last one, even where it doesn't say
    from versions
    where status in ('canceled', 'withheld')
    group by article_id
),

-- what had stood: the notice has a first creation of its own
stood as (
    select
        article_id,
        any_value(wire_id) as wire_id,
        count(*) filter (status = 'usable') as versions,
        arg_max(published_date, number) filter (status = 'usable') as published_date,
    from versions
    group by article_id
),

copies as (
    select
        article_id,
        count(*) as copies,
        count(*) filter (state = 'up') as copies_up,
        coalesce(list(url order by url) filter (state = 'up'), []) as web_copies,
    from {{ ref('recall_copies') }}
    group by article_id
),

final as (
    select
        recalls.article_id,
        standing.source_id,
        stood.wire_id,
        recalls.status,
        recalls.recalled_at,
        notices.version_at,
        recalls.note,
        stood.published_date,
        stood.versions,
        standing.version_id is not null as is_usable_again,
        coalesce(copies.copies, 0) as copies,
        coalesce(copies.copies_up, 0) as copies_up,
        coalesce(copies.web_copies, []) as web_copies,
    from recalls
    inner join standing on recalls.article_id = standing.article_id
    inner join stood on recalls.article_id = stood.article_id
    left join notices on recalls.article_id = notices.article_id
    left join copies on recalls.article_id = copies.article_id
)

select * from final
