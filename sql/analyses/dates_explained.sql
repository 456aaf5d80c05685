-- Why an article has its date: every candidate, the refused ones with the reason. Write an id in place of the newest's.
select *
from explain_date((select max_by(article_id, first_seen_at) from articles));
