"""`dateline serve`: the schedule on one machine."""

import asyncio
import signal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron

from flows.backfill import backfill
from flows.nightly import nightly
from pipeline.errors import UsageError


class _Runner(Runner):
    def handle_sigterm(self, *args: Any, **kwargs: Any) -> None:
        """Cancels the runs that go on and ends; Prefect's own handler (3.8.8) never awaits its coroutine."""
        if self.started:
            self.execute_in_background(self.astop)


def serve_schedule(cron: str, timezone: str, sources: str) -> None:
    """Runs the nightly flow by its cron until interrupted, one run at a time; backfills can be started from the UI.

    Prefect must have been prepared. Raises `UsageError` where the cron or the time zone is none.
    """
    runner = _Runner(name="dateline", pause_on_shutdown=False)
    for deployment in deployments(cron, timezone, sources):
        runner.add_deployment(deployment)
    signal.signal(signal.SIGINT, runner.handle_sigterm)
    asyncio.run(runner.start())


def deployments(cron: str, timezone: str, sources: str) -> tuple[RunnerDeployment, RunnerDeployment]:
    """Without a limit of Prefect's on runs at a time: the warehouse's lease sees to that, and ends with its process. A
    slot of Prefect's outlives a server that is killed while a run goes on, and then no run ever starts again.
    """
    try:
        ZoneInfo(timezone)
        schedule = Cron(cron, timezone=timezone)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise UsageError(f"The schedule '{cron}' in {timezone} can't be used: {error}") from error
    common: dict[str, Any] = {"parameters": {"sources": sources}, "entrypoint_type": EntrypointType.MODULE_PATH}
    return (
        RunnerDeployment.from_flow(nightly, name="nightly", schedule=schedule, **common),
        RunnerDeployment.from_flow(backfill, name="backfill", **common),
    )
