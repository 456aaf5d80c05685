-- What was suddenly news: the strongest bursts against the 28 observed days before.
select
    trends.date,
    topics.label,
    trends.topic_id,
    trends.articles,
    round(trends.share, 4) as share,
    round(trends.expected_share, 4) as expected_share,
    round(trends.score, 1) as score,
from topic_trends as trends
inner join topics on trends.topic_id = topics.topic_id
where trends.score is not null
order by trends.score desc, trends.date, trends.topic_id
limit 20;
