"""What a terminal shows of a run."""

from pipeline.cli.terminal import gathered


def test_notes_that_say_the_same_of_several_feeds_are_one() -> None:
    offline = [f"wire-{n}/all: Its host is not known." for n in range(40)]
    assert gathered(["stopped after 500 listings", *offline, "tide/all: Its server said 404: gone."]) == [
        "stopped after 500 listings",
        "wire-0/all, wire-1/all, wire-2/all and 37 more: Its host is not known.",
        "tide/all: Its server said 404: gone.",
    ]
    assert gathered(offline[:2]) == ["wire-0/all, wire-1/all: Its host is not known."]
