{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='article_id',
        on_schema_change='fail',
    )
}}

with

articles as (
    select
        article_id,
        version_id,
        dateline_place,
        published_date,
        source_id,
        story_id,
    from {{ ref('articles') }}
    where {{ is_affected('article_id', 'article_id') }}
),

delivered as (
    select
        articles.article_id,
        unnest(from_json(
            versions.subjects,
            '[{"kind":"VARCHAR","name":"VARCHAR","scheme":"VARCHAR","code":"VARCHAR","relevance":"DOUBLE"}]'
        )) as item,
    from articles
    inner join {{ source('ingest', 'article_versions') }} as versions on articles.version_id = versions.version_id
),

named as (
    select
        article_id,
        item.kind,
        coalesce(item.scheme || ':' || item.code, 'name:' || lower(item.name)) as name_id,
        coalesce(item.name, item.code) as name,
        item.relevance,
        'delivered' as evidence,
    from delivered
    where item.kind <> 'topic'
    union all
    select
        article_id,
        'place' as kind,
        'name:' || lower(dateline_place) as name_id,
        dateline_place as name,
        null as relevance,
        'dateline' as evidence,
    from articles
    where dateline_place is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by article_id, kind, name_id
            order by list_position(['dateline', 'delivered'], evidence), relevance desc nulls last, name
        ) as place,
    from named
    where name_id is not null
),

final as (
    select
        articles.article_id,
        ranked.kind,
        ranked.name_id,
        ranked.name,
        ranked.relevance,
        ranked.evidence,
        articles.published_date,
        articles.source_id,
        articles.story_id,
    from articles
    inner join ranked on articles.article_id = ranked.article_id
    where ranked.place = 1
)

select * from final
