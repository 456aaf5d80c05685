-- The topics of the seven days up to the last with an article.
-- `stories` counts an agency's text once, however many papers ran it; a code that another topic stands for is left out.
select
    daily.topic_id,
    topics.label,
    sum(daily.stories) as stories,
    sum(daily.articles) as articles,
from topic_daily as daily
inner join topics on daily.topic_id = topics.topic_id
where daily.date > (select max(date) - 7 from topic_daily) and topics.mapped_to_id is null
group by all
order by stories desc, daily.topic_id
limit 20;
