"""The same night once more: nothing changes, and the command line says so."""

from pipeline.publish.query import COMPARED, ask, fingerprints


def test_a_second_run_of_the_same_night_changes_nothing_that_analysts_see(nights, again) -> None:
    before, after = fingerprints(nights.published), fingerprints(again.published)
    assert before == after
    assert set(before) == set(COMPARED)
    assert all(rows for rows, _ in before.values())


def test_a_second_run_of_the_same_night_leaves_the_calendar_as_it_was(nights, again) -> None:
    sql = "select source_id, date, state, articles, reason from source_daily where source_id <> 'echo' order by all"
    assert ask(again.published, sql).rows == ask(nights.published, sql).rows


def test_the_fingerprints_tell_two_nights_apart(nights) -> None:
    first, second = fingerprints(nights.first_published), fingerprints(nights.published)
    assert [table for table in first if first[table] == second[table]] == []


def test_the_command_line_says_that_nothing_changed(again) -> None:
    assert again.said.code == 0
    assert "Nothing changed: no article, no version, no series." in again.said.out
    assert again.said.out.count("the same, row by row") == len(COMPARED)


def test_the_command_line_ran_the_last_night_alone_and_told_what_it_did(again) -> None:
    out = again.said.out
    assert "as of Monday 13 April 2026, 02:00 UTC" in out
    assert "06 April" not in out
    assert "harbour-courier/harbour-radio: The server answered 502." in out
    assert "Top topics of the last seven days" in out
    assert (again.said.err.count("models: 1 of 1"), "Traceback" in again.said.err) == (1, False)
