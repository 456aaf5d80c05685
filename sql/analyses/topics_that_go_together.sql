-- Topics that met more often than chance would have it, in the latest week.
select
    pairs.topic_a,
    topics_a.label as label_a,
    pairs.topic_b,
    topics_b.label as label_b,
    pairs.articles,
    pairs.stories,
    round(pairs.lift, 2) as lift,
from topic_pairs as pairs
inner join topics as topics_a on pairs.topic_a = topics_a.topic_id
inner join topics as topics_b on pairs.topic_b = topics_b.topic_id
where pairs.week_start_date = (select max(week_start_date) from topic_pairs)
order by pairs.lift desc, pairs.topic_a, pairs.topic_b
limit 20;
