select
    topic_id,
    label,
    split_part(topic_id, ':', 1) as vocabulary,
    broader_id,
from {{ source('ingest', 'topics') }}
