-- Where a dip may be ours: the days of each source on which something was, or may be, missing; without those that were
-- not over when the file was made.
select
    gaps.source_id,
    gaps.first_date,
    gaps.last_date,
    gaps.days,
    gaps.state,
    gaps.reason,
from meta.gaps as gaps
cross join meta.snapshot as snapshot
where gaps.first_date < snapshot.built_at::date
order by gaps.days desc, gaps.source_id, gaps.first_date
limit 50;
