select
    feed_id,
    source_id,
    polled_at,
    outcome,
    window_since,
    is_overlapping,
    is_overrun,
    lag(polled_at) over (partition by feed_id order by polled_at) as last_good_at,
from {{ ref('stg_polls') }}
where is_good
