{#- A view: the texts are in the file once, and a refused version shows without its article being touched. -#}
{{ config(materialized='view') }}

with

versions as (
    select * from {{ source('ingest', 'article_versions') }}
),

articles as (
    select * from {{ ref('stg_articles') }}
),

captures as (
    select * from {{ source('ingest', 'captures') }}
),

final as (
    select
        versions.version_id,
        versions.article_id,
        versions.source_id,
        versions.number,
        versions.decision,
        versions.reason,
        versions.captured_at,
        versions.capture_id,
        captures.warc_path,
        captures.warc_offset,
        case when articles.version_id is not null then versions.title end as title,
        case when articles.version_id is not null then versions.text end as text,
        versions.word_count,
        versions.wire_version,
        versions.version_at,
        versions.status,
        coalesce(versions.version_id = articles.version_id, false) as is_current,
        coalesce(versions.revision_id, versions.wire_id) as wire_id,
        case when articles.version_id is not null then versions.slugline end as slugline,
        versions.urgency,
        versions.genre,
        case when articles.version_id is not null then versions.credit end as credit,
        versions.rights,
        versions.signal,
        versions.note,
        versions.embargo_until,
    from versions
    left join articles on versions.article_id = articles.article_id
    left join captures on versions.capture_id = captures.capture_id
)

select * from final
