"""The web: requests → answers, over httpx. Everything that httpx and httpcore raise or log ends here.

A `Web` has an event loop in a thread of its own; `fetch` is called from any other thread. It speaks to httpx's async
transports, not through its client: a client keeps cookies from answer to request, reads each Location itself and raises
over odd ones before their answer can be kept, and logs whole URLs.
"""

import asyncio
import base64
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from pipeline import __version__
from pipeline.captures.addresses import is_public
from pipeline.captures.decoding import NotDecodable, TooLarge, decode_body
from pipeline.captures.exchange import Answer, Headers, NoAnswer, WebLimits
from pipeline.captures.fetch import ROBOT, Fetcher
from pipeline.types import Fetched, FetchRequest

__all__ = ["Web", "WebLimits", "user_agent"]

_ALLOW_PRIVATE = "allow_private"  # an extension of our requests, for the transport


def user_agent(contact: str | None) -> str:
    """Who asks, and where a webmaster can reach them (RFC 9110 10.1.5)."""
    return f"{ROBOT}/{__version__} (+{contact})" if contact else f"{ROBOT}/{__version__}"


class Web:
    """Fetches with conditions, politely, within limits, and never from where it must not.

    - `robots.txt` (RFC 9309) is asked for pages and sitemaps, which we find by ourselves; a feed is an address that
      the operator subscribed to.
    - Of a host's politeness, the number of slots is that of the first request to it; spacing is each request's own.
    - `proxy` goes before the environment's HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY. A proxy is trusted for what
      it connects to; addresses written in a URL are checked all the same.
    - Secrets are put in at the wire and taken out of all that comes back.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        clock: Callable[[], datetime],
        proxy: str | None = None,
        limits: WebLimits = WebLimits(),  # noqa: B008 (frozen)
    ) -> None:
        self._user_agent = user_agent
        self._clock = clock
        self._proxy = proxy
        self._limits = limits
        self._stack = ExitStack()
        self._portal: BlockingPortal | None = None
        self._fetcher: Fetcher | None = None

    def __enter__(self) -> Self:
        _quiet_loggers()
        with ExitStack() as stack:
            self._portal = stack.enter_context(start_blocking_portal())
            self._fetcher = stack.enter_context(self._portal.wrap_async_context_manager(self._open()))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._portal = self._fetcher = None
        self._stack.close()

    def fetch(self, requests: Sequence[FetchRequest]) -> list[Fetched]:
        """The answers in the requests' order, then the robots.txt exchanges that were needed."""
        if self._portal is None or self._fetcher is None:
            raise RuntimeError("a Web fetches inside its with block")
        future = self._portal.start_task_soon(self._fetcher.fetch_all, requests)
        try:
            return future.result()
        finally:
            future.cancel()  # where Ctrl-C ended the wait

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Fetcher]:
        async with _Routes(self._proxy, self._limits) as routes:

            async def get(url: str, headers: Headers, allow_private: bool) -> Answer:
                return await _get(routes, url, headers, allow_private, self._limits)

            yield Fetcher(get, self._clock, self._user_agent, self._limits)


