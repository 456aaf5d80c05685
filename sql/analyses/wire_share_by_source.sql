-- How much of each source is agency text: credited to one, or run by another source as well.
select
    articles.source_id,
    count(*) as articles,
    round(avg((articles.agency is not null)::integer), 3) as credited_share,
    round(avg((stories.sources > 1)::integer), 3) as shared_share,
from articles
inner join stories on articles.story_id = stories.story_id
group by all
order by credited_share desc, articles.source_id;
