select
    source_id,
    coalesce(name, source_id) as name,
    kind,
    country,
    language,
    coalesce(timezone, 'UTC') as timezone,
    homepage,
from {{ source('ingest', 'sources') }}
