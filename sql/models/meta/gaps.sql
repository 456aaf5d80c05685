with

lacking as (
    select
        source_id,
        date,
        state,
        reason,
        date - row_number() over (partition by source_id, state, reason order by date)::integer as island,
    from {{ ref('source_daily') }}
    where state in ('partly', 'failed', 'not_collected')
),

final as (
    select
        source_id,
        min(date) as first_date,
        max(date) as last_date,
        count(*) as days,
        state,
        reason,
    from lacking
    group by source_id, state, reason, island
)

select * from final
