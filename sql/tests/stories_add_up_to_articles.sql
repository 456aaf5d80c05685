-- Every article is in exactly one story, and every story counts its articles.
with

counts as (
    select
        story_id,
        count(*) as articles,
        count(distinct source_id) as sources,
    from {{ ref('articles') }}
    group by story_id
)

select
    story_id,
    counts.articles as articles_found,
    stories.articles as articles_said,
from counts
full outer join {{ ref('stories') }} as stories using (story_id)
where
    counts.articles is distinct from stories.articles
    or counts.sources is distinct from stories.sources
