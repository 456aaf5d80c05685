{#- A view, as a copy may change or go on any night on which nothing happens to the recalled story. -#}
{{ config(materialized='view') }}

with

recalls as (
    select * from {{ source('ingest', 'recalls') }}
),

copies as (
    select * from {{ source('ingest', 'lineage') }}
),

versions as (
    select * from {{ source('ingest', 'article_versions') }}
),

papers as (
    select * from {{ ref('stg_articles') }}
),

pages_gone as (
    select distinct
        source_id,
        url,
    from {{ source('ingest', 'entries') }}
    where state = 'gone'
),

final as (
    select
        recalls.article_id,
        copies.copy_article_id,
        papers.source_id as copy_source_id,
        coalesce(ran.canonical_url, ran.url) as url,
        case
            when papers.version_id is null or pages_gone.url is not null then 'gone'
            when papers.version_id <> copies.copy_version_id then 'changed'
            else 'up'
        end as state,
        papers.last_seen_at,
        ran.published_at,
        ran.published_date,
        copies.version_id,
        story.number as version_number,
        copies.share_of_version,
        copies.share_of_copy,
        copies.evidence,
    from recalls
    inner join copies on recalls.article_id = copies.article_id
    inner join papers on copies.copy_article_id = papers.article_id
    inner join versions as ran on copies.copy_version_id = ran.version_id
    inner join versions as story on copies.version_id = story.version_id
    left join pages_gone on ran.source_id = pages_gone.source_id and ran.url = pages_gone.url
)

select * from final
