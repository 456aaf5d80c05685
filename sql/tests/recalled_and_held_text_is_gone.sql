-- No text of a recalled, withheld or embargoed item is in the file, the private schema included: it is copied along.
select
    'version' as place,
    versions.version_id as id,
from {{ source('ingest', 'article_versions') }} as versions
inner join {{ ref('stg_articles') }} as articles on versions.article_id = articles.article_id
where
    articles.version_id is null
    and concat_ws(
        '', versions.title, versions.summary, versions.text, versions.slugline, versions.credit, versions.kicker
    ) <> ''

union all

select
    'entry' as place,
    entry_id as id,
from {{ source('ingest', 'entries') }}
where state = 'held' and (title is not null or summary is not null)
