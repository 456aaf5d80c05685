with

topics as (
    select * from {{ ref('stg_topics') }}
),

same_as as (
    select
        topic_id,
        label,
        unnest(same_as) as code,
    from topics
),

-- where two topics mean a code, the tagger takes the one whose id sorts first (pipeline/topics/tags.py)
meanings as (
    select
        code,
        min(topic_id) as mapped_to_id,
        arg_min(label, topic_id) as label,
    from same_as
    group by code
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
        coalesce(topics.label, meanings.label) as label,
        topics.vocabulary,
        topics.broader_id,
        coalesce(counts.articles, 0) as articles,
        meanings.mapped_to_id,
    from topics
    left join meanings on topics.topic_id = meanings.code
    left join counts on topics.topic_id = counts.topic_id
)

select * from final
