-- Articles that changed after they were published: when, what the wire says of it, and what they had been called.
with

versions as (
    select
        article_id,
        number,
        decision,
        coalesce(version_at, captured_at) as changed_at,
        signal,
        note,
        title,
        word_count,
        lag(title) over (partition by article_id order by number) as title_before,
        lag(word_count) over (partition by article_id order by number) as word_count_before,
    from article_versions
    where decision not in ('refused', 'recalled')
)

select
    articles.article_id,
    articles.source_id,
    versions.number,
    versions.changed_at,
    versions.signal,
    versions.note,
    versions.title,
    versions.title_before,
    versions.word_count - versions.word_count_before as words_added,
from versions
inner join articles on versions.article_id = articles.article_id
where versions.decision = 'changed'
order by versions.changed_at desc, articles.article_id, versions.number
limit 50;
