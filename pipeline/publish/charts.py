"""The report's charts, as Vega-Lite specifications made with Altair: data in, a chart out, no file and no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

# One meaning, one colour, in the calendar and in the legend; grey says that nothing is known, never that nothing was.
STATE_COLOURS = {
    "observed": "#1b7f79",
    "silent": "#bfe3df",
    "partly": "#e9b44c",
    "failed": "#c8553d",
    "not_collected": "#e4e2dc",
}
INK, PAPER_LINE = "#22303a", "#d9d5cb"
ARTICLES, STORIES = "#c9d6df", "#1b7f79"
ROWS = alt.NamedData(name="rows")


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the coverage calendar."""

    source: str
    day: date
    state: str
    articles: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class TopicDay:
    """One point of a topic's series; None where nothing was observed."""

    topic: str
    day: date
    articles: int | None
    stories: int | None
    share: float | None


def coverage_calendar(days: Sequence[Day]) -> dict[str, Any]:
    """Sources down, days across, the state as colour: an outage of ours cannot be taken for quiet news."""
    rows = [
        {
            "source": one.source,
            "day": one.day.isoformat(),
            "state": one.state.replace("_", " "),
            "articles": one.articles,
            "why": one.reason or "",
        }
        for one in days
    ]
    names = [state.replace("_", " ") for state in STATE_COLOURS]
    chart = (
        alt.Chart(ROWS)
        .mark_rect(stroke="#fffdf8", strokeWidth=1)
        .encode(
            x=alt.X("yearmonthdate(day):T", title=None, axis=alt.Axis(format="%d %b", labelAngle=0, grid=False)),
            y=alt.Y("source:N", title=None, sort=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False)),
            color=alt.Color(
                "state:N",
                scale=alt.Scale(domain=names, range=list(STATE_COLOURS.values())),
                legend=alt.Legend(orient="top", title=None, symbolType="square", symbolSize=140),
            ),
            tooltip=[
                alt.Tooltip("source:N"),
                alt.Tooltip("day:T", format="%A %d %B %Y"),
                alt.Tooltip("state:N"),
                alt.Tooltip("articles:Q", format=","),
                alt.Tooltip("why:N"),
            ],
        )
        .properties(width="container", height={"step": 17})
    )
    return dressed(chart, rows)


def topics_over_time(days: Sequence[TopicDay]) -> dict[str, Any]:
    """One small chart a topic: stories as dark bars before the articles as pale ones.

    A day without observation is a grey column, which no bar of height zero can be taken for.
    """
    topics = list(dict.fromkeys(one.topic for one in days))
    rows = [
        {
            "topic": one.topic,
            "day": one.day.isoformat(),
            "articles": one.articles,
            "stories": one.stories,
            "share": one.share,
        }
        for one in days
    ]
    base = alt.Chart(ROWS).encode(
        x=alt.X("yearmonthdate(day):T", title=None, axis=alt.Axis(format="%d %b", tickCount=5, grid=False)),
        tooltip=[
            alt.Tooltip("topic:N"),
            alt.Tooltip("day:T", format="%A %d %B %Y"),
            alt.Tooltip("stories:Q", format=","),
            alt.Tooltip("articles:Q", format=","),
            alt.Tooltip("share:Q", format=".1%", title="share of observed"),
        ],
    )
    unobserved = base.transform_filter("!isValid(datum.articles)").mark_rect(color=STATE_COLOURS["not_collected"])
    articles = base.mark_bar(color=ARTICLES).encode(
        y=alt.Y("articles:Q", title=None, axis=alt.Axis(tickCount=3, format="d", tickMinStep=1))
    )
    stories = base.mark_bar(color=STORIES).encode(y="stories:Q")
    chart = (
        (unobserved + articles + stories)
        .properties(width=304, height=92)
        .facet(
            facet=alt.Facet(
                "topic:N",
                sort=topics,
                title=None,
                header=alt.Header(labelFontSize=13, labelFontWeight=600, labelAnchor="start", labelColor=INK),
            ),
            columns=3,
            spacing={"row": 22, "column": 34},
        )
        .resolve_scale(y="independent")
    )
    return dressed(chart, rows)


def volume_over_time(days: Sequence[TopicDay]) -> dict[str, Any]:
    """Articles and stories of all topics together, day by day: the denominator of every share."""
    rows = [{"day": one.day.isoformat(), "articles": one.articles, "stories": one.stories} for one in days]
    chart = (
        alt.Chart(ROWS)
        .transform_fold(["articles", "stories"], as_=["what", "count"])
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdate(day):T", title=None, axis=alt.Axis(format="%d %b", grid=False)),
            y=alt.Y("count:Q", title=None, stack=None, axis=alt.Axis(tickCount=4, format=",d")),
            color=alt.Color(
                "what:N",
                scale=alt.Scale(domain=["articles", "stories"], range=[ARTICLES, STORIES]),
                legend=alt.Legend(orient="top", title=None),
            ),
            tooltip=[
                alt.Tooltip("day:T", format="%A %d %B %Y"),
                alt.Tooltip("articles:Q", format=","),
                alt.Tooltip("stories:Q", format=","),
            ],
        )
        .properties(width="container", height=150)
    )
    return dressed(chart, rows)


def dressed(chart: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The chart in the report's dress with its rows in it, as a Vega-Lite specification that needs no network.

    The rows go in last: Altair would check every one of them against a schema, which takes seconds.
    """
    font = "system-ui, sans-serif"
    specification = dict(
        chart.configure(background="transparent", font=font)
        .configure_view(stroke=None)
        .configure_axis(
            domainColor=PAPER_LINE, tickColor=PAPER_LINE, gridColor="#efece4", labelColor="#5b6770", labelFontSize=11
        )
        .configure_legend(labelColor="#5b6770", labelFontSize=12)
        .to_dict()
    )
    return specification | {"datasets": {ROWS.name: rows}}
