"""The addresses that a feed names."""

from urllib.parse import urljoin, urlsplit


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
