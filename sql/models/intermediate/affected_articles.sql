{#-
    What a build makes again: touched articles, and the articles that share a story with one of them, now or as the
    last build left it; each with the stories and days that it had and has. A build that did not come to its end is
    followed by a full one (pipeline/publish/models.py): what it left can't say what was there before.
-#}
{{ config(materialized='table') }}

{%- set articles_before = articles_before() %}

with

touched as (
    select
        article_id,
        date,
    from {{ ref('stg_touched') }}
),

members_now as (
    select
        article_id,
        story_id,
    from {{ source('ingest', 'story_members') }}
),

members_before as (
    {%- if articles_before %}
    select
        article_id,
        story_id,
        published_date,
    from {{ articles_before }}
    {%- else %}
    select
        article_id,
        story_id,
        null::date as published_date,
    from members_now
    where false
    {%- endif %}
),

stories as (
    select story_id from members_now
    where article_id in (select article_id from touched)
    union
    select story_id from members_before
    where article_id in (select article_id from touched)
    union
    select article_id as story_id from touched
),

articles as (
    select article_id from members_now
    where story_id in (select story_id from stories)
    union
    select article_id from members_before
    where story_id in (select story_id from stories)
    union
    select article_id from touched
),

places_now as (
    select
        articles.article_id,
        coalesce(members_now.story_id, articles.article_id) as story_id,
        versions.published_date as date,
    from articles
    left join members_now on articles.article_id = members_now.article_id
    left join {{ ref('stg_articles') }} as standing on articles.article_id = standing.article_id
    left join {{ source('ingest', 'article_versions') }} as versions on standing.version_id = versions.version_id
),

affected as (
    select
        article_id,
        story_id,
        date,
    from places_now
    union
    select
        article_id,
        story_id,
        published_date as date,
    from members_before
    where article_id in (select article_id from articles)
    union
    select
        article_id,
        null as story_id,
        date,
    from touched
)

select
    article_id,
    story_id,
    date,
    date_trunc('week', date)::date as week_start_date,
from affected
