select
    feed_id,
    entry_id,
    source_id,
    state,
    coalesce(published_at, updated_at) as dated_at,
from {{ source('ingest', 'entries') }}
