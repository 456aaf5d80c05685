select
    feed_id,
    source_id,
    url,
    delivery,
    last_polled_at,
    last_ok_at as last_good_poll_at,
    coalesce(failures_in_row, 0) as failures_in_row,
from {{ source('ingest', 'feeds') }}
