"""Keys in addresses and headers: what may be shown has ${NAME} in their place, and the environment has their values."""

import re
from collections.abc import Mapping

from pipeline.types import Secret
from pipeline.urls import placeholders, split_secrets

Pairs = tuple[tuple[str, str], ...]
Secrets = tuple[tuple[str, Secret | None], ...]

_KEY_HEADER = re.compile(r"auth|cookie|key|token|secret|password|signature", re.IGNORECASE)


def hide_keys(url: str, headers: Pairs, environ: Mapping[str, str], owner: str) -> tuple[str, Pairs, Secrets]:
    """The address and headers as they may be shown, and the keys that they ask for.

    A key that stands there in clear is moved out under a name made of `owner`, so that no two feeds share one. The
    value of a variable that is not set is None.
    """
    moved: dict[str, str] = {}
    shown_url = _hide_in_url(url, owner, moved)
    shown_headers = tuple((name, _hide_in_header(name, value, owner, moved)) for name, value in headers)
    names = dict.fromkeys(placeholders("\n".join([shown_url, *(value for _, value in shown_headers)])))
    values = {name: moved.get(name) or environ.get(name) for name in names}
    return shown_url, shown_headers, tuple((name, Secret(value) if value else None) for name, value in values.items())


def broken_placeholder(value: str) -> bool:
    """Whether a ${ is left that names no variable."""
    return value.count("${") != len(placeholders(value))


def _hide_in_url(url: str, owner: str, moved: dict[str, str]) -> str:
    shown, found = split_secrets(url)
    for name, value in found:
        mark = f"${{{name}}}"
        if placeholders(value):  # a variable with something about it
            shown = shown.replace(mark, value)
        else:
            own = _variable(owner, name)
            moved[own] = value
            shown = shown.replace(mark, f"${{{own}}}")
    return shown


def _hide_in_header(name: str, value: str, owner: str, moved: dict[str, str]) -> str:
    if not _KEY_HEADER.search(name) or placeholders(value):
        return value
    own = _variable(owner, name)
    moved[own] = value
    return f"${{{own}}}"


def _variable(owner: str, name: str) -> str:
    """A name that a shell can export."""
    made = re.sub(r"[^A-Z0-9]+", "_", f"{owner}_{name}".upper()).strip("_")
    return f"_{made}" if made[:1].isdigit() else made
