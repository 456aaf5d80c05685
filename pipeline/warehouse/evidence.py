"""What the pages that bear witness say of each line: over stories, days and places."""

from collections.abc import Mapping

from sqlalchemy import Connection

from pipeline.types import LineEvidence
from pipeline.warehouse.arrow import given_texts, read

SAME_STORY = 0.5  # of the smaller article's lines, weighed by length and rareness
RARE = 50  # articles: a line of more of them tells no two apart

# Weights are whole numbers, so that their sums do not depend on the order of adding.
_SAME_STORY = """
with lines as (
    select source_id, article_id, line_id, max(chars) as chars
    from ingest.line_sightings where place <> 'outside' group by source_id, article_id, line_id
),
sources as (select source_id, count(distinct article_id) as articles from lines group by source_id),
frequencies as (select source_id, line_id, count(*) as articles from lines group by source_id, line_id),
weighed as (
    select
        lines.*,
        frequencies.articles,
        cast(16 * chars * ln((sources.articles + 1) / frequencies.articles) as bigint) as weight
    from lines join sources using (source_id) join frequencies using (source_id, line_id)
),
totals as (select source_id, article_id, sum(weight) as weight from weighed group by source_id, article_id),
rare as (select * from weighed where articles between 2 and :rare),
pairs as (
    select a.source_id, a.article_id as a, b.article_id as b, sum(a.weight) as weight
    from rare as a join rare as b on a.source_id = b.source_id and a.line_id = b.line_id and a.article_id < b.article_id
    group by a.source_id, a.article_id, b.article_id
)
select a, b
from pairs
join totals as of_a on of_a.source_id = pairs.source_id and of_a.article_id = a
join totals as of_b on of_b.source_id = pairs.source_id and of_b.article_id = b
where pairs.weight > :same_story * least(of_a.weight, of_b.weight)
order by a, b
"""


def same_stories(conn: Connection) -> list[tuple[str, str]]:
    """The pairs of a source's articles that have most of their lines in common: one text under two addresses.

    What they share counts by its length and its rareness: boilerplate, which all share, counts for nothing.
    """
    return [(row["a"], row["b"]) for row in read(conn, _SAME_STORY, rare=RARE, same_story=SAME_STORY)]


# A line's share is that of the source's stories that were captured while it was about: between its first and its last
# capture, or those of the month in which the share was largest (of months in which enough stories had it).
_EVIDENCE = """
with often as (
    select source_id, line_id from ingest.line_sightings
    where frame is not null group by source_id, line_id having count(*) >= :min_stories
),
told as (
    select sightings.*, coalesce(story_id, article_id) as story
    from ingest.line_sightings as sightings
    semi join often using (source_id, line_id)
    left join {stories} as stories using (article_id)
),
of_stories as (
    select
        source_id,
        line_id,
        story,
        min(frame) as frame,
        min(text) as text,
        count(distinct article_id) as articles,
        bool_or(place = 'above') as above,
        bool_or(place = 'inside') as inside,
        bool_or(place = 'below') as below,
        bool_or(place = 'outside') as outside,
        bool_or(is_heading) as is_heading,
        bool_or(is_linked) as is_linked,
        min(captured_at) as since,
        max(captured_at) as until
    from told group by source_id, line_id, story
),
recurring as (
    select
        source_id,
        line_id,
        min(frame) as frame,
        min(text) as text,
        count(*) as stories,
        cast(sum(articles) as bigint) as articles,
        count(*) filter (where above) as above,
        count(*) filter (where inside) as inside,
        count(*) filter (where below) as below,
        count(*) filter (where outside) as outside,
        count(*) filter (where is_heading) as headings,
        count(*) filter (where is_linked) as linked,
        min(since) as first_seen_at,
        max(until) as last_seen_at
    from of_stories group by source_id, line_id
    having count(*) >= :min_stories and bool_or(above or inside or below)
),
counted as (
    select source_id, line_id, count(distinct date) as days, count(distinct text) as wordings
    from told group by source_id, line_id
),
pages as (
    select distinct source_id, month, captured_at, coalesce(story_id, article_id) as story
    from ingest.line_sightings left join {stories} as stories using (article_id)
),
in_months as (
    select
        source_id,
        line_id,
        month,
        count(distinct story) as stories,
        min(captured_at) as since,
        max(captured_at) as until
    from told group by source_id, line_id, month having count(distinct story) >= :min_stories
),
shares as (
    select in_months.source_id, line_id, stories / count(distinct story) as share
    from in_months join pages on pages.source_id = in_months.source_id and pages.month = in_months.month
        and captured_at between since and until
    group by in_months.source_id, line_id, in_months.month, stories
    union all
    select recurring.source_id, line_id, stories / count(distinct story) as share
    from recurring join pages on pages.source_id = recurring.source_id
        and captured_at between first_seen_at and last_seen_at
    group by recurring.source_id, line_id, stories
)
select recurring.*, days, wordings, share
from recurring
join counted using (source_id, line_id)
join (select source_id, line_id, max(share) as share from shares group by source_id, line_id) using (source_id, line_id)
order by source_id, line_id
"""


def evidence_of_lines(conn: Connection, stories: Mapping[str, str], min_stories: int) -> list[LineEvidence]:
    """What is known of each line that so many stories of a source have, and that is text of one at least. `stories` has
    the story of those articles that are not a story of their own.
    """
    columns = {"article_id": list(stories), "story_id": list(stories.values())}
    with given_texts(conn, columns) as of_articles:
        rows = read(conn, _EVIDENCE.format(stories=of_articles), min_stories=min_stories)
    return [LineEvidence(**row) for row in rows]
