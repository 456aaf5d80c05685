"""`dateline serve`: the schedule on one machine."""

import asyncio
import os
import signal
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.backfill import backfill
from flows.nightly import nightly
from flows.server import SERVED_BY
from pipeline.errors import UsageError

RUNS_AT_ONCE = 2  # a backfill, and the nightly run that it yields to; nights that were missed follow each other


class _Runner(Runner):
    def handle_sigterm(self, *args: Any, **kwargs: Any) -> None:
        """Cancels the runs that go on and ends; Prefect's own handler (3.8.8) never awaits its coroutine."""
        if self.started:
            self.execute_in_background(self.astop)


def serve_schedule(served: Sequence[RunnerDeployment]) -> None:
    """Starts the deployments' runs, by their schedules or from the UI, until interrupted."""
    runner = _Runner(name="dateline", limit=RUNS_AT_ONCE, pause_on_shutdown=False)
    for deployment in served:
        runner.add_deployment(deployment)
    signal.signal(signal.SIGINT, runner.handle_sigterm)
    os.environ[SERVED_BY] = str(os.getpid())
    asyncio.run(runner.start())


def deployments(cron: str, timezone: str, sources: str) -> tuple[RunnerDeployment, RunnerDeployment]:
    """The nightly flow by its cron, and the backfill to be started from the UI.

    Neither has a limit of Prefect's on runs at once: the warehouse's lease sees to that, and ends with its process. A
    slot of Prefect's outlives a server that is killed while a run goes on, and then no run ever starts again. Raises
    `UsageError` where the cron or the time zone is none.
    """
    try:
        ZoneInfo(timezone)
        schedule = Cron(cron, timezone=timezone)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise UsageError(f"The schedule '{cron}' in {timezone} can't be used: {error.args[0]}.") from error
    common: dict[str, Any] = {"parameters": {"sources": sources}, "entrypoint_type": EntrypointType.MODULE_PATH}
    return (
        RunnerDeployment.from_flow(nightly, name="nightly", schedule=schedule, **common),
        RunnerDeployment.from_flow(backfill, name="backfill", **common),
    )
