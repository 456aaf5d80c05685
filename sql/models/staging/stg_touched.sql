select
    article_id,
    nullif(date, date '0001-01-01') as date,
from {{ source('ingest', 'touched') }}
