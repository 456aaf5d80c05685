-- A dense series for a chart: zero on observed days without the topic, null where nothing was observed. Write a topic
-- of yours in place of the largest, and days if you like: attention('medtop:04000000', '2026-03-01', '2026-04-01').
select *
from attention((select max_by(topic_id, articles) from topics));
