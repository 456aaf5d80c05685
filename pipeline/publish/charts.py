"""The report's charts, as Vega-Lite specifications made with Altair: data in, a chart out, no file and no database.

Colours are the page's own, by the names of its CSS variables: so the charts follow it into dark mode.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import altair as alt

# One meaning, one colour, in the calendar and in the legend; grey says that nothing is known, never that nothing was.
STATES = ("observed", "silent", "partly", "failed", "not_collected", "not_over")
ROWS = alt.NamedData(name="rows")
UNFINISHED_OPACITY = 0.4
MARKS: tuple[Callable[[date], bool], ...] = (  # of an axis of days
    lambda day: True,
    lambda day: day.weekday() == 0,
    lambda day: day.toordinal() % 14 == 1,  # every other Monday
    lambda day: day.day == 1,
    lambda day: day.day == 1 and day.month in (1, 4, 7, 10),
    lambda day: day.day == 1 and day.month == 1,
)


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the coverage calendar."""

    source: str
    day: date
    state: str  # of source_daily, or not_over
    articles: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """One day of a series; None where nothing was observed."""

    day: date
    articles: int | None
    stories: int | None
    share: float | None
    is_over: bool


def coverage_calendar(days: Sequence[Day]) -> dict[str, Any]:
    """Sources down, days across, the state as colour: an outage of ours cannot be taken for quiet news."""
    rows = [
        {
            "source": one.source,
            "day": _local(one.day),
            "state": _words(one.state),
            "articles": one.articles,
            "why": one.reason or "",
        }
        for one in days
    ]
    chart = (
        alt.Chart(ROWS)
        .mark_rect(stroke="var(--paper)", strokeWidth=1)
        .encode(
            x=_days_across([one.day for one in days], most=14),
            y=alt.Y("source:N", title=None, sort=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False)),
            color=alt.Color(
                "state:N",
                scale=alt.Scale(
                    domain=[_words(state) for state in STATES],
                    range=[f"var(--{state.replace('_', '-')})" for state in STATES],
                ),
                legend=None,
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
    return _dressed(chart, rows)


def series_over_time(days: Sequence[SeriesDay], *, height: int, labels: int) -> dict[str, Any]:
    """Stories a day as dark bars before the articles that carried them as pale ones.

    A day without observation is a grey column, which no bar of height zero can be taken for; the bars of a day that is
    not over are faint.
    """
    rows = [
        {
            "day": _local(one.day),
            "articles": one.articles,
            "stories": one.stories,
            "share": one.share,
            "over": one.is_over,
        }
        for one in days
    ]
    tooltip = [
        alt.Tooltip("day:T", format="%A %d %B %Y"),
        alt.Tooltip("stories:Q", format=","),
        alt.Tooltip("articles:Q", format=","),
    ]
    if any(one.share is not None for one in days):
        tooltip.append(alt.Tooltip("share:Q", format=".1%", title="share of articles"))
    base = alt.Chart(ROWS).encode(x=_days_across([one.day for one in days], most=labels), tooltip=tooltip)
    counted = base.encode(opacity=alt.condition("datum.over", alt.value(1), alt.value(UNFINISHED_OPACITY)))
    chart = (
        base.transform_filter("!isValid(datum.articles)").mark_rect(color="var(--not-collected)")
        + counted.mark_bar(color="var(--articles)").encode(y=_counts_up("articles", days))
        + counted.mark_bar(color="var(--observed)").encode(y=_counts_up("stories", days))
    ).properties(width="container", height=height)
    return _dressed(chart, rows)


def _days_across(days: Sequence[date], *, most: int) -> alt.X:
    """The axis of days, with at most so many ticks."""
    ticks = days_to_mark(days, most)
    axis = alt.Axis(
        values=[alt.DateTime(year=day.year, month=day.month, date=day.day) for day in ticks],
        format="%d %b" if any(day.day != 1 for day in ticks) else "%b %Y",
        labelAngle=0,
        labelOverlap="greedy",
        grid=False,
        tickSize=4,
    )
    return alt.X("yearmonthdate(day):T", title=None, axis=axis)


def days_to_mark(days: Sequence[date], most: int) -> list[date]:
    """The days of a span that an axis names: the finest of `MARKS` that are not more than `most`, else some years."""
    if not days:
        return []
    span = [min(days) + timedelta(days=number) for number in range((max(days) - min(days)).days + 1)]
    kinds = [[day for day in span if is_marked(day)] for is_marked in MARKS]
    years = kinds[-1][:: 1 + len(kinds[-1]) // most]
    return next((marked for marked in kinds if len(marked) <= most), years)


def _counts_up(field: str, days: Sequence[SeriesDay]) -> alt.Y:
    """The axis of counts, in whole numbers."""
    highest = max((one.articles or 0 for one in days), default=0)
    axis = alt.Axis(values=counts_to_mark(highest), format=",d")
    return alt.Y(f"{field}:Q", title=None, axis=axis)


def counts_to_mark(highest: int) -> list[int]:
    """Round counts from 0 to the highest, four steps at most."""
    steps = (digit * 10**power for power in range(len(str(highest)) + 1) for digit in (1, 2, 5))
    return list(range(0, highest + 1, next(step for step in steps if highest <= 4 * step)))


def _words(state: str) -> str:
    return state.replace("_", " ")


def _local(day: date) -> str:
    """The day's midnight by the reader's clock: a bare date is UTC's to a browser, in America the day before."""
    return f"{day.isoformat()}T00:00:00"


def _dressed(chart: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The chart in the report's dress with its rows in it, as a Vega-Lite specification that needs no network.

    The rows go in last: Altair would check every one of them against a schema, which takes seconds.
    """
    specification = dict(
        chart.configure(background="transparent", font="system-ui, sans-serif")
        .configure_view(stroke=None)
        .configure_axis(
            domainColor="var(--line)",
            tickColor="var(--line)",
            gridColor="var(--faint)",
            labelColor="var(--soft)",
            labelFontSize=11,
        )
        .to_dict()
    )
    return specification | {"datasets": {ROWS.name: rows}}
