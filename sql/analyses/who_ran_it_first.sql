-- Who ran the latest stories that went round, in order, and how many minutes after the first.
select
    stories.published_date,
    stories.title,
    stories.sources,
    articles.source_id,
    articles.published_at,
    date_diff('minute', stories.first_published_at, articles.published_at) as minutes_after,
    articles.url,
from stories
inner join articles on stories.story_id = articles.story_id
where stories.sources > 1 and stories.published_date is not null
order by stories.published_date desc, stories.story_id, articles.published_at nulls last, articles.article_id
limit 50;
