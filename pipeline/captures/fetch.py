"""One request → its exchanges: hop by hop, politely, again where that can help.

    missing key? ─► each hop: web address? public? robots.txt? ─► the host's turn ─► get ─► redirect? next hop
                                                                      └── busy, lost: wait, again

Nothing here knows how bytes come over the wire: `get` is given, and raises `NoAnswer`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

import stamina

from pipeline.captures.addresses import is_local_name, is_public, literal_address
from pipeline.captures.decoding import ACCEPTED
from pipeline.captures.exchange import Answer, Get, Headers, NoAnswer, WebLimits
from pipeline.captures.politeness import RobotRules, fresh_until, next_start, retry_after, robot_rules
from pipeline.captures.redaction import Redactor, redactor
from pipeline.types import Capture, CaptureKind, Failure, Fetched, FetchRequest, Stage
from pipeline.urls import fill, host_of, is_web_url, placeholders

ROBOT = "Dateline"  # the product token that robots.txt files may name (RFC 9309 2.2.1)
_ASKS_ROBOTS = frozenset({CaptureKind.PAGE, CaptureKind.SITEMAP})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOVES = frozenset({301, 308})
_BUSY = frozenset({429, 502, 503, 504})
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})


class _Busy(Exception):
    """The server may have an answer in a moment."""

    def __init__(self, answer: Answer, wait: timedelta | None) -> None:
        super().__init__(answer.status)
        self.answer = answer
        self.wait = wait


@dataclass(slots=True)
class _Host:
    """A host's slots, and when its next request may start."""

    slots: asyncio.Semaphore
    free_at: float = 0.0
    crawl_delay_s: float = 0.0


@dataclass(slots=True)
class _Trail:
    """One request under way."""

    request: FetchRequest
    redactor: Redactor
    captures: list[Capture] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)  # as they are on the wire
    is_moved: bool = True  # by 301 and 308 alone so far

    @property
    def shown_url(self) -> str:
        """The hop's address, free of secrets; the first is what was asked for, as it was asked."""
        return self.request.url if len(self.urls) < 2 else self.redactor.text(self.urls[-1])


