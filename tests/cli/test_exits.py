"""How commands end: one table of exit codes, the same for all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.cli.exits import telling_errors
from pipeline.cli.results import show_flow
from pipeline.settings import Settings
from pipeline.types import RunReport, SourceReport

NOW = datetime(2026, 4, 13, 2, tzinfo=UTC)


def report(*sources: SourceReport) -> RunReport:
    return RunReport("nightly-1", "nightly", NOW, NOW, sources=sources)


@pytest.mark.parametrize(
    ("sources", "is_outage"),
    [
        pytest.param([SourceReport("one", polled=2, failed=1)], False, id="some feeds failed"),
        pytest.param(
            [SourceReport("one", polled=2, failed=2), SourceReport("two", polled=1)], False, id="a source did"
        ),
        pytest.param(
            [SourceReport("one", polled=2, failed=2), SourceReport("two", polled=1, failed=1)], True, id="all"
        ),
        pytest.param([SourceReport("one", polled=1, failed=1, not_due=1)], False, id="another one answered before"),
        pytest.param([SourceReport("one", polled=1, failed=1, not_due=1, failing=1)], True, id="the other did before"),
        pytest.param([SourceReport("one", not_due=2, failing=2)], True, id="all did before and are not asked yet"),
        pytest.param([SourceReport("one", not_due=2)], False, id="none was due"),
        pytest.param([], False, id="nothing was asked"),
    ],
)
def test_an_outage_is_told_from_a_quiet_night(sources, is_outage: bool) -> None:
    assert report(*sources).is_outage is is_outage


def test_an_outage_shows_what_the_run_did_and_ends_with_69(
    prefect_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows import path

    dead = SourceReport("harbour-courier", polled=3, failed=3, notes=("harbour-courier/all: Its host is not known.",))
    with pytest.raises(SystemExit) as end, telling_errors():
        show_flow(Settings(tmp_path), lambda: path.answered(report(dead)))
    assert end.value.code == 69
    said = capsys.readouterr()
    assert "harbour-courier/all: Its host is not known." in said.out
    assert said.err.startswith("error: Nothing came in: 3 asked, 3 failed.")
