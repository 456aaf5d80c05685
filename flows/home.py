"""Where Prefect lives when nobody runs a server: under the data folder, so that a user's own profile is left alone.

Prefect reads its environment when it is imported; so this file does not import it.
"""

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

LOOPBACK = "127.0.0.1,localhost"


def prefect_environment(data: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What to add to `environ` before Prefect is imported. With PREFECT_API_URL set, that server and its profile are
    used as they are.
    """
    added = {
        "DO_NOT_TRACK": environ.get("DO_NOT_TRACK", "1"),
        # A proxy for the news must not stand between Prefect and its own server on this machine.
        "NO_PROXY": ",".join(filter(None, [environ.get("NO_PROXY") or environ.get("no_proxy"), LOOPBACK])),
    }
    if environ.get("PREFECT_API_URL"):
        return added
    defaults = {
        "PREFECT_HOME": str(data / "prefect"),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "ERROR",
        "PREFECT_LOGGING_TO_API_ENABLED": "true",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "dateline",
    }
    return added | {name: environ.get(name, value) for name, value in defaults.items()}


def prepare_prefect(data: Path, environ: MutableMapping[str, str] = os.environ) -> None:
    """Sets the environment that the flows want. To be called before anything imports Prefect."""
    environ.update(prefect_environment(data, environ))
