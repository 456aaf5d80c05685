"""What `deployments/prefect.yaml` and `dateline serve` deploy fits the flows; without asking a server."""

import importlib
import inspect
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from pipeline.errors import UsageError

ROOT = Path(__file__).parents[2]
DEPLOYMENTS = {
    deployment["name"]: deployment
    for deployment in yaml.safe_load((ROOT / "deployments" / "prefect.yaml").read_text("utf-8"))["deployments"]
}


@pytest.fixture(autouse=True)
def prepared(prefect_home: Path) -> None:
    """Prefect may be imported."""


def flow_at(entrypoint: str):
    """The flow that `folder/file.py:name` or `folder.file.name` names."""
    module, _, name = entrypoint.replace(".py:", ".").replace("/", ".").rpartition(".")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("name", ["nightly", "backfill"])
def test_an_entrypoint_of_the_file_is_the_flow_of_that_name_and_has_the_parameters(name) -> None:
    from prefect import Flow

    flow = flow_at(DEPLOYMENTS[name]["entrypoint"])
    assert isinstance(flow, Flow)
    assert flow.name == name
    assert set(DEPLOYMENTS[name].get("parameters", {})) <= set(inspect.signature(flow.fn).parameters)
    flow.validate_parameters(DEPLOYMENTS[name].get("parameters", {}))


def test_dates_that_come_without_a_zone_fit_the_backfill() -> None:
    from flows.backfill import backfill
    from flows.nightly import in_utc

    given = backfill.validate_parameters(
        {"folder": "wires", "since": "2026-03-01", "until": "2026-04-01T00:00:00+02:00"}
    )
    assert f"{in_utc(given['since']):%Y-%m-%d %H:%M%z}" == "2026-03-01 00:00+0000"
    assert in_utc(given["until"]) == given["until"]


def test_a_backfill_that_is_started_without_a_past_asks_for_one() -> None:
    from flows.backfill import backfill

    with pytest.raises(UsageError, match=r"Give a folder, WARC files, or since"):
        backfill.fn(until="2026-04-01")


def test_the_nightly_run_has_a_cron_in_a_time_zone() -> None:
    from prefect.client.schemas.schedules import CronSchedule

    [schedule] = DEPLOYMENTS["nightly"]["schedules"]
    assert schedule["active"]
    CronSchedule(cron=schedule["cron"], timezone=schedule["timezone"])
    ZoneInfo(schedule["timezone"])


@pytest.mark.parametrize("name", ["nightly", "backfill"])
def test_the_file_lets_one_run_go_on_at_a_time(name) -> None:
    limit = DEPLOYMENTS[name]["concurrency_limit"]
    assert (limit["limit"] if isinstance(limit, dict) else limit) == 1


def test_serving_deploys_the_same_flows_wherever_it_is_started() -> None:
    from flows.serving import deployments

    served = {each.name: each for each in deployments("15 2 * * *", "Europe/Berlin", "/srv/sources.toml")}
    assert served.keys() == DEPLOYMENTS.keys()
    for name, deployment in served.items():
        assert flow_at(deployment.entrypoint) is flow_at(DEPLOYMENTS[name]["entrypoint"])
        assert deployment.parameters == {"sources": "/srv/sources.toml"}
    [schedule] = served["nightly"].schedules
    assert (schedule.schedule.cron, schedule.schedule.timezone) == ("15 2 * * *", "Europe/Berlin")
    assert not served["backfill"].schedules


@pytest.mark.parametrize(
    ("cron", "timezone"), [("at night", "UTC"), ("15 2 * * *", "Mars/Phobos"), ("15 2 * * *", "../UTC")]
)
def test_a_schedule_that_is_none_is_told_in_a_sentence(cron, timezone) -> None:
    from flows.serving import deployments

    with pytest.raises(UsageError, match=re.escape(f"The schedule '{cron}' in {timezone} can't be used: ")):
        deployments(cron, timezone, "sources.toml")
