"""One table of sources.toml, read field by field; what is wrong is noted with its remedy, and reading goes on."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pipeline.urls import is_web_url

_DURATION = re.compile(r"(\d+)\s*([smhd])")
_SECONDS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of one entry, and what to do."""

    entry: str
    field: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.entry}: {self.field} {self.wrong}; {self.remedy}."


@dataclass(frozen=True, slots=True)
class Form:
    """What a text field must look like."""

    pattern: re.Pattern[str]
    remedy: str


ID = Form(re.compile(r"[a-z0-9-]+"), 'use lower-case letters, digits and hyphens, for example "daily-planet"')
COUNTRY = Form(re.compile(r"[a-z]{2}"), 'write the two lower-case letters of ISO 3166-1, for example "de"')
PARAMETER = Form(
    re.compile(r"[A-Za-z0-9._~-]+"), 'write the name of the parameter that takes the poll token, such as "pollToken"'
)
LANGUAGE = Form(re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"), 'write a BCP 47 tag, for example "en" or "pt-BR"')


class Row:
    """One table. Each reader gives the field's value, or None where it is absent or wrong."""

    def __init__(self, entry: str, table: Mapping[str, Any], known: Sequence[str], problems: list[Problem]) -> None:
        self._entry, self._table, self._problems = entry, table, problems
        for name in table:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                remedy = f"did you mean {near[0]}?" if near else f"take it out, the fields are {', '.join(known)}"
                self.wrong(name, "is not a field", remedy)

    def wrong(self, field: str, wrong: str, remedy: str) -> None:
        self._problems.append(Problem(self._entry, field, wrong, remedy.rstrip(".")))

    def has(self, field: str) -> bool:
        return field in self._table

    def text(self, field: str, form: Form | None = None, *, needed: str | None = None) -> str | None:
        """A text that is not empty; `needed` is the remedy where it must not be absent."""
        if field not in self._table:
            if needed:
                self.wrong(field, "is missing", needed)
            return None
        value = self._table[field]
        if not isinstance(value, str) or not value.strip():
            self.wrong(field, f"is {value!r}", f'write it as a text, {field} = "…"')
        elif form and not form.pattern.fullmatch(value):
            self.wrong(field, f"is {value!r}", form.remedy)
        else:
            return value
        return None

    def one_of(self, field: str, choices: Collection[str], default: str | None = None) -> str | None:
        needed = None if default else f"write {' or '.join(choices)}"
        value = self.text(field, needed=needed)
        if value is None or value in choices:
            return value or default
        near = difflib.get_close_matches(value, choices, 1)
        self.wrong(field, f"is {value!r}", f"did you mean {near[0]}?" if near else f"write one of {', '.join(choices)}")
        return None

    def timezone(self, field: str) -> str:
        """An IANA name; UTC where there is none."""
        value = self.text(field)
        if value is None:
            return "UTC"
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # unknown, badly formed, a folder of the time zone database
            near = difflib.get_close_matches(value, available_timezones(), 1, 0.7)
            remedy = f"did you mean {near[0]}?" if near else 'write an IANA name, for example "Europe/Berlin"'
            self.wrong(field, f"is {value!r}, which no time zone is called", remedy)
        return value

    def url(self, field: str) -> str | None:
        value = self.text(field)
        return value if value is None or self.is_web_url(field, value) else None

    def is_web_url(self, field: str, value: str) -> bool:
        if is_web_url(value) and not re.search(r"\s", value):
            return True
        # The value itself is not shown: it may hold a key.
        self.wrong(field, "is no web address", "write it whole, beginning with https:// or http://")
        return False

    def flag(self, field: str, default: bool) -> bool:
        value = self._table.get(field, default)
        if isinstance(value, bool):
            return value
        self.wrong(field, f"is {value!r}", "write true or false, without quotes")
        return default

    def number(self, field: str, default: float, *, least: float, whole: bool = False) -> float:
        value = self._table.get(field, default)
        is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if is_number and least <= value < float("inf"):
            return float(value)
        unit = "a whole number" if whole else "a number"
        self.wrong(field, f"is {value!r}", f"write {unit} of at least {least:g}, without quotes")
        return default

    def seconds(self, field: str, default: int) -> int:
        """A duration such as 15m, in seconds."""
        value = self._table.get(field)
        if value is None:
            return default
        found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if not found:
            self.wrong(field, f"is {value!r}", 'write a number and s, m, h or d, for example "15m" or "1d"')
            return default
        return int(found[1]) * _SECONDS[found[2]]

    def pairs(self, field: str) -> tuple[tuple[str, str], ...]:
        """A table of texts."""
        value = self._table.get(field, {})
        if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
            return tuple(value.items())
        self.wrong(field, "is no table of texts", 'write it as { "X-Api-Key" = "${NAME}" }')
        return ()

    def tables(self, field: str) -> list[Mapping[str, Any]]:
        """An array of tables."""
        value = self._table.get(field, [])
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return value
        self.wrong(
            field, "is no array of tables", f"begin each of its tables with a line of double brackets, [[…{field}]]"
        )
        return []


def duration(seconds: int) -> str:
    """Seconds as the catalogue writes them: 900 is 15m."""
    unit = next((unit for unit, size in _SECONDS.items() if seconds and seconds % size == 0), "m")
    return f"{seconds // _SECONDS[unit]}{unit}"
