-- Every article that stands is published in the version that stands and in the story that it was placed in, and no
-- other is: a row here was changed without being in ingest.touched.
with

standing as (
    select
        articles.article_id,
        articles.version_id,
        coalesce(members.story_id, articles.article_id) as story_id,
    from {{ ref('stg_articles') }} as articles
    inner join {{ source('ingest', 'article_versions') }} as versions on articles.version_id = versions.version_id
    left join {{ source('ingest', 'story_members') }} as members on articles.article_id = members.article_id
    where versions.status = 'usable'
),

published as (
    select * from {{ ref('articles') }}
)

select
    article_id,
    standing.version_id as version_that_stands,
    published.version_id as version_published,
    standing.story_id as story_placed,
    published.story_id as story_published,
from standing
full outer join published using (article_id)
where
    standing.version_id is distinct from published.version_id
    or standing.story_id is distinct from published.story_id
