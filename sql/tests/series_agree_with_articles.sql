-- topic_daily counts the articles that stand, topic_weekly is the sum of its days, over the same denominators,
-- topic_trends has each of them, and no pair is met more often than either of its topics.
with

articles as (
    select
        published_date as date,
        count(*) as observed_articles,
        count(distinct story_id) as observed_stories,
        count(distinct source_id) as observed_sources,
    from {{ ref('articles') }}
    group by all
),

article_weeks as (
    select
        date_trunc('week', date)::date as week_start_date,
        sum(observed_articles) as observed_articles,
        count(*) as observed_days,
    from articles
    where date is not null
    group by all
),

topics as (
    select
        published_date as date,
        topic_id,
        count(*) as articles,
        count(distinct story_id) as stories,
    from {{ ref('article_topics') }}
    where published_date is not null
    group by all
),

daily as (
    select * from {{ ref('topic_daily') }}
),

weeks as (
    select
        date_trunc('week', date)::date as week_start_date,
        topic_id,
        sum(articles) as articles,
        sum(stories) as stories,
    from daily
    group by all
)

select
    'topic_daily' as series,
    coalesce(topics.date, daily.date) as date,
    coalesce(topics.topic_id, daily.topic_id) as topic_id,
from topics
full outer join daily on topics.date = daily.date and topics.topic_id = daily.topic_id
left join articles on daily.date = articles.date
where
    topics.articles is distinct from daily.articles
    or topics.stories is distinct from daily.stories
    or articles.observed_articles is distinct from daily.observed_articles
    or articles.observed_stories is distinct from daily.observed_stories
    or articles.observed_sources is distinct from daily.observed_sources
    or abs(daily.share * daily.observed_articles - daily.articles) > 1e-6
    or abs(daily.story_share * daily.observed_stories - daily.stories) > 1e-6

union all

select
    'topic_weekly' as series,
    coalesce(weeks.week_start_date, weekly.week_start_date) as date,
    coalesce(weeks.topic_id, weekly.topic_id) as topic_id,
from weeks
full outer join {{ ref('topic_weekly') }} as weekly
    on weeks.week_start_date = weekly.week_start_date and weeks.topic_id = weekly.topic_id
left join article_weeks on weekly.week_start_date = article_weeks.week_start_date
where
    weeks.articles is distinct from weekly.articles
    or weekly.stories > weeks.stories
    or article_weeks.observed_articles is distinct from weekly.observed_articles
    or article_weeks.observed_days is distinct from weekly.observed_days
    or abs(weekly.share * weekly.observed_articles - weekly.articles) > 1e-6

union all

select
    'topic_trends' as series,
    coalesce(daily.date, trends.date) as date,
    coalesce(daily.topic_id, trends.topic_id) as topic_id,
from daily
full outer join {{ ref('topic_trends') }} as trends on daily.date = trends.date and daily.topic_id = trends.topic_id
where
    daily.articles is distinct from trends.articles
    or (trends.baseline_days >= 7) <> (trends.score is not null)

union all

select
    'topic_pairs' as series,
    pairs.week_start_date as date,
    pairs.topic_a as topic_id,
from {{ ref('topic_pairs') }} as pairs
left join {{ ref('topic_weekly') }} as weekly_a
    on pairs.week_start_date = weekly_a.week_start_date and pairs.topic_a = weekly_a.topic_id
left join {{ ref('topic_weekly') }} as weekly_b
    on pairs.week_start_date = weekly_b.week_start_date and pairs.topic_b = weekly_b.topic_id
where coalesce(pairs.articles <= least(weekly_a.articles, weekly_b.articles), false) is false
