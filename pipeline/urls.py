"""Addresses: one spelling for one article, hosts, and keys that must not be seen."""

import re
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import idna

from pipeline.types import Secret

# ------------------------------------------------------------------------------------------------ one spelling

_DEFAULT_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_HOST = re.compile(r"[\s<>\"^`{|}\\]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")  # RFC 3986 2.3
_PATH_SAFE = "!$&'()*+,;=:@/%"  # RFC 3986 3.3; `%` since escapes are already well-formed
_QUERY_SAFE = _PATH_SAFE + "?"  # RFC 3986 3.4

# Parameters that tell the publisher where a reader came from, and never which article it is. A name that may also be
# an id (id, p, ref, source, s, c …) is not among them.
_TRACKERS = frozenset(
    """_ga _gl _hsenc _hsmi at_campaign at_creation at_custom1 at_custom2 at_custom3 at_custom4 at_format at_link_id
    at_link_origin at_link_type at_medium at_ptr_name cmpid dclid fb_action_ids fb_action_types fb_ref fbclid gbraid
    gclid gclsrc guccounter guce_referrer guce_referrer_sig hsctatracking igsh igshid mc_cid mc_eid mkt_tok msclkid
    ncid ns_campaign ns_fee ns_linkname ns_mchannel ns_source ocid oly_anon_id oly_enc_id s_cid smid sr_share
    srsltid traffic_source ttclid twclid vero_conv vero_id wbraid wickedid wt.mc_id wt_mc wt_zmc xtor yclid ysclid
    """.split()  # noqa: SIM905 (a list would be sixty lines)
)
_TRACKER_PREFIXES = ("utm_", "itm_", "mtm_", "pk_campaign", "pk_kwd", "pk_source", "pk_medium")
# `?from=rss` says where the link stood; `?from=politics` may choose what is shown.
_CHANNEL_NAMES = frozenset({"cmp", "emc", "feed", "from", "partner", "ref", "referrer", "source", "src", "via"})
_CHANNELS = frozenset({"atom", "facebook", "feed", "newsletter", "rss", "rssfeed", "twitter", "whatsapp"})

# The same article for a phone or for paper.
_VARIANTS = frozenset({"amp", "print"})
_YES = frozenset({"", "1", "true", "yes"})
_VIEWS = frozenset({"format", "mode", "output", "outputtype", "view"})
_STORY_SEGMENT = re.compile(r"(?:[^-]+-){2,}[^-]+|.*\d{5,}.*|.*\.html?", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """The one spelling of an article's address. It never asks the network, and asking twice changes nothing.

    The rules, in the order of an address:

    - white space around it and control characters in it go (WHATWG URL 4.4);
    - scheme and host in lower case; the host in its ASCII form (IDNA, UTS 46), without a final dot;
    - user information and the scheme's own port go; `http` and `https` stay apart, `www.` stays;
    - `.` and `..` are resolved, an empty path is `/` (RFC 3986 6.2.2.3, 6.2.3); case and final slash stay;
    - escapes are written in capitals, and only where needed; what needs one gets it, as UTF-8 (RFC 3986 6.2.2.2);
    - parameters keep their order and spelling; trackers (utm_*, fbclid, gclid …) and empty ones go, ids stay;
    - AMP and print markers go where nothing else can be meant: `?amp`, `?print=1`, `?outputType=amp`, `?view=print`,
      `.amp.html`, and a final `/amp` or `/print` after a segment that can only be a story's (`some-long-slug`,
      `1234567`, `story.html`);
    - the fragment goes: no server sees it.

    What is no web address comes back as it is, without the white space around it.
    """
    parts = _split(url)
    if parts is None:
        return url.strip()
    scheme, host = parts.scheme.lower(), _ascii_host(parts.hostname or "")
    port = parts.port
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    path = _without_variant(_without_dots(_normal_escapes(parts.path, _PATH_SAFE)) or "/")
    return urlunsplit((scheme, netloc, path, _kept_parameters(parts.query), ""))


def is_story_segment(segment: str) -> bool:
    """Whether a segment of a path can only be a story's: `some-long-slug`, `1234567`, `story.html`."""
    return _STORY_SEGMENT.fullmatch(segment) is not None


def is_web_url(url: str) -> bool:
    """Whether it is an http or https address with a host."""
    return _split(url) is not None


def host_of(url: str) -> str | None:
    """The host as `canonical_url` spells it, without port; None for what is no web address."""
    parts = _split(url)
    return _ascii_host(parts.hostname or "") if parts else None


def _split(url: str) -> SplitResult | None:
    """The parts of a web address; None for anything else, such as one whose port is no number."""
    try:
        parts = urlsplit(_CONTROL.sub("", url.strip()))
        host = _ascii_host(parts.hostname or "")
        is_web = parts.scheme.lower() in _DEFAULT_PORTS and bool(host) and not _NO_HOST.search(host)
        return parts if is_web and parts.port != 0 else None
    except ValueError:
        return None


def _ascii_host(host: str) -> str:
    host = host.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii").lower()
    except idna.IDNAError:  # seen in the wild: an emoji in the host, which browsers take
        return quote(host, safe="").lower()


def _normal_escapes(text: str, safe: str) -> str:
    """RFC 3986 6.2.2: escapes in capitals, none for unreserved characters; a lone `%` becomes `%25`."""

    def one(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    pieces = re.split(r"(%[0-9A-Fa-f]{2})", text)
    return "".join(
        _ESCAPE.sub(one, piece) if index % 2 else quote(piece.replace("%", "%25"), safe=safe, errors="replace")
        for index, piece in enumerate(pieces)
    )


def _without_dots(path: str) -> str:
    """RFC 3986 5.2.4, remove_dot_segments, for an absolute path."""
    segments = path.split("/")
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)


def _without_variant(path: str) -> str:
    path = re.sub(r"(?:\.amp)+(\.html?)$", r"\1", path)
    while True:
        body, slash = (path[:-1], "/") if path.endswith("/") else (path, "")
        head, _, last = body.rpartition("/")
        if last not in _VARIANTS or not _STORY_SEGMENT.fullmatch(head.rpartition("/")[2]):
            return path
        path = head + slash


def _kept_parameters(query: str) -> str:
    return "&".join(_normal_escapes(pair, _QUERY_SAFE) for pair in query.split("&") if pair and not _is_tracker(pair))


def _is_tracker(pair: str) -> bool:
    raw_name, _, raw_value = pair.partition("=")
    # Feeds that escape their links twice leave `&amp;utm_source=` behind.
    name, value = unquote(raw_name).lower().removeprefix("amp;"), unquote(raw_value).lower()
    return (
        name in _TRACKERS
        or name.startswith(_TRACKER_PREFIXES)
        or (name in _CHANNEL_NAMES and value in _CHANNELS)
        or (name in _VARIANTS and value in _YES)
        or (name in _VIEWS and value in _VARIANTS)
    )


# ------------------------------------------------------------------------------------------------ keys

_KEY_NAMES = frozenset(
    """auth authorization authtoken bearer credential credentials jwt key passphrase passwd password pwd secret sig
    signature token""".split()  # noqa: SIM905
)
_KEY_ENDINGS = ("apikey", "accesskey", "accesskeyid", "secret", "secretkey", "subscriptionkey", "token", "signature")
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_USERINFO = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]*://)([^/?#]*)@")
_PARAMETER = re.compile(r"(?<=[?&#;])([^=&#;?]+)=([^&#]+)")
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]*://")


