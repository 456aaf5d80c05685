"""The special cases are there, and the gold tells what of them can be had on which night."""

from deployments.sample.gold import articles_by_source, copies, gold, landed, special_cases
from deployments.sample.newsroom import outlets
from deployments.sample.routes import in_feed
from deployments.sample.site import NIGHTS

FIRST, SECOND = NIGHTS
CASES = special_cases()


def test_two_nights_land_more_than_three_hundred_articles_of_every_source() -> None:
    found = landed(NIGHTS)
    assert len(found) >= 315
    assert set(articles_by_source(found)) == set(outlets())


def test_the_second_night_adds_to_the_first() -> None:
    before, after = ({one.item_id for one in landed(NIGHTS[:count])} for count in (1, 2))
    killed = {CASES.killed.id}
    assert before - after == killed
    assert len(after - before) > 60


def test_a_correction_makes_a_second_version_by_the_second_night() -> None:
    for item, by_night in (
        (CASES.corrected_wire, {FIRST: 1, SECOND: 2}),
        (CASES.corrected_page, {FIRST: 1, SECOND: 2}),
    ):
        for night, number in by_night.items():
            version = item.version(night)
            assert version is not None
            assert version.number == number
            assert ("Nineteen missing" in version.title) is (number == 1)


def test_papers_that_did_not_correct_keep_what_they_printed() -> None:
    titles = {one.source_id: one.title.split()[0] for one in gold(SECOND) if one.story == CASES.corrected_wire.story}
    assert titles == {"mna": "Nine", "harbour-courier": "Nine", "tidewater-post": "Nineteen"}


def test_held_items_are_no_articles_before_their_time() -> None:
    ids = {night: {one.item_id for one in gold(night)} for night in NIGHTS}
    assert CASES.killed.id in ids[FIRST]
    assert CASES.killed.id not in ids[SECOND]
    assert CASES.embargoed.version(SECOND) is not None
    assert CASES.embargoed.id not in ids[SECOND]
    assert {item.id for item in CASES.embargo_passed} <= ids[FIRST]


def test_pages_that_cannot_be_had_are_not_in_the_gold() -> None:
    ids = {one.item_id: one for one in gold(SECOND)}
    assert CASES.gone.id not in ids
    assert CASES.disallowed.id not in ids
    assert ids[CASES.stub.id].is_stub
    assert len(ids[CASES.stub.id].paragraphs) == 1


def test_three_stories_of_an_agency_are_run_by_five_papers() -> None:
    groups = copies(SECOND)
    assert len([group for group in groups.values() if len(group) == 6]) == 3
    assert all(group[0].agency is None for group in groups.values())
    assert all({one.agency for one in group[1:]} == {outlets()[group[0].source_id].name} for group in groups.values())


def test_the_overrun_feed_shares_nothing_between_the_nights_and_hides_articles() -> None:
    house = outlets()["inland-gazette"]
    before, after = ({item.id for item, _ in in_feed(house, night)} for night in NIGHTS)
    assert len(before) == len(after) == 10
    assert before.isdisjoint(after)
    assert articles_by_source(gold(SECOND))["inland-gazette"] > articles_by_source(landed(NIGHTS))["inland-gazette"]
