"""What recurs is learned of a source's pages, and the warehouse is the same whether a page came before or after."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.articles.sightings import frame_of, line_id_of
from pipeline.settings import Settings
from pipeline.steps import boilerplate
from pipeline.steps.run import Run, Tally, open_run
from pipeline.steps.warc import derive_archived_pages
from pipeline.types import Capture, CaptureKind, CaptureRef, Source
from pipeline.warehouse.arrow import read
from pipeline.warehouse.boilerplate import correct, undo_correction
from pipeline.warehouse.captures import record_captures
from pipeline.warehouse.engine import Warehouse
from pipeline.warehouse.publishing import fingerprints
from tests.recurring import simulated_pages

PAGES = simulated_pages()[:24]
NOW = PAGES[-1].at
SOURCE = Source("herald", "The Herald", "publisher", language="en")
MADE = {
    f"ingest.{name}": ()
    for name in (
        "articles", "article_versions", "date_candidates", "dropped_blocks", "captions", "line_sightings",
        "boilerplate", "boilerplate_applied",
    )
}  # fmt: skip


@dataclass(frozen=True)
class Learning:
    run: Run
    refs: Sequence[CaptureRef]


@pytest.fixture(scope="module")
def learning(tmp_path_factory):
    """All pages derived with nothing learned; then the lines were learned and the texts made again."""
    with open_run(Settings(tmp_path_factory.mktemp("herald"), now=NOW, workers=1), "backfill", [SOURCE]) as run:
        refs = run.writer.write(
            [
                Capture(CaptureKind.PAGE, "herald", page.url, page.url, 200, (), page.html, page.html, page.at)
                for page in PAGES
            ]
        )
        take_in(run, refs)
        assert texts(run) != stories()
        learn(run)
        yield Learning(run, refs)


def take_in(run: Run, refs: Sequence[CaptureRef]) -> None:
    with run.warehouse.begin() as conn:
        record_captures(conn, run.id, refs)
    derive_archived_pages(run, [ref.id for ref in refs])


def learn(run: Run) -> int:
    boilerplate.learn(run)
    return boilerplate.apply(run)


def texts(run: Run) -> dict[str, str]:
    with run.warehouse.begin() as conn:
        rows = read(conn, "select url, text from ingest.article_versions order by url, number")
    assert len(rows) == len({row["url"] for row in rows}), "one version for each page"
    return {row["url"]: row["text"] for row in rows}


def stories() -> dict[str, str]:
    return {page.url: "\n\n".join(page.paragraphs) for page in PAGES}


def state(run: Run) -> dict[str, tuple[int, str]]:
    with run.warehouse.begin() as conn:
        return fingerprints(conn, MADE)


def test_texts_that_came_before_a_line_was_learned_are_made_again_without_it(learning) -> None:
    assert texts(learning.run) == stories()


def test_nothing_is_left_to_do_and_a_replay_changes_nothing(learning) -> None:
    before = state(learning.run)
    assert learn(learning.run) == 0
    derive_archived_pages(learning.run, [ref.id for ref in learning.refs])
    assert learn(learning.run) == 0
    assert state(learning.run) == before


def test_pages_that_came_in_another_order_while_lines_were_learned_give_the_same_warehouse(
    learning, tmp_path: Path
) -> None:
    refs = random.Random(3).sample(learning.refs, len(learning.refs))
    with Warehouse(tmp_path / "warehouse.duckdb", "backfill", now=NOW) as warehouse:
        other = replace(learning.run, warehouse=warehouse, tally=Tally())
        for some in (refs[:9], refs[9:16], refs[16:]):
            take_in(other, some)
            learn(other)
        assert state(other) == state(learning.run)


def test_an_operator_s_word_changes_the_stored_texts_and_its_undoing_changes_them_back(learning) -> None:
    run, line = learning.run, PAGES[0].below[0]
    before, frame = state(run), frame_of(line)
    with run.warehouse.begin() as conn:
        correct(conn, "herald", line_id_of(frame), verdict="keep", frame=frame, text=line, now=NOW)
    assert learn(run) == len(PAGES)
    assert texts(run) == {url: f"{text}\n\n{line}" for url, text in stories().items()}
    with run.warehouse.begin() as conn:
        undo_correction(conn, "herald", line_id_of(frame))
    assert learn(run) == len(PAGES)
    assert state(run) == before


def test_making_texts_again_is_no_news(learning) -> None:
    reports = learning.run.tally.reports()
    assert [(one.articles_new, one.articles_changed) for one in reports] == [(len(PAGES), 0)]