def _quiet_loggers() -> None:
    """httpx logs each URL at INFO, httpcore at DEBUG, with the keys in it; stamina each retry, as a warning."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("stamina").setLevel(logging.ERROR)


# ------------------------------------------------------------------------------------------------ one exchange


async def _get(routes: "_Routes", url: str, headers: Headers, allow_private: bool, limits: WebLimits) -> Answer:
    """One exchange. Raises `NoAnswer` and nothing else of what a server, a network or an address can do."""
    try:
        response = await routes.handle_async_request(_request(url, headers, allow_private, limits))
        try:
            wire_body = await _read(response, limits)
        finally:
            await response.aclose()
    except (httpx.InvalidURL, UnicodeError) as error:
        raise NoAnswer("bad_url", "It can't be read as an address.") from error
    except httpx.HTTPError as error:
        raise _no_answer(error) from error
    return _answer(response, wire_body, limits)


def _request(url: str, headers: Headers, allow_private: bool, limits: WebLimits) -> httpx.Request:
    timeout = httpx.Timeout(limits.read_s, connect=limits.connect_s, pool=limits.deadline_s)
    request = httpx.Request(
        "GET",
        url,
        headers=[(name.encode(), value.encode()) for name, value in headers],
        extensions={"timeout": timeout.as_dict(), _ALLOW_PRIVATE: allow_private},
    )
    if request.url.userinfo and "Authorization" not in request.headers:  # RFC 7617 2
        pair = f"{request.url.username}:{request.url.password}".encode()
        request.headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return request


async def _read(response: httpx.Response, limits: WebLimits) -> bytes:
    chunks: list[bytes] = []
    size = 0
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limits.raw_bytes:
        raise NoAnswer("too_large", f"It has {announced} bytes, more than {limits.raw_bytes}.")
    async for chunk in response.aiter_raw():
        chunks.append(chunk)
        size += len(chunk)
        if size > limits.raw_bytes:
            raise NoAnswer("too_large", f"It has more than {limits.raw_bytes} bytes.")
    return b"".join(chunks)


def _answer(response: httpx.Response, wire_body: bytes, limits: WebLimits) -> Answer:
    headers = tuple(_fields(response.headers))
    try:
        body = decode_body(wire_body, response.headers.get("content-encoding"), limits.decoded_bytes)
    except TooLarge as error:
        raise NoAnswer("too_large", f"Its body is too large: {error}.") from error
    except NotDecodable as error:
        return Answer(response.status_code, headers, wire_body, wire_body, undecodable=str(error))
    return Answer(response.status_code, headers, wire_body, body)


def _fields(headers: httpx.Headers) -> Iterator[tuple[str, str]]:
    """The fields with their names as they came.

    The body that httpcore gives has no transfer coding any more, so the field that claims one is renamed: a reader of
    the archive would take the body for chunks.
    """
    encoding = headers.encoding
    for raw_name, value in headers.raw:
        name = raw_name.decode("ascii", "replace")
        renamed = "X-Archive-Orig-Transfer-Encoding" if name.lower() == "transfer-encoding" else name
        yield renamed, value.decode(encoding, "replace")


def _no_answer(error: httpx.HTTPError) -> NoAnswer:
    """What an error of httpx means. Its own text may hold a URL, and stays behind."""
    causes = list(_causes(error))
    if any(isinstance(cause, _NotPublic) for cause in causes):
        return NoAnswer(
            "private_address", "Its host has no public address; allow_private = true at its source allows it."
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return NoAnswer("dns", "Its host is not known.")
    if found := next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None):
        return NoAnswer("tls", f"No secure connection: {found.reason or type(found).__name__}.")
    match error:
        case httpx.TimeoutException():
            return NoAnswer("timeout", f"{type(error).__name__}: the server was silent too long.", can_retry=True)
        case httpx.ConnectError():
            return NoAnswer("connect", "No connection could be made.", can_retry=True)
        case httpx.ProxyError():
            return NoAnswer("proxy", "The proxy refused.")
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return NoAnswer("bad_url", "It can't be asked for over HTTP.")
    return NoAnswer("connection_lost", f"{type(error).__name__}: the exchange broke off.", can_retry=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


# ------------------------------------------------------------------------------------------------ the ways out

_POOLS = 64
_KEPT_CONNECTIONS = 2  # idle ones, of each pool
_PUBLIC, _ANY = "public", "any"  # ways; the others are proxies' addresses


class _NotPublic(httpcore.ConnectError):
    """A host has no public address."""


class _PublicBackend(httpcore.AsyncNetworkBackend):
    """Resolves, checks, and connects to the very address that it checked: a second look-up could say otherwise."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await _public_addresses(host, port, timeout)
        for address in addresses[:-1]:
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # RFC 6724: the next address may answer
        return await self._backend.connect_tcp(addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


async def _public_addresses(host: str, port: int, timeout: float | None) -> list[str]:
    """The host's public addresses, at least one. Raises httpcore's errors, as a backend must."""
    try:
        async with asyncio.timeout(timeout):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise httpcore.ConnectTimeout("name resolution") from error
    except OSError as error:
        raise httpcore.ConnectError("name resolution") from error
    public = [address for address in dict.fromkeys(str(info[4][0]) for info in found) if is_public(address)]
    if not public:
        raise _NotPublic(host)
    return public


class _PublicTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a pool with our backend: httpx has no argument for one (0.28).

    Should httpx rename the pool, the test of names that lead to private addresses fails.
    """

    def __init__(self, context: ssl.SSLContext, limits: httpx.Limits) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_PublicBackend(),
        )


class _Routes(httpx.AsyncBaseTransport):
    """Chooses a request's way: a proxy; else straight, to public addresses alone or to any.

    Each way is a row of small pools, and a host always has the same one: httpcore looks at every connection of a pool
    for every request that begins or ends (with one pool of 32 that costs 0.3 ms of the 2.1 of an exchange).
    """

    def __init__(self, proxy: str | None, limits: WebLimits) -> None:
        self._context = httpx.create_ssl_context()  # made once: it reads all root certificates
        self._limits = httpx.Limits(
            max_connections=limits.concurrency, max_keepalive_connections=_KEPT_CONNECTIONS, keepalive_expiry=15.0
        )
        self._proxy = proxy
        self._proxies = {} if proxy else getproxies()
        self._pools: dict[tuple[str, int], httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        way = self._proxy_of(request.url) or (_ANY if request.extensions[_ALLOW_PRIVATE] else _PUBLIC)
        key = way, hash(request.url.raw_host) % _POOLS
        if key not in self._pools:
            self._pools[key] = self._pool(way)
        return await self._pools[key].handle_async_request(request)

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()

    def _pool(self, way: str) -> httpx.AsyncHTTPTransport:
        if way == _PUBLIC:
            return _PublicTransport(self._context, self._limits)
        return httpx.AsyncHTTPTransport(
            verify=self._context, limits=self._limits, proxy=None if way == _ANY else way, trust_env=False
        )

    def _proxy_of(self, url: httpx.URL) -> str | None:
        if self._proxy or not self._proxies:
            return self._proxy
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(url.host):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"
