-- How many papers ran a story, and whose text it is.
select
    stories.published_date,
    stories.title,
    stories.agency,
    stories.articles,
    stories.sources,
    list_sort(list(distinct articles.source_id)) as run_by,
from stories
inner join articles on stories.story_id = articles.story_id
group by all
order by stories.sources desc, stories.articles desc, stories.published_date
limit 20;
