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
        published_date,
        source_id,
        story_id,
    from {{ ref('articles') }}
    where {{ is_affected('article_id', 'article_id') }}
),

ranked as (
    select
        tags.*,
        row_number() over (
            partition by tags.article_id, tags.topic_id
            order by
                list_position(['delivered', 'mapped', 'publisher', 'rule'], tags.evidence),
                tags.confidence desc,
                tags.detail
        ) as place,
    from {{ source('ingest', 'tags') }} as tags
    where tags.article_id in (select article_id from articles)
),

final as (
    select
        articles.article_id,
        ranked.topic_id,
        ranked.evidence,
        ranked.confidence,
        ranked.detail,
        articles.published_date,
        articles.source_id,
        articles.story_id,
    from articles
    inner join ranked on articles.article_id = ranked.article_id
    where ranked.place = 1
)

select * from final
