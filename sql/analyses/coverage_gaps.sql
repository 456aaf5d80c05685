-- Where a dip may be ours: the days of each source on which something was, or may be, missing.
select
    source_id,
    first_date,
    last_date,
    days,
    state,
    reason,
from meta.gaps
order by days desc, source_id, first_date
limit 50;
