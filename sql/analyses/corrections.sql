-- Articles that changed after they were published, with what each version was taken for.
select
    articles.article_id,
    articles.title,
    articles.versions,
    list(versions.decision order by versions.number) as decisions,
    list(versions.captured_at order by versions.number) as captured_at,
from articles
inner join article_versions as versions on articles.article_id = versions.article_id
where articles.versions > 1
group by all
order by articles.versions desc, articles.article_id
limit 20;
