-- A dated article is counted by the calendar on its day, so no series has a row on a day without observation; and the
-- days that the calendar lacks are those that meta.gaps has.
with

articles as (
    select
        source_id,
        published_date as date,
        count(*) as articles,
    from {{ ref('articles') }}
    where published_date is not null
    group by all
),

calendar as (
    select * from {{ ref('source_daily') }}
),

lacking as (
    select
        source_id,
        count(*) as days,
    from calendar
    where state not in ('observed', 'silent')
    group by source_id
),

gaps as (
    select
        source_id,
        sum(days) as days,
    from {{ ref('gaps') }}
    group by source_id
)

select
    'articles' as problem,
    articles.source_id,
    articles.date,
from articles
left join calendar on articles.source_id = calendar.source_id and articles.date = calendar.date
where articles.articles is distinct from calendar.articles

union all

select
    'gaps' as problem,
    source_id,
    null as date,
from lacking
full outer join gaps using (source_id)
where lacking.days is distinct from gaps.days
