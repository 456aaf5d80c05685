with

spans as (
    select
        feed_id,
        source_id,
        case
            when outcome = 'not_modified' then last_good_at
            when is_overlapping then least(window_since, last_good_at)  -- least() passes over nulls
            else window_since
        end as covered_since,
        polled_at as covered_until,
    from {{ ref('good_polls') }}
),

reaches as (
    select
        *,
        max(covered_until) over (
            partition by feed_id order by covered_since, covered_until
            rows between unbounded preceding and 1 preceding
        ) as covered_so_far,
    from spans
    where covered_since < covered_until
),

islands as (
    select
        *,
        -- a frame of rows: the default, of values, takes fifteen times as long
        sum((covered_so_far is null or covered_since > covered_so_far)::integer) over (
            partition by feed_id order by covered_since, covered_until
            rows between unbounded preceding and current row
        ) as island,
    from reaches
),

united as (
    select
        feed_id,
        source_id,
        min(covered_since) as covered_since,
        max(covered_until) as covered_until,
    from islands
    group by feed_id, source_id, island
)

select * from united
