"""Where Prefect lives when nobody runs a server: under the data folder, so that a user's own profile is left alone.

Prefect reads its environment when it is imported; so this file does not import it.
"""

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from flows.server import start_server

LOOPBACK = "127.0.0.1,localhost"
UI_PORT = 4200


def prefect_environment(data: Path, environ: Mapping[str, str], *, has_ui: bool = False) -> dict[str, str]:
    """What to add to `environ` before Prefect is imported. With PREFECT_API_URL set, that server and its profile are
    used as they are.
    """
    quiet = {
        "DO_NOT_TRACK": "1",
        # A terminal shows our own progress, result and errors; the log is for the UI and for the journal of a service.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "INFO" if has_ui else "CRITICAL",
    }
    home = {
        "PREFECT_HOME": str(data / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # Prefect would unpack its UI into its own package, where a service's user may not write.
        "PREFECT_UI_STATIC_DIRECTORY": str(data / "prefect" / "ui"),
        # Our server may be asked before it is up, and comes up in half a minute or more on a busy machine.
        "PREFECT_API_REQUEST_TIMEOUT": "180",
    }
    defaults = quiet if environ.get("PREFECT_API_URL") else quiet | home
    # A proxy for the news must not stand between Prefect and a server on this machine. Both spellings are in use.
    hosts = f"{environ.get('no_proxy') or environ.get('NO_PROXY') or ''},{LOOPBACK}".split(",")
    direct = ",".join(dict.fromkeys(filter(None, hosts)))
    given = {name: environ.get(name, value) for name, value in defaults.items()}
    return given | {"NO_PROXY": direct, "no_proxy": direct}


def prepare_prefect(data: Path, environ: MutableMapping[str, str] = os.environ, *, has_ui: bool = False) -> None:
    """Sets the environment that the flows want, and starts Prefect's server where `environ` names none: with its UI and
    its schedules, else for this process alone. To be called before anything imports Prefect.

    Raises `DatelineError` where the UI's port is taken.
    """
    environ.update(prefect_environment(data, environ, has_ui=has_ui))
    if not environ.get("PREFECT_API_URL"):
        port = int(environ.get("PREFECT_SERVER_API_PORT") or UI_PORT) if has_ui else None
        environ["PREFECT_API_URL"] = start_server(Path(environ["PREFECT_HOME"]), environ, ui_port=port)
