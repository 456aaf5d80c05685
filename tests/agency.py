"""An agency's API on loopback, real HTTP: lists with poll tokens, items, pages, and the keys that it demands."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "tide+81/low-water"
ENVIRONMENT = {"TIDE_KEY": KEY}

CATALOGUE = """
[[source]]
id = "tidewire"
name = "Tidewire"
kind = "agency"
timezone = "Europe/Dublin"
allow_private = true
spacing_s = 0

[[source.feed]]
name = "channel"
url = "SITE/rest/items?channel=all&token=${TIDE_KEY}"
cursor = "pollToken"
every = "0m"

[[source.feed]]
name = "stream"
url = "SITE/media/feed"
headers = { "X-Api-Key" = "${TIDE_KEY}" }
every = "0m"
"""

ITEM = """<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="tag:tidewire.example,2026:story_{name}" version="{version}"
  standard="NewsML-G2" standardversion="2.29" xml:lang="en">
 <itemMeta><itemClass qcode="ninat:text"/><provider literal="tidewire.example"/>
  <versionCreated>2026-04-12T1{version}:00:00Z</versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
 <contentMeta><headline>Story {name}, told {version} times</headline></contentMeta>
 <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>
  <p>The harbour office said on Sunday that berth {name} stays closed until the crane is mended.</p>
 </body></html></inlineXML></contentSet>
</newsItem>"""

TEXT = """<nitf><head><docdata><doc-id id-string="{name}"/></docdata></head><body><body.head><hedline>
<hl1>Story {name}</hl1></hedline></body.head><body.content>
<p>The ferry of line {name} was late on Sunday, its captain said, for the fog did not lift before noon.</p>
</body.content></body></nitf>"""


@dataclass
class Agency:
    """What the server has, and what it was asked."""

    url: str = ""
    channel: list[tuple[str, int]] = field(default_factory=list)  # (name, version), in the order of their release
    broken: set[str] = field(default_factory=set)  # items that are no XML
    failing: set[str] = field(default_factory=set)  # items whose address answers 500
    oldest_token: int = 0  # poll tokens before it are not known any more
    pages: list[list[str]] = field(default_factory=list)  # the stream: names of 32 digits
    embargoes: dict[str, str] = field(default_factory=dict)  # until when, by the name of an item of the stream
    texts_at: str | None = None  # another server that has the stream's texts
    asked: list[str] = field(default_factory=list)  # path and query, without the key
    keys_given: int = 0

    def paths(self) -> list[str]:
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked

    def answer(self, path: str, query: dict[str, str], has_key: bool) -> tuple[int, str]:
        if path.startswith("/open/"):
            return 200, TEXT.format(name=path.rpartition("/")[2])
        if not has_key:
            return 403, "Whose key is that?"
        if path == "/rest/items":
            return self._list(query.get("pollToken"))
        if path == "/rest/item":
            return self._item(query["id"])
        if path == "/media/feed":
            return self._page(int(query.get("seq", "0")))
        return (200, TEXT.format(name=path.split("/")[3])) if path.startswith("/media/content/") else (404, "")

    def _list(self, token: str | None) -> tuple[int, str]:
        since = int(token.removeprefix("at=")) if token else 0
        if token and since < self.oldest_token:
            return 400, "That token has expired."
        results = "".join(
            f"<result><id>tag:tidewire.example,2026:story_{name}:{version}</id></result>"
            for name, version in self.channel[since:]
        )
        return 200, f'<results>{results}<pollToken>at={len(self.channel)}</pollToken><status code="10"/></results>'

    def _item(self, item_id: str) -> tuple[int, str]:
        name, _, version = item_id.rpartition("_")[2].partition(":")
        if name in self.failing:
            return 500, "Not now."
        return 200, "<newsItem" if name in self.broken else ITEM.format(name=name, version=version)

    def _page(self, number: int) -> tuple[int, str]:
        names = self.pages[number] if number < len(self.pages) else []
        items = [
            {
                "item": {
                    "altids": {"itemid": name, "etag": f"{name}_0"},
                    "uri": f"{self.url}/media/content/{name}",
                    "version": 0,
                    "type": "text",
                    "pubstatus": "usable",
                    "signals": ["newscontent"],
                    "embargoed": self.embargoes.get(name),
                    "versioncreated": "2026-04-12T10:00:00Z",
                    "firstcreated": "2026-04-12T10:00:00Z",
                    "headline": f"Story {name}",
                    "renditions": {"nitf": {"href": f"{self.texts_at or self.url + '/media/content'}/{name}"}},
                }
            }
            for name in names
        ]
        onward = f"{self.url}/media/feed?seq={min(number + 1, len(self.pages))}"
        return 200, json.dumps({"api_version": "1.1", "data": {"next_page": onward, "items": items}})


@contextmanager
def serving(agency: Agency) -> Iterator[Agency]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            has_key = KEY in (query.pop("token", None), self.headers.get("X-Api-Key"))
            agency.keys_given += has_key
            shown = "&".join(f"{name}={value}" for name, value in query.items())
            agency.asked.append(f"{asked.path}?{shown}" if shown else asked.path)
            status, text = agency.answer(asked.path, query, has_key)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        agency.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield agency
        server.shutdown()
        thread.join()
