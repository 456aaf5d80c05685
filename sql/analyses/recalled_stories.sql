-- What agencies took back, and which papers still ran it when they were last read.
select
    recalls.recalled_at,
    recalls.source_id,
    recalls.wire_id,
    recalls.status,
    recalls.note,
    recalls.published_date,
    copies.copy_source_id,
    copies.state,
    copies.url,
    round(copies.share_of_version, 2) as share_of_version,
from recalls
left join recall_copies as copies on recalls.article_id = copies.article_id
order by recalls.recalled_at desc, recalls.article_id, copies.copy_source_id, copies.url
limit 50;
