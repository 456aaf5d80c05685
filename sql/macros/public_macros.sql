{#-
    The macros that analysts call, in schema main of the file. Relations go without the database's name, so that they
    hold in the published copy; whoever attaches that copy to another database says `use news` first.
-#}
{% macro create_public_macros(results) -%}
    {%- if execute and results | rejectattr('status', 'in', ['success', 'pass', 'warn']) | list | length == 0 -%}
        {%- do run_query(attention_macro()) -%}
        {%- do run_query(story_macro()) -%}
        {%- do run_query(explain_date_macro()) -%}
        {%- do run_query(search_macro()) -%}
    {%- endif -%}
{%- endmacro %}

{#- attention('medtop:04000000', date '2026-03-01', date '2026-04-01'): since ≤ date < until; without them, all days. -#}
{% macro attention_macro() -%}
    create or replace macro main.attention(topic, since := null, until := null) as table
    with
    days as (
        select date, bool_or(state in ('observed', 'silent', 'partly')) as is_observed
        from main.source_daily
        where date >= coalesce(since::date, date) and date < coalesce(until::date, date + 1)
        group by date
    ),
    volume as (
        select published_date as date, count(*) as articles from main.articles group by published_date
    )
    select
        days.date,
        case when days.is_observed then coalesce(daily.articles, 0) end as articles,
        case when days.is_observed then coalesce(daily.stories, 0) end as stories,
        case when days.is_observed then coalesce(volume.articles, 0) end as observed_articles,
        case when days.is_observed and volume.articles > 0 then coalesce(daily.share, 0) end as share
    from days
    left join volume on days.date = volume.date
    left join main.topic_daily as daily on days.date = daily.date and daily.topic_id = topic
    order by days.date
{%- endmacro %}

{#- story('id of a story or of an article in it'): its articles, the first one first. -#}
{% macro story_macro() -%}
    create or replace macro main.story(id) as table
    select
        articles.story_id, articles.article_id, articles.source_id, articles.published_at, articles.published_date,
        articles.title, articles.agency, articles.word_count, articles.url
    from main.articles
    where articles.story_id = id
        or articles.story_id in (select member.story_id from main.articles as member where member.article_id = id)
    order by coalesce(articles.published_at, articles.published_date::timestamp, articles.first_seen_at), articles.article_id
{%- endmacro %}

{#- explain_date('id of an article'): every date that something said it has, the best first. -#}
{% macro explain_date_macro() -%}
    create or replace macro main.explain_date(article_id) as table
    select
        articles.article_id, candidates.position, candidates.kind, candidates.raw, candidates.at, candidates.day,
        candidates.confidence, candidates.refused, candidates.is_chosen
    from main.articles
    inner join ingest.date_candidates as candidates on articles.version_id = candidates.version_id
    where articles.article_id = article_id
    order by candidates.position
{%- endmacro %}

{#- search('words'): articles that have every word; a word in the title counts five times one in the text. -#}
{% macro search_macro() -%}
    create or replace macro main.search(query) as table
    with
    folded as (
        select
            articles.article_id,
            strip_accents(lower(coalesce(articles.title, ''))) as title,
            strip_accents(lower(concat_ws(' ', articles.title, articles.summary, articles.text))) as text,
            list_filter(string_split_regex(strip_accents(lower(query)), '\s+'), lambda word: word <> '') as words
        from main.articles
    ),
    scored as (
        select
            folded.article_id,
            list_sum(list_transform(folded.words, lambda word: contains(folded.title, word)::integer * 5 + 1)) as score
        from folded
        where len(folded.words) > 0
            and list_bool_and(list_transform(folded.words, lambda word: contains(folded.text, word)))
    )
    select
        scored.score::bigint as score, articles.article_id, articles.published_date, articles.source_id,
        articles.title, articles.url
    from scored
    inner join main.articles on scored.article_id = articles.article_id
    order by scored.score desc, articles.published_date desc nulls last, articles.article_id
{%- endmacro %}
