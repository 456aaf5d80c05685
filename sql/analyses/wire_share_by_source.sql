-- How much of each paper is agency text: credited to an agency, or traced to a version of an agency's story.
select
    articles.source_id,
    count(*) as articles,
    round(avg((articles.agency is not null)::integer), 3) as credited_share,
    round(avg((lineage.copy_article_id is not null)::integer), 3) as traced_share,
from articles
inner join sources on articles.source_id = sources.source_id
left join (select distinct copy_article_id from lineage) as lineage on articles.article_id = lineage.copy_article_id
where sources.kind is distinct from 'agency'
group by articles.source_id
order by traced_share desc, credited_share desc, articles.source_id;
