select
    topic_id,
    label,
    split_part(topic_id, ':', 1) as vocabulary,
    broader_id,
    same_as,
from {{ source('ingest', 'topics') }}
