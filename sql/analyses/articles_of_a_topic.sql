-- From a number to its articles: the articles behind the largest cell of topic_daily, with the tags' evidence.
with

cell as (
    select
        date,
        topic_id,
    from topic_daily
    order by articles desc, date, topic_id
    limit 1
)

select
    tags.topic_id,
    articles.published_date,
    articles.article_id,
    articles.source_id,
    articles.title,
    tags.evidence,
    tags.detail,
    tags.confidence,
from cell
inner join article_topics as tags on cell.topic_id = tags.topic_id and cell.date = tags.published_date
inner join articles on tags.article_id = articles.article_id
order by articles.article_id;
