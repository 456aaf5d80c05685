-- Which topics take more of the news than a month ago: shares of the last 28 days against those of the 28 before.
with

periods as (
    select
        max(date) - 28 as until_before,
        max(date) - 56 as since_before,
    from topic_daily
),

totals as (
    select
        count(*) filter (published_date > until_before) as articles,
        count(*) filter (published_date <= until_before) as articles_before,
    from articles
    cross join periods
    where published_date > since_before
),

counts as (
    select
        topic_id,
        coalesce(sum(articles) filter (date > until_before), 0) as articles,
        coalesce(sum(articles) filter (date <= until_before), 0) as articles_before,
    from topic_daily
    cross join periods
    where date > since_before
    group by topic_id
)

select
    counts.topic_id,
    topics.label,
    counts.articles,
    counts.articles_before,
    round(counts.articles / totals.articles, 4) as share,
    round(counts.articles_before / nullif(totals.articles_before, 0), 4) as share_before,
from counts
cross join totals
inner join topics on counts.topic_id = topics.topic_id
order by counts.articles / totals.articles - coalesce(share_before, 0) desc, counts.topic_id
limit 20;
