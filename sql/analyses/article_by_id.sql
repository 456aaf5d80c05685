-- One article whole, and where its raw bytes lie: the newest, or `where articles.article_id = '…'`.
select
    articles.article_id,
    articles.title,
    articles.text,
    articles.url,
    versions.number,
    versions.decision,
    versions.captured_at,
    versions.warc_path,
    versions.warc_offset,
from articles
inner join article_versions as versions on articles.version_id = versions.version_id
order by articles.first_seen_at desc
limit 1;
