with

topics as (
    select * from {{ ref('stg_topics') }}
),

counts as (
    select
        topic_id,
        count(*) as articles,
    from {{ ref('article_topics') }}
    group by topic_id
),

final as (
    select
        topics.topic_id,
        topics.label,
        topics.vocabulary,
        topics.broader_id,
        coalesce(counts.articles, 0) as articles,
    from topics
    left join counts on topics.topic_id = counts.topic_id
)

select * from final
