"""What a run tells in Prefect's UI."""

from datetime import UTC, datetime

import pytest

from pipeline.types import RunReport, Snapshot, SourceReport, Window

NOW = datetime(2026, 4, 13, 2, tzinfo=UTC)
QUIET = SourceReport("quiet", feeds=1, polled=1, not_modified=1)
BUSY = SourceReport("busy", feeds=2, polled=1200, failed=1, entries_new=5, quarantined=1, notes=("busy/b: it | broke",))


@pytest.fixture(autouse=True)
def prepared(prefect_home) -> None:
    """Prefect may be imported."""


def test_a_source_is_told_by_what_changed_in_between() -> None:
    from flows.log import difference

    assert difference(SourceReport("busy"), BUSY) == "polled 1,200, failed 1, new entries 5, set aside 1"
    assert difference(BUSY, BUSY) == ""


def test_many_sources_are_told_in_one_line() -> None:
    from flows.log import MANY, told

    few = [SourceReport(f"paper-{n}", polled=1, entries_new=n) for n in range(MANY)]
    assert told([], few)[3] == "paper-3: polled 1, new entries 3"
    assert told(few, few) == []
    many = [*few, SourceReport("one-more", polled=2)]
    assert told([], many) == ["101 sources: polled 102, new entries 4,950"]


def test_the_report_has_what_asks_for_a_look_first_and_the_columns_that_say_something() -> None:
    from flows.log import report_markdown

    snapshot = Snapshot("/data/news.duckdb", 1, NOW, 1234, 1000)
    report = RunReport("nightly-1", "nightly", NOW, NOW, Window(), (BUSY, QUIET), snapshot)
    assert report_markdown(report).splitlines() == [
        "# nightly-1",
        "",
        "1,234 articles, 1,000 stories in `/data/news.duckdb`",
        "",
        "## To look at",
        "",
        "- busy/b: it | broke",
        "",
        "## Sources",
        "",
        "| source | polled | not modified | failed | new entries | set aside |",
        "| --- | --: | --: | --: | --: | --: |",
        "| busy | 1,200 |  | 1 | 5 | 1 |",
        "| quiet | 1 | 1 |  |  |  |",
        "| **all** | **1,201** | **1** | **1** | **5** | **1** |",
    ]
