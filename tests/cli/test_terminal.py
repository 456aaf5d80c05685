"""What a terminal shows of a run."""

import logging

import pytest

from pipeline.cli.terminal import gathered, showing_warnings


def test_notes_that_say_the_same_of_several_feeds_are_one() -> None:
    offline = [f"wire-{n}/all: Its host is not known." for n in range(40)]
    assert gathered(["stopped after 500 listings", *offline, "tide/all: Its server said 404: gone."]) == [
        "stopped after 500 listings",
        "wire-0/all, wire-1/all, wire-2/all and 37 more: Its host is not known.",
        "tide/all: Its server said 404: gone.",
    ]
    assert gathered(offline[:2]) == ["wire-0/all, wire-1/all: Its host is not known."]


def test_what_the_steps_warn_of_is_shown_and_what_they_tell_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("dateline")
    with showing_warnings():
        log.warning("%s: the file is torn [here]", "old.warc")
        log.info("harbour/all: 3 files")
    assert capsys.readouterr().err == "! old.warc: the file is torn [here]\n"
    assert log.handlers == []
