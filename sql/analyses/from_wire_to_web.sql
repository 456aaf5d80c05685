-- How papers run an agency's stories: how many, how soon, how much of them, and how often a version that was replaced.
select
    lineage.source_id,
    lineage.copy_source_id,
    count(*) as copies,
    median(lineage.minutes_after) as minutes_after,
    round(avg(lineage.share_of_version), 2) as share_of_version,
    round(avg(lineage.share_of_copy), 2) as share_of_copy,
    count(*) filter (not lineage.is_current) as of_replaced_versions,
from lineage
group by all
order by copies desc, lineage.source_id, lineage.copy_source_id
limit 50;
