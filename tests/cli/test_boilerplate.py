"""An operator reads what recurs on a source's pages, corrects it and takes that back."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.articles.learned import RULES_VERSION, decide_line
from pipeline.articles.sightings import frame_of, line_id_of
from pipeline.types import Source
from pipeline.warehouse.boilerplate import learned_lines, record_verdicts
from pipeline.warehouse.engine import Warehouse
from pipeline.warehouse.feeds import add_sources
from pipeline.warehouse.lease import Lease
from tests.recurring import BEGUN, LINE_BELOW
from tests.rehearsal import Said, dateline

END, FEW = "Whoever finds a wrong letter may keep it.", "It was getting late."


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse that knows one source, and two lines of it of which one is boilerplate."""
    lines = [
        replace(LINE_BELOW, text=text, frame=frame_of(text), line_id=line_id_of(frame_of(text))) for text in (END, FEW)
    ]
    lines[1] = replace(lines[1], share=0.02)
    path = tmp_path_factory.mktemp("known") / "warehouse.duckdb"
    with Warehouse(path, "nightly", now=BEGUN) as warehouse, warehouse.begin() as conn:
        add_sources(conn, [Source("herald", "The Herald", "publisher")])
        record_verdicts(conn, [(line, decide_line(line)) for line in lines], RULES_VERSION)
    return path


@pytest.fixture
def data(known: Path, tmp_path: Path) -> Path:
    shutil.copy(known, tmp_path)
    return tmp_path


def say(data: Path, *arguments: str) -> Said:
    return dateline("boilerplate", *arguments, "--source", "herald", data=data, DATELINE_NOW=BEGUN.isoformat())


def left_out(data: Path) -> dict[str, str]:
    with Warehouse(data / "warehouse.duckdb", "nightly", now=BEGUN) as warehouse, warehouse.begin() as conn:
        learned = learned_lines(conn, ["herald"])
    return dict(learned["herald"].places) if learned else {}


def test_the_list_shows_what_is_left_out_and_why(data: Path) -> None:
    said = say(data, "list")
    assert said.code == 0
    assert END in said.out
    assert "40% of the stories" in said.out
    assert FEW not in said.out
    assert "1 more lines recur" in said.out
    assert FEW in say(data, "list", "--all").out


@pytest.mark.parametrize("named", [END, END.upper(), line_id_of(frame_of(END))[:8]])
def test_a_line_that_was_learned_is_kept_on_an_operator_s_word(data: Path, named: str) -> None:
    said = say(data, "keep", named)
    assert (said.code, said.err) == (0, "")
    assert "The next run" in said.out
    assert left_out(data) == {}
    assert "keep" in say(data, "list").out


def test_a_line_that_no_evidence_tells_is_dropped_on_an_operator_s_word(data: Path) -> None:
    say(data, "drop", "The bicycle in the hall")
    assert left_out(data)[line_id_of("the bicycle in the hall")] == "anywhere"
    assert "The bicycle in the hall" in say(data, "list").out


@pytest.mark.parametrize("verdict", ["keep", "drop"])
def test_a_word_on_a_line_that_no_page_has_holds_for_those_to_come_and_says_that_it_changes_nothing(
    data: Path, verdict: str
) -> None:
    said = say(data, verdict, "Whoever finds a wrong leter may keep it.")
    assert said.code == 0
    assert "no page of herald that was read has this line" in said.err
    assert f"Did you mean this one? {END}" in said.err
    assert "Did you mean" not in say(data, verdict, "Nothing of the kind was ever printed.").err
    assert say(data, "undo", "Whoever finds a wrong leter may keep it.").code == 0


def test_a_word_is_taken_back(data: Path) -> None:
    before = left_out(data)
    say(data, "keep", END)
    assert say(data, "undo", END).code == 0
    assert left_out(data) == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("undo", END), "Nothing was said of this line"),
        (("list", "--source", "nobody"), "There is no source"),
        (("keep", ""), "Give the line"),
        (("drop", "  "), "Give the line"),
    ],
)
def test_what_can_t_be_done_is_said(data: Path, arguments: tuple[str, ...], reason: str) -> None:
    said = dateline("boilerplate", *arguments, *(() if "--source" in arguments else ("--source", "herald")), data=data)
    assert said.code == 2
    assert reason in said.err


def test_without_a_warehouse_it_says_what_to_do_first(tmp_path: Path) -> None:
    said = say(tmp_path, "list")
    assert (said.code, "dateline nightly" in said.err) == (2, True)


def test_during_a_run_it_is_busy(data: Path) -> None:
    with Lease(data / "warehouse.duckdb", "nightly"):
        assert say(data, "list").code == 75
