"""Prefect's server lives as long as the process that started it, and no longer; where Prefect lives."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows.home import prefect_environment
from flows.server import start_server
from pipeline.errors import DatelineError

PARENT = """
import os, signal, sys, time
from pathlib import Path
from flows.server import start_server
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin without one
print(start_server(Path(sys.argv[1]), os.environ, ui_port=None), flush=True)
time.sleep(60)
"""


@contextmanager
def parent(home: Path) -> Iterator[tuple["subprocess.Popen[str]", int, int]]:
    """A process that has started a server; the server's port and its process id."""
    command = [sys.executable, "-c", PARENT, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            port = urlsplit(process.stdout.readline()).port
            [server] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            yield process, port, int(server)
        finally:
            process.kill()


def is_answered(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_who_asks_before_the_server_is_up_waits_in_line(tmp_path) -> None:
    with parent(tmp_path) as (_, port, _):
        assert is_answered(port)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_the_server_ends_with_its_parent_however_that_ends(tmp_path, ending) -> None:
    with parent(tmp_path) as (process, port, _):
        process.send_signal(ending)
        process.communicate(timeout=10)
        until = time.monotonic() + 10
        while is_answered(port) and time.monotonic() < until:
            time.sleep(0.02)
        assert not is_answered(port)


def test_the_parent_ends_with_its_server_and_says_so(tmp_path) -> None:
    with parent(tmp_path) as (process, _, pid):
        os.kill(pid, signal.SIGKILL)
        _, said = process.communicate(timeout=10)
    assert process.returncode == 1
    assert f"Prefect's server ended by itself (exit code -9); its last words stand in {tmp_path}/server.log" in said


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DatelineError, match=f"Port {port} on 127.0.0.1 can't be had: address already in use"):
            start_server(tmp_path, os.environ, ui_port=port)


def test_prefect_lives_under_the_data_folder_and_sends_nothing() -> None:
    added = prefect_environment(Path("/data"), {})
    assert added["PREFECT_HOME"] == "/data/prefect"
    assert (added["DO_NOT_TRACK"], added["PREFECT_SERVER_ANALYTICS_ENABLED"]) == ("1", "false")


def test_a_server_of_the_users_is_used_as_it_is() -> None:
    added = prefect_environment(Path("/data"), {"PREFECT_API_URL": "http://prefect.example/api"})
    assert [name for name in added if name.startswith("PREFECT_")] == ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"]


@pytest.mark.parametrize(
    ("given", "direct"),
    [
        ({}, "127.0.0.1,localhost"),
        ({"NO_PROXY": "intra.example"}, "intra.example,127.0.0.1,localhost"),
        ({"no_proxy": "intra.example,localhost", "NO_PROXY": "other"}, "intra.example,localhost,127.0.0.1"),
    ],
)
def test_no_proxy_stands_between_prefect_and_this_machine(given, direct) -> None:
    added = prefect_environment(Path("/data"), given)
    assert (added["NO_PROXY"], added["no_proxy"]) == (direct, direct)
    assert prefect_environment(Path("/data"), given | added)["NO_PROXY"] == direct
