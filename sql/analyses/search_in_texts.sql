-- Articles that have every one of the words; write yours.
select *
from search('minister budget')
order by score desc, published_date desc, article_id
limit 20;
