select
    {{ run_id() }} as run_id,
    {{ run_at() }} as built_at,
    {{ code_version() }} as code_version,
    {{ rules_version() }} as rules_version,
    (select count(*) from {{ ref('articles') }}) as articles,
    (select count(*) from {{ ref('stories') }}) as stories,
    (
        select count(*) from {{ ref('sources') }}
        where articles > 0
    ) as sources,
    (
        select count(*) from {{ ref('topics') }}
        where articles > 0
    ) as topics,
    (select min(published_date) from {{ ref('articles') }}) as first_date,
    (select max(published_date) from {{ ref('articles') }}) as last_date,
