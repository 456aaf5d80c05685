{#- A day's figures are in its own trend and in the baselines of the 28 observed days that follow it. -#}
with

ranked as (
    select
        date,
        row_number() over (order by date) as number,
    from {{ ref('observed_days') }}
),

changed as (
    select distinct date from {{ ref('affected_articles') }}
    where date is not null
),

numbered as (
    select
        changed.date,
        coalesce(ranked.number, 0) as number,
    from changed
    asof left join ranked on changed.date >= ranked.date
),

following as (
    select ranked.date
    from ranked
    asof inner join numbered on ranked.number >= numbered.number
    where ranked.number <= numbered.number + 28
),

affected as (
    select date from following
    union
    select date from changed
)

select * from affected
