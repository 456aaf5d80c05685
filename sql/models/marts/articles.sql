{#- To be seen again, unchanged, touches no article: that one column follows by itself. -#}
{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='article_id',
        on_schema_change='fail',
        post_hook="{% if is_incremental() %}
            update {{ this }} as articles
            set last_seen_at = standing.last_seen_at
            from {{ ref('stg_articles') }} as standing
            where articles.article_id = standing.article_id and articles.last_seen_at < standing.last_seen_at
            {% endif %}",
    )
}}

with

standing as (
    select *
    from {{ ref('stg_articles') }}
    where version_id is not null and {{ is_affected('article_id', 'article_id') }}
),

versions as (
    select *
    from {{ source('ingest', 'article_versions') }}
    where article_id in (select article_id from standing)
),

version_counts as (
    select
        article_id,
        count(*) filter (decision <> 'refused') as versions,
    from versions
    group by article_id
),

final as (
    select
        standing.article_id,
        versions.version_id,
        standing.source_id,
        versions.feed_id,
        versions.url,
        versions.canonical_url,
        versions.wire_id,
        versions.title,
        versions.summary,
        versions.text,
        versions.language,
        versions.authors,
        versions.agency,
        versions.dateline_place,
        versions.published_at,
        versions.published_date,
        versions.published_kind,
        versions.published_confidence,
        versions.modified_at,
        standing.first_seen_at,
        standing.last_seen_at,
        versions.section,
        versions.page_kind,
        versions.word_count,
        versions.number as version_number,
        version_counts.versions,
        coalesce(members.story_id, standing.article_id) as story_id,  -- until it is placed, it stands alone
        versions.slugline,
        versions.urgency,
        versions.genre,
        versions.kicker,
    from standing
    inner join versions on standing.version_id = versions.version_id
    inner join version_counts on standing.article_id = version_counts.article_id
    left join {{ source('ingest', 'story_members') }} as members on standing.article_id = members.article_id
    where versions.status = 'usable'
)

select * from final