class Fetcher:
    """Fetches on the event loop that it is made on. It remembers hosts and their robots.txt as long as it lives."""

    def __init__(self, get: Get, clock: Callable[[], datetime], user_agent: str, limits: WebLimits) -> None:
        self._get = get
        self._clock = clock
        self._user_agent = user_agent
        self._limits = limits
        self._all = asyncio.Semaphore(limits.concurrency)
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, asyncio.Task[RobotRules | NoAnswer]] = {}
        self._robots_fetched: list[Fetched] = []

    async def fetch_all(self, requests: Sequence[FetchRequest]) -> list[Fetched]:
        """The answers in the requests' order, then those for robots.txt."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.fetch(request)) for request in requests]
        robots, self._robots_fetched = self._robots_fetched, []
        return [task.result() for task in tasks] + robots

    async def fetch(self, request: FetchRequest) -> Fetched:
        trail = _Trail(request, redactor(request))
        try:
            answer = await self._follow(trail)
        except NoAnswer as error:
            return self._fetched(trail, self._failure(trail, error.reason, error.detail))
        return self._fetched(trail, self._judge(trail, answer), answer)

    # ---------------------------------------------------------------------------------------- hops

    async def _follow(self, trail: _Trail) -> Answer:
        """The answer at the end of all redirects (RFC 9110 15.4)."""
        request = trail.request
        _require_keys(request)
        url: str | None = fill(request.url, request.secrets)
        while url is not None:
            await self._admit(trail, url)
            trail.urls.append(url)
            answer = await self._ask(trail, url)
            url = self._redirect(trail, url, answer)
        return answer

    async def _admit(self, trail: _Trail, url: str) -> None:
        """Raises `NoAnswer` where the hop must not be made."""
        request = trail.request
        host = host_of(url)
        if host is None:
            raise NoAnswer("bad_url", "It is no http or https address with a host.")
        address = literal_address(host)
        if not request.allow_private and (is_local_name(host) or (address and not is_public(address))):
            raise NoAnswer(
                "private_address", f"{host} is not a public address; allow_private = true at its source allows it."
            )
        if request.kind in _ASKS_ROBOTS:
            rules = await self._rules(url, request)
            if isinstance(rules, NoAnswer):
                raise rules
            if not rules.allows(url):
                raise NoAnswer("robots_disallowed", f"The robots.txt of {host} does not allow it.")

    def _redirect(self, trail: _Trail, url: str, answer: Answer) -> str | None:
        """Where the answer sends us; None where it is the end."""
        location = next((value for name, value in answer.headers if name.lower() == "location"), None)
        if answer.status not in _REDIRECTS or not location:
            return None
        trail.is_moved = trail.is_moved and answer.status in _MOVES
        try:
            target = urldefrag(urljoin(url, location.strip())).url
        except ValueError:  # such as an IPv6 address without its end
            target = ""
        if not is_web_url(target):
            raise NoAnswer("bad_url", f"It redirects to {location!r}, which is no http or https address.")
        if target in trail.urls:
            raise NoAnswer("too_many_redirects", f"Its redirects lead in a circle, back to {target}")
        if len(trail.urls) > self._limits.redirects:
            raise NoAnswer("too_many_redirects", f"It redirects more than {self._limits.redirects} times.")
        return target

    # ---------------------------------------------------------------------------------------- one hop

    async def _ask(self, trail: _Trail, url: str) -> Answer:
        """The hop's answer, asked again with growing pauses and jitter where a server is busy or out of reach."""
        headers = self._headers(trail.request, url, is_first=len(trail.urls) == 1)
        attempts = stamina.retry_context(
            on=self._pause,
            attempts=self._limits.attempts,
            timeout=None,
            wait_initial=self._limits.retry_wait_s,
            wait_jitter=self._limits.retry_wait_s,
        )
        try:
            async for attempt in attempts:
                with attempt:
                    return await self._turn(trail, url, headers)
        except _Busy as busy:
            return busy.answer
        raise AssertionError("an attempt returns or raises")

    def _pause(self, error: Exception) -> bool | float:
        """Whether to ask again, and after how many seconds where the server said so."""
        if isinstance(error, _Busy):
            if error.wait is None:
                return True
            return error.wait.total_seconds() if error.wait.total_seconds() <= self._limits.retry_after_s else False
        return isinstance(error, NoAnswer) and error.can_retry

    async def _turn(self, trail: _Trail, url: str, headers: Headers) -> Answer:
        """One exchange when it is the host's turn; kept in the trail. Raises `_Busy` where it should be repeated."""
        request = trail.request
        host = self._host(url, request)
        async with host.slots:
            now = asyncio.get_running_loop().time()
            spacing_s = max(request.politeness.spacing_s, host.crawl_delay_s)
            start_at, host.free_at = next_start(host.free_at, now, spacing_s)
            if start_at > now:
                await asyncio.sleep(start_at - now)
            async with self._all:
                filled = tuple((name, fill(value, request.secrets)) for name, value in headers)
                try:
                    async with asyncio.timeout(self._limits.deadline_s):
                        answer = await self._get(url, filled, request.allow_private)
                except TimeoutError:
                    detail = f"It took longer than {self._limits.deadline_s:g} s."
                    raise NoAnswer("timeout", detail) from None
        now_at = self._clock()
        trail.captures.append(_capture(trail, answer, headers, now_at))
        if answer.status in _BUSY:
            raise _Busy(answer, retry_after(answer.headers, now_at))
        return answer

    def _host(self, url: str, request: FetchRequest) -> _Host:
        name = host_of(url) or ""
        if name not in self._hosts:
            self._hosts[name] = _Host(asyncio.Semaphore(request.politeness.concurrency))
        return self._hosts[name]

    def _headers(self, request: FetchRequest, url: str, *, is_first: bool) -> Headers:
        """What goes along, keys still as `${NAME}`. To another origin than the one they are for, no keys go."""
        own = request.headers
        if not is_first and _origin(url) != _origin(fill(request.url, request.secrets)):
            own = tuple(
                (name, value) for name, value in own if not placeholders(value) and name.lower() not in _CREDENTIALS
            )
        named = {name.lower() for name, _ in own}
        always = (("User-Agent", self._user_agent), ("Accept", "*/*"), ("Accept-Encoding", ACCEPTED))
        headers = [*((name, value) for name, value in always if name.lower() not in named), *own]
        if request.etag:
            headers.append(("If-None-Match", request.etag))
        if request.last_modified:
            headers.append(("If-Modified-Since", request.last_modified))
        return tuple(headers)

    # ---------------------------------------------------------------------------------------- robots.txt

    async def _rules(self, url: str, request: FetchRequest) -> RobotRules | NoAnswer:
        """What the origin's robots.txt says, asked once; or why nothing may be fetched from there."""
        origin = _origin(url)
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._fetch_rules(origin, request))
        return await asyncio.shield(self._robots[origin])

    async def _fetch_rules(self, origin: str, request: FetchRequest) -> RobotRules | NoAnswer:
        fetched = await self.fetch(
            FetchRequest(
                kind=CaptureKind.ROBOTS,
                url=f"{origin}/robots.txt",
                source_id=request.source_id,
                politeness=request.politeness,
                allow_private=request.allow_private,
            )
        )
        self._robots_fetched.append(fetched)
        failure, capture = fetched.failure, fetched.capture
        is_answer = capture is not None and (failure is None or failure.reason == f"http_{capture.status}")
        rules = robot_rules(capture.status, capture.body, ROBOT) if capture and is_answer else None
        if rules is not None:
            self._host(origin, request).crawl_delay_s = min(rules.crawl_delay_s, self._limits.crawl_delay_s)
            return rules
        if failure and failure.reason in ("dns", "private_address"):  # that is so of the host, not of its robots.txt
            return NoAnswer(failure.reason, failure.detail)
        why = f"{failure.reason}: {failure.detail}" if failure else "no answer"
        return NoAnswer("robots_unreachable", f"The robots.txt of {origin} can't be had ({why}).")

    # ---------------------------------------------------------------------------------------- what came of it

    def _judge(self, trail: _Trail, answer: Answer) -> Failure | None:
        """Whether the last answer is one (RFC 9110 15): 2xx is, and a 304 where there was something to compare with."""
        request = trail.request
        if 200 <= answer.status < 300 or (answer.status == 304 and (request.etag or request.last_modified)):
            if answer.undecodable is None:
                return None
            return self._failure(trail, "not_decodable", f"Its body is not readable: {answer.undecodable}.")
        now = trail.captures[-1].captured_at
        wait = retry_after(answer.headers, now)
        failure = self._failure(trail, f"http_{answer.status}", f"The server answered {answer.status}.")
        return replace(failure, capture_id=trail.captures[-1].id, retry_after_at=now + wait if wait else None)

    def _failure(self, trail: _Trail, reason: str, detail: str) -> Failure:
        request = trail.request
        return Failure(
            stage=Stage.FETCH,
            reason=reason,
            detail=trail.redactor.text(detail),
            url=request.url,
            source_id=request.source_id,
            at=self._clock(),
            feed_id=request.feed_id,
            entry_id=request.entry_id,
        )

    def _fetched(self, trail: _Trail, failure: Failure | None, answer: Answer | None = None) -> Fetched:
        captures = trail.captures
        if len(captures) > len(trail.urls):  # repeated; by a clock that stands still, two may be one
            captures = list({capture.id: capture for capture in captures}.values())
        if failure or not answer:
            return Fetched(trail.request, tuple(captures), failure)
        return Fetched(
            request=trail.request,
            captures=tuple(captures),
            moved_to=trail.shown_url if len(trail.urls) > 1 and trail.is_moved else None,
            fresh_until=fresh_until(answer.headers, captures[-1].captured_at),
        )


def _require_keys(request: FetchRequest) -> None:
    unset = {name for name, secret in request.secrets if secret is None}
    for text in (request.url, *(value for _, value in request.headers)):
        for name in placeholders(text):
            if name in unset:
                raise NoAnswer("missing_key", f"The environment variable {name}, which holds its key, is not set.")


def _capture(trail: _Trail, answer: Answer, headers: Headers, now: datetime) -> Capture:
    request = trail.request
    is_hop = answer.status in _REDIRECTS
    return trail.redactor.capture(
        Capture(
            kind=request.kind,
            source_id=request.source_id,
            feed_id=request.feed_id,
            entry_id=request.entry_id,
            url=trail.shown_url if is_hop else request.url,
            final_url=trail.shown_url,
            status=answer.status,
            headers=answer.headers,
            wire_body=answer.wire_body,
            body=answer.body,
            captured_at=now,
            request_headers=headers,
        )
    )


def _origin(url: str) -> str:
    """Scheme, host and port of a web address (RFC 6454 4), as an address."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    host = host_of(url) or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
