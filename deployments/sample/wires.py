"""Items of agencies without a site → the files of their drop folders: NewsML-G2 and ninjs, one file a version."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

from deployments.sample.newsroom import Item, Version, rfc3339
from deployments.sample.pages import byline

_URGENCY = {True: 3, False: 5}  # by whether the story has more than one version
_SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"


def wire_files(item: Item, now: datetime) -> Iterator[tuple[PurePosixPath, datetime, bytes]]:
    """The files that the agency has sent by `now`: path below the drop folders, time of sending, bytes.

    An item under embargo is sent ahead, and says so.
    """
    write = {"mna": _newsml_g2, "npa": _ninjs}[item.outlet.id]
    ending = {"mna": "xml", "npa": "json"}[item.outlet.id]
    for version in item.versions:
        if version.at <= now:
            name = f"{version.at:%Y%m%dT%H%M}-{item.id.partition('/')[2]}-v{version.number}.{ending}"
            yield PurePosixPath(item.outlet.id, name), version.at, write(item, version).encode()


def _newsml_g2(item: Item, version: Version) -> str:
    """NewsML-G2 2.34, conformance power. pubStatus is one of usable, withheld, canceled (8.5)."""
    note = f"<edNote>{escape(version.note)}</edNote>" if version.note else ""
    signal = '<signal qcode="sig:correction"/>' if version.number > 1 and version.status == "usable" else ""
    embargo = f"<embargoed>{rfc3339(item.embargo_until)}</embargoed>" if item.embargo_until else ""
    subjects = "".join(f'<subject type="cpnat:abstract" qcode="{code}"/>' for code in item.subjects)
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in version.paragraphs)
    dateline = version.paragraphs[0].partition(" — ")[0] if version.paragraphs else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{item.wire_id}" version="{version.number}" \
standard="NewsML-G2" standardversion="2.34" conformance="power" xml:lang="{item.outlet.language}">
<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>
<rightsInfo><copyrightHolder><name>{escape(item.outlet.name)}</name></copyrightHolder></rightsInfo>
<itemMeta><itemClass qcode="ninat:text"/><provider><name>{escape(item.outlet.name)}</name></provider>\
<versionCreated>{rfc3339(version.at)}</versionCreated><firstCreated>{rfc3339(item.published_at)}</firstCreated>\
{embargo}<pubStatus qcode="stat:{version.status}"/>{note}{signal}</itemMeta>
<contentMeta><urgency>{_URGENCY[len(item.versions) > 1]}</urgency>\
<contentCreated>{rfc3339(item.published_at)}</contentCreated>\
<located type="cpnat:geoArea"><name>{escape(item.place)}</name></located><language tag="{item.outlet.language}"/>\
{subjects}<slugline>{escape(item.arc.upper())}</slugline><headline>{escape(version.title)}</headline>\
<dateline>{escape(dateline)}</dateline><by>{escape(byline(item))}</by>\
<description role="drol:summary">{escape(item.summary)}</description></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">\
<head><title>{escape(version.title)}</title></head><body>{body}</body></html></inlineXML></contentSet>
</newsItem>
"""


def _ninjs(item: Item, version: Version) -> str:
    """ninjs 1.3."""
    document = {
        "uri": item.wire_id,
        "type": "text",
        "version": str(version.number),
        "firstcreated": rfc3339(item.published_at),
        "versioncreated": rfc3339(version.at),
        "pubstatus": version.status,
        "urgency": _URGENCY[len(item.versions) > 1],
        "language": item.outlet.language,
        "copyrightholder": item.outlet.name,
        "headline": version.title,
        "byline": byline(item),
        "located": item.place,
        "slugline": item.arc.upper(),
        "description_text": item.summary,
        "subject": [{"scheme": _SCHEME, "code": code.replace("medtop:", "")} for code in item.subjects],
        "body_xhtml": "".join(f"<p>{escape(paragraph)}</p>" for paragraph in version.paragraphs),
    }
    optional = {"ednote": version.note, "embargoed": rfc3339(item.embargo_until) if item.embargo_until else None}
    present = {name: value for name, value in optional.items() if value}
    return json.dumps(document | present, ensure_ascii=False, indent=1)
