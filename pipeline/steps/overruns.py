"""What overruns of feeds left open, closed from the sites' own listings (`history.discover`) where these have it."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pipeline.captures.repairs import decide_repair, missed_days, window_to_ask
from pipeline.steps.history import discover
from pipeline.steps.run import Run
from pipeline.types import Overrun, Repair, Window
from pipeline.warehouse import repairs

log = logging.getLogger("dateline")


def repair_overruns(run: Run) -> int:
    """Takes in what listings name of the time that feeds had moved past; how many entries were new.

    An overrun whose days they don't have, or could not be read for, stays open and is tried again by later runs.
    """
    with run.warehouse.begin() as conn:
        overruns = repairs.overruns_due(conn, run.now)
    days = {overrun: missed_days(overrun, run.source(overrun.source_id).timezone) for overrun in overruns}
    found = discover(run, windows_of(run, days))
    with run.warehouse.begin() as conn:
        listed = repairs.listed_days(conn, {overrun.source_id for overrun in overruns})
        left = {overrun: sorted(set(days[overrun]) - listed[overrun.source_id]) for overrun in overruns}
        done = [
            decide_repair(overrun, left[overrun], is_walked=overrun.feed_id in found.walked, now=run.now)
            for overrun in overruns
        ]
        repairs.record_repairs(conn, done)
    for overrun, repair in zip(overruns, done, strict=True):
        tell(run, overrun, repair, left[overrun])
    return found.new


def windows_of(run: Run, days: Mapping[Overrun, Iterable[date]]) -> dict[str, Window]:
    """The window to ask the listings of each source for."""
    of_source: dict[str, set[date]] = {}
    for overrun, missed in days.items():
        of_source.setdefault(overrun.source_id, set()).update(missed)
    return {source_id: window_to_ask(missed, run.source(source_id).timezone) for source_id, missed in of_source.items()}


def tell(run: Run, overrun: Overrun, repair: Repair, left: Sequence[date]) -> None:
    missed = f"what it missed between {overrun.since_at:%Y-%m-%d %H:%M} and {overrun.until_at:%Y-%m-%d %H:%M} UTC"
    if repair.repaired_at:
        log.info("%s: the site's listings have %s", overrun.feed_id, missed)
        return
    lacking = f"{missed} is not all to be had: no listing has {left[0]}"
    more = f" and {len(left) - 1} more days" if len(left) > 1 else ""
    then = f"asked again from {repair.repair_due_at:%Y-%m-%d %H:%M} UTC on" if repair.repair_due_at else "given up"
    run.tally.note(overrun.source_id, f"{overrun.feed_id}: {lacking}{more}; {then}")
