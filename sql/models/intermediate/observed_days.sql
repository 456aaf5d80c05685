{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='date', on_schema_change='fail',
    )
}}

select
    published_date as date,
    count(*) as articles,
    count(distinct story_id) as stories,
    count(distinct source_id) as sources,
from {{ ref('articles') }}
where published_date is not null and {{ is_affected('published_date', 'date') }}
group by all
