{#- A view: Python keeps the pairs, article by article, and what it joins them to is in the file already. -#}
{{ config(materialized='view') }}

with

copies as (
    select * from {{ source('ingest', 'lineage') }}
),

standing as (
    select * from {{ ref('articles') }}
),

versions as (
    select * from {{ source('ingest', 'article_versions') }}
),

final as (
    select
        copies.copy_article_id,
        papers.source_id as copy_source_id,
        copies.article_id,
        stories.source_id,
        stories.wire_id,
        copies.version_id,
        versions.number as version_number,
        copies.version_id = stories.version_id as is_current,
        papers.published_at as copy_published_at,
        papers.published_date,
        coalesce(versions.version_at, versions.published_at) as version_at,
        date_diff('minute', coalesce(versions.version_at, versions.published_at), papers.published_at) as minutes_after,
        copies.share_of_version,
        copies.share_of_copy,
        copies.evidence,
        papers.story_id,
    from copies
    inner join standing as papers on copies.copy_article_id = papers.article_id
    inner join standing as stories on copies.article_id = stories.article_id
    inner join versions on copies.version_id = versions.version_id
)

select * from final
