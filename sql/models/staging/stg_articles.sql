select
    article_id,
    source_id,
    current_version_id as version_id,
    status,
    first_seen_at,
    last_seen_at,
    linked_code,
from {{ source('ingest', 'articles') }}