def split_secrets(url: str) -> tuple[str, list[tuple[str, str]]]:
    """The address with `${NAME}` for each literal key in it, and (NAME, value) of each, in their order.

    Names are made of the parameters' (`api_key` → `API_KEY`; USER and PASSWORD for user information) and are told
    apart by a number. Values are decoded: `fill` encodes them again.
    """
    found: list[tuple[str, str]] = []

    def placeholder(name: str, raw: str) -> str:
        if not raw or _PLACEHOLDER.fullmatch(raw):
            return raw
        base = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper() or "KEY"
        base = f"_{base}" if base[0].isdigit() else base
        taken = {*(_PLACEHOLDER.findall(url)), *(name for name, _ in found)}
        unique = next(n for n in (base, *(f"{base}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
        found.append((unique, unquote(raw)))
        return f"${{{unique}}}"

    def userinfo(match: re.Match[str]) -> str:
        user, colon, password = match[2].partition(":")
        return f"{match[1]}{placeholder('USER', user)}{colon}{placeholder('PASSWORD', password)}@"

    def parameter(match: re.Match[str]) -> str:
        return f"{match[1]}={placeholder(unquote(match[1]), match[2])}" if _is_key(match[1]) else match[0]

    return _PARAMETER.sub(parameter, _USERINFO.sub(userinfo, url)), found


def placeholders(text: str) -> list[str]:
    """The names of the `${NAME}` in it, in their order."""
    return _PLACEHOLDER.findall(text)


def fill(text: str, secrets: tuple[tuple[str, Secret | None], ...]) -> str:
    """A URL or a header's value with the secrets in place: percent-encoded in a URL, as they are in a header.

    A name that `secrets` does not have, or has as None, keeps its placeholder.
    """
    values = {name: secret.reveal() for name, secret in secrets if secret is not None}
    is_url = _SCHEME.match(text) is not None

    def one(match: re.Match[str]) -> str:
        value = values.get(match[1])
        if value is None:
            return match[0]
        return quote(value, safe="") if is_url else value

    return _PLACEHOLDER.sub(one, text)


def _is_key(name: str) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", unquote(name).lower())
    return plain in _KEY_NAMES or plain.endswith(_KEY_ENDINGS)
