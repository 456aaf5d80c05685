with

code as (
    select
        'code' as kind,
        code_version as version,
        min(captured_at) as first_at,
        max(captured_at) as last_at,
        count(distinct article_id) as articles,
    from {{ source('ingest', 'article_versions') }}
    where code_version is not null
    group by code_version
),

link as (
    select
        'link' as kind,
        linked_code as version,
        min(first_seen_at) as first_at,
        max(last_seen_at) as last_at,
        count(*) as articles,
    from {{ ref('stg_articles') }}
    where linked_code is not null
    group by linked_code
),

snapshots as (
    select
        rules_version,
        built_at,
    from {{ source('ingest', 'snapshots') }}
    union all
    select
        {{ rules_version() }} as rules_version,
        {{ run_at() }} as built_at
),

rules as (
    select
        'rules' as kind,
        rules_version as version,
        min(built_at) as first_at,
        max(built_at) as last_at,
        null::bigint as articles,
    from snapshots
    where rules_version is not null
    group by rules_version
),

final as (
    select * from code
    union all
    select * from link
    union all
    select * from rules
)

select * from final
