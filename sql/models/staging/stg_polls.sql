select
    feed_id,
    source_id,
    polled_at,
    outcome,
    outcome <> 'failed' as is_good,
    window_since,
    coalesce(is_overlapping, false) as is_overlapping,
    coalesce(is_overrun, false) as is_overrun,
    reason,
from {{ source('ingest', 'polls') }}
