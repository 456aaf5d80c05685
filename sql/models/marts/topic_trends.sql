{#-
    score = (c - λ) / sqrt(λ + 0.1 λ² + 1): c articles against the λ that the topic's mean share over the 28 observed
    days before would give of this day's articles. The variance is that of a count whose rate itself varies (0.1 λ²);
    the 1 keeps a topic that is seen once in a while from scoring.
-#}
{{
    config(
        materialized='incremental', incremental_strategy='replace_affected', unique_key='date', on_schema_change='fail',
        meta={'affected': 'affected_trend_days'},
    )
}}

with

days as (
    select
        date,
        row_number() over (order by date) as number,
    from {{ ref('observed_days') }}
),

wanted as (
    select * from days
    where {{ is_affected('date', 'date', 'affected_trend_days') }}
),

needed as (
    select distinct
        days.date,
        days.number,
    from days
    asof inner join wanted on days.number <= wanted.number
    where days.number >= wanted.number - 28
),

shares as (
    select
        daily.topic_id,
        daily.date,
        daily.articles,
        daily.observed_articles,
        daily.share,
        needed.number,
        least(needed.number - 1, 28) as baseline_days,
        -- a topic has no row on an observed day without it: that day counts as zero
        coalesce(
            sum(daily.share) over (
                partition by daily.topic_id order by needed.number range between 28 preceding and 1 preceding
            ),
            0
        ) as baseline_share_sum,
    from {{ ref('topic_daily') }} as daily
    inner join needed on daily.date = needed.date
),

expected as (
    select
        *,
        baseline_share_sum / nullif(baseline_days, 0) as expected_share,
        baseline_share_sum / nullif(baseline_days, 0) * observed_articles as expected_articles,
    from shares
    where date in (select date from wanted)
),

final as (
    select
        date,
        topic_id,
        articles,
        share,
        round(expected_share, 12) as expected_share,  -- past that, the order of summing shows
        baseline_days,
        case
            when baseline_days >= 7
                then round(
                    (articles - expected_articles) / sqrt(expected_articles + 0.1 * expected_articles ** 2 + 1), 6
                )
        end as score,
    from expected
)

select * from final
