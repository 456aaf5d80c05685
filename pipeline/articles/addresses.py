"""The address that a page names as its own."""

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from pipeline.urls import canonical_url, host_of, is_story_segment

_FORM = re.compile(r"amp|print|\d{1,2}")  # of a story, behind its own path


def own_address(candidates: Sequence[str], url: str) -> str | None:
    """The canonical form of the address that the page at `url` names as its own (`rel=canonical`, `og:url`), the first
    that can be; another site's, the front page's or its section's is a mistake of its maker. RFC 6596, section 3.
    """
    site = _site(url)
    for named in candidates:
        try:
            address = urljoin(url, named)
            parts = urlsplit(address)
        except ValueError:
            continue
        is_own = parts.scheme in ("http", "https") and _site(address) == site
        if is_own and (parts.query or not _is_above(parts.path, urlsplit(url).path)):
            return canonical_url(address)
    return None


def _is_above(path: str, own: str) -> bool:
    """Whether a path is the front page's or that of a section above the page: `/news/` of `/news/the-wall-stands`; not
    the story's own, of which the page is another form (`/the-wall-stands/amp`, `/the-wall-stands/2`).
    """
    above, own = path.strip("/"), own.strip("/")
    if not above or not own.startswith(f"{above}/"):
        return not above
    return not (is_story_segment(above.rpartition("/")[2]) or _FORM.fullmatch(own[len(above) + 1 :]))


def _site(url: str) -> str:
    """The host without the names that one publisher puts before it (www, m, amp, mobile)."""
    host = host_of(url) or ""
    for prefix in ("www.", "m.", "amp.", "mobile."):
        host = host.removeprefix(prefix)
    return host
