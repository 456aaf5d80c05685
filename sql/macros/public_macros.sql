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

{#-
    attention('medtop:04000000', '2026-03-01', '2026-04-01'): a row per day, since ≤ date < until; without one of them,
    from the first or to the last day of the calendar. A label goes for the id where one topic alone has it. What is no
    topic is an error, as a series of zeros would be taken for an answer.
-#}
{% macro attention_macro() -%}
    create or replace macro main.attention(topic, since := null, until := null) as table
    with
    found as (
        select list_sort(list(distinct if(topic_id = topic, topic_id, coalesce(mapped_to_id, topic_id)))) as ids
        from main.topics
        where topic_id = topic or lower(label) = lower(topic)
    ),
    wanted as (
        select
            case len(ids)
                when 1 then ids[1]
                else error(
                    case
                        when topic is null then 'attention() was given null for a topic.'
                        when ids is null then format('attention(): no topic has the id or the label ''{}''.', topic)
                        else format('attention(): ''{}'' is the label of {}.', topic, array_to_string(ids, ', '))
                    end
                    || ' Give the id of one: select topic_id, label from topics where label ilike ''%…%'''
                )
            end as topic_id
        from found
    ),
    bounds as (
        select
            case
                when since::date > until::date
                    then error(format('attention(): since {} lies after until {}.', since::date, until::date))
                else coalesce(since::date, (select min(date) from main.source_daily))
            end as first_date,
            coalesce(until::date - 1, (select max(date) from main.source_daily)) as last_date
    ),
    days as (
        select unnest(generate_series(first_date, last_date, interval 1 day))::date as date from bounds
    ),
    observed as (
        select date from main.source_daily where state in ('observed', 'silent', 'partly') group by date
    ),
    volume as (
        select published_date as date, count(*) as articles from main.articles group by published_date
    )
    select
        days.date,
        wanted.topic_id,
        if(observed.date is null, null, coalesce(daily.articles, 0)) as articles,
        if(observed.date is null, null, coalesce(daily.stories, 0)) as stories,
        if(observed.date is null, null, coalesce(volume.articles, 0)) as observed_articles,
        if(observed.date is null or volume.articles is null, null, coalesce(daily.share, 0)) as share
    from days
    cross join wanted
    left join observed on days.date = observed.date
    left join volume on days.date = volume.date
    left join main.topic_daily as daily on days.date = daily.date and wanted.topic_id = daily.topic_id
    where wanted.topic_id is not null  -- asked also where no figure is selected
    order by days.date
{%- endmacro %}

{#- story('id of a story or of an article in it'): its articles, the first one first. An id of nothing is an error. -#}
{% macro story_macro() -%}
    create or replace macro main.story(id) as table
    with
    wanted as (
        select
            coalesce(
                (select min(story_id) from main.articles where article_id = id or story_id = id),
                error({{ nothing_stands('story', 'id') }})
            ) as story_id
    )
    select
        articles.story_id, articles.article_id, articles.source_id, articles.published_at, articles.published_date,
        articles.title, articles.agency, articles.word_count, articles.url
    from main.articles
    inner join wanted on articles.story_id = wanted.story_id
    order by coalesce(articles.published_at, articles.published_date::timestamp, articles.first_seen_at), articles.article_id
{%- endmacro %}

{#-
    explain_date('id of an article'): every date that something said it has, the best first; no row where nothing said
    one. An id of nothing is an error.
-#}
{% macro explain_date_macro() -%}
    create or replace macro main.explain_date(id) as table
    with
    wanted as (
        select
            coalesce(
                (select min(version_id) from main.articles where article_id = id),
                error({{ nothing_stands('explain_date', 'id') }})
            ) as version_id
    )
    select
        articles.article_id, candidates.position, candidates.kind, candidates.raw, candidates.at, candidates.day,
        candidates.confidence, candidates.refused, candidates.is_chosen
    from wanted
    inner join main.articles on wanted.version_id = articles.version_id
    inner join ingest.date_candidates as candidates on articles.version_id = candidates.version_id
    order by candidates.position
{%- endmacro %}

{#- What to say of an id that no article has. -#}
{% macro nothing_stands(macro, id) -%}
    format(
        '{{ macro }}(): no article that stands has the id {0}. What became of one: from article_versions where '
        || 'article_id = {0} order by number. To find one: from search(''words'')',
        coalesce('''' || {{ id }} || '''', 'null')
    )
{%- endmacro %}

{#-
    search('words'): articles that have every word, be it as a part of another; one in the title counts five times one in
    the text. Without case and accents.
-#}
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
            list_sum(list_transform(folded.words, lambda word: if(contains(folded.title, word), 5, 1))) as score
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
