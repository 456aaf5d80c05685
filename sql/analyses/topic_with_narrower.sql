-- A topic and all that is narrower than it, day by day, each article and story once. Write a topic of yours in place of
-- the one above the largest.
with recursive

wanted as (
    select
        coalesce(
            max_by(broader_id, articles) filter (broader_id is not null),
            max_by(topic_id, articles)
        ) as topic_id,
    from topics
),

branch as (
    select topic_id from wanted
    union
    select topics.topic_id
    from branch
    inner join topics on branch.topic_id = topics.broader_id
)

select
    published_date,
    count(distinct article_id) as articles,
    count(distinct story_id) as stories,
    list_sort(list(distinct topic_id)) as topics,
from article_topics
where topic_id in (select topic_id from branch) and published_date is not null
group by published_date
order by published_date;
