-- Where the stories of a topic come from, by datelines and by the places that the agencies deliver. Write a topic
-- of yours in place of the largest.
select
    article_names.name as place,
    count(distinct article_topics.story_id) as stories,
    count(*) as articles,
    min(article_topics.published_date) as first_date,
    max(article_topics.published_date) as last_date,
from article_topics
inner join article_names on article_topics.article_id = article_names.article_id
where
    article_topics.topic_id = (select max_by(topic_id, articles) from topics)
    and article_names.kind = 'place'
group by article_names.name
order by stories desc, place
