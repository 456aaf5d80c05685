{#-
    The coverage calendar. A day of a source is *covered* when the polls of every feed of it that was ever answered
    showed the whole of that day by the source's clock, or when a dated listing has it. Silence needs that evidence
    and nothing against it: no listed item and no entry of the day that failed to land. A day with articles is there in
    part where such entries are more than a tenth: single pages that are gone or no article are of every day.
-#}
with

sources as (
    select
        source_id,
        timezone,
    from {{ ref('stg_sources') }}
),

article_days as (
    select * from {{ ref('source_day_counts') }}
),

polls as (
    select
        polls.source_id,
        timezone(sources.timezone, timezone('UTC', polls.polled_at))::date as date,
        polls.is_good,
        polls.reason,
    from {{ ref('stg_polls') }} as polls
    inner join sources on polls.source_id = sources.source_id
),

poll_days as (
    select
        source_id,
        date,
        count(*) as polls,
        count(*) filter (not is_good) as failed_polls,
    from polls
    group by all
),

failures as (
    select
        source_id,
        date,
        string_agg(distinct reason, ', ' order by reason) as failure,
    from polls
    where not is_good
    group by all
),

listing_days as (
    select
        source_id,
        date,
        sum(items)::bigint as items,
    from {{ source('ingest', 'listings') }}
    group by all
),

missing_days as (
    select
        entries.source_id,
        timezone(sources.timezone, timezone('UTC', entries.dated_at))::date as date,
        count(*) as entries,
    from {{ ref('stg_entries') }} as entries
    inner join sources on entries.source_id = sources.source_id
    where entries.state in ('pending', 'failed')
    group by all
),

coverage as (
    select * from {{ ref('feed_coverage') }}
),

overruns as (
    select
        source_id,
        last_good_at as missed_since,
        coalesce(window_since, polled_at) as missed_until,
    from {{ ref('good_polls') }}
    where is_overrun and last_good_at < coalesce(window_since, polled_at)
),

known_days as (
    select
        source_id,
        date,
    from article_days
    union all
    select
        source_id,
        date,
    from poll_days
    union all
    select
        source_id,
        date,
    from listing_days
    union all
    select
        coverage.source_id,
        timezone(sources.timezone, timezone('UTC', coverage.covered_since))::date as date,
    from coverage
    inner join sources on coverage.source_id = sources.source_id
),

-- a year of which nothing is known ends a range: a stray old article does not spell out the decades since
distinct_days as (
    select distinct
        source_id,
        date,
    from known_days
),

distances as (
    select
        source_id,
        date,
        date - lag(date, 1, date) over (partition by source_id order by date) as days_before,
        max(date) over (partition by source_id) as last_date,
    from distinct_days
),

known_ranges as (
    select
        *,
        sum((days_before > 366)::integer) over (
            partition by source_id order by date
            rows between unbounded preceding and current row
        ) as range_number,
    from distances
),

ranges as (
    select
        source_id,
        last_date,
        unnest(generate_series(min(date), max(date), interval 1 day))::date as date,
    from known_ranges
    group by source_id, last_date, range_number
),

-- once per clock, not per source: turning local days into UTC is the dear part
clock_days as (
    select
        clocks.timezone,
        dates.date,
        timezone('UTC', timezone(clocks.timezone, dates.date::timestamp)) as day_since,
        timezone('UTC', timezone(clocks.timezone, (dates.date + 1)::timestamp)) as day_until,
    from (select distinct timezone from sources) as clocks
    cross join (select distinct date from ranges) as dates
),

days as (
    select
        ranges.source_id,
        ranges.date,
        ranges.date = ranges.last_date as is_last,
        clock_days.day_since,
        clock_days.day_until,
    from ranges
    inner join sources on ranges.source_id = sources.source_id
    inner join clock_days on sources.timezone = clock_days.timezone and ranges.date = clock_days.date
),

feeds as (
    select distinct
        source_id,
        feed_id,
    from {{ ref('good_polls') }}
),

feed_days as (
    select
        days.source_id,
        days.date,
        feeds.feed_id,
        days.day_since,
        days.day_until,
    from days
    inner join feeds on days.source_id = feeds.source_id
),

covered_days as (
    select
        feed_days.source_id,
        feed_days.date,
        bool_and(coalesce(coverage.covered_until >= feed_days.day_until, false)) as is_covered,
        bool_or(coalesce(coverage.covered_until > feed_days.day_since, false)) as is_begun,
    from feed_days
    asof left join coverage
        on feed_days.feed_id = coverage.feed_id and feed_days.day_since >= coverage.covered_since
    group by all
),

overrun_days as (
    select distinct
        days.source_id,
        days.date,
    from days
    inner join overruns
        on
            days.source_id = overruns.source_id
            and days.day_since < overruns.missed_until
            and days.day_until > overruns.missed_since
),

evidence as (
    select
        days.source_id,
        days.date,
        coalesce(article_days.articles, 0) as articles,
        coalesce(article_days.is_delivered, false) as is_delivered,
        coalesce(poll_days.polls, 0) as polls,
        coalesce(poll_days.failed_polls, 0) as failed_polls,
        failures.failure,
        listing_days.items,
        coalesce(missing_days.entries, 0) as missing_entries,
        coalesce(covered_days.is_covered, false) as is_seen,
        coalesce(covered_days.is_covered, false) or listing_days.items is not null as is_covered,
        coalesce(covered_days.is_begun, false) as is_begun,
        overrun_days.date is not null as is_overrun,
        days.is_last,
    from days
    left join article_days on days.source_id = article_days.source_id and days.date = article_days.date
    left join poll_days on days.source_id = poll_days.source_id and days.date = poll_days.date
    left join failures on days.source_id = failures.source_id and days.date = failures.date
    left join listing_days on days.source_id = listing_days.source_id and days.date = listing_days.date
    left join missing_days on days.source_id = missing_days.source_id and days.date = missing_days.date
    left join covered_days on days.source_id = covered_days.source_id and days.date = covered_days.date
    left join overrun_days on days.source_id = overrun_days.source_id and days.date = overrun_days.date
),

judged as (
    select
        *,
        case
            when articles > 0 and missing_entries <= articles / 9 and (is_covered or is_delivered) then 'observed'
            when articles > 0 then 'partly'
            when is_covered and missing_entries > 0 then 'failed'
            when is_covered and coalesce(items, 0) = 0 then 'silent'
            when polls > 0 and polls = failed_polls then 'failed'
            else 'not_collected'
        end as state,
    from evidence
),

final as (
    select
        source_id,
        date,
        state,
        case when state in ('observed', 'partly', 'silent') then articles end as articles,
        polls,
        failed_polls,
        case
            when state in ('observed', 'silent') and is_seen then 'polls showed every feed across the whole day'
            when state in ('observed', 'silent') and is_covered then 'a dated listing has the day'
            when state = 'observed' then 'delivered as files'
            when state = 'failed' and is_covered then 'entries of the day were seen and did not land'
            when state = 'partly' and missing_entries > articles / 9
                then 'entries of the day were seen and did not land'
            when state = 'failed' then 'every poll failed' || coalesce(': ' || failure, '')
            when is_overrun then 'overrun: the feed had moved past what was seen last, items are missing'
            when state = 'not_collected' and items > 0 then 'a dated listing names items and none landed'
            when is_last and polls > 0 then 'the day was not over at the last poll'
            when state = 'partly' and is_begun then 'polls showed a part of the day'
            when state = 'partly' then 'articles of the day landed, and nothing shows that they are all'
            when is_begun then 'polls showed a part of the day, with nothing in it'
            else 'no poll and no listing shows the day'
        end as reason,
    from judged
)

select * from final
