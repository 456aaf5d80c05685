"""The addresses that a feed names."""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

_KEY = re.compile(r"[?&]([^=&#]+)=(\$\{\w+\})")  # a key in an address, as it may be shown


def web_address(link: object, base: str = "") -> str | None:
    """The link as an absolute http or https address; None for anything else (`mailto:`, `tag:`, a broken host)."""
    if not isinstance(link, str) or not (text := "".join(link.split())):
        return None
    try:
        url = urljoin(base, text)
        parts = urlsplit(url)
    except ValueError:  # http://[broken
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def with_keys(address: str, base: str) -> str:
    """The address with the keys of `base` (`apikey=${AP_KEY}`) that it lacks, where both are of one host: an API does
    not repeat the key in the addresses that it names.
    """
    if urlsplit(address).netloc != urlsplit(base).netloc:
        return address
    held = {name for name, _ in parse_qsl(urlsplit(address).query, keep_blank_values=True)}
    keys = [f"{name}={value}" for name, value in _KEY.findall(base) if name not in held]
    bare, mark, fragment = address.partition("#")
    return "&".join([bare if "?" in bare or not keys else f"{bare}?", *keys]).replace("?&", "?") + mark + fragment
