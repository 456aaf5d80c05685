"""A folder of files, given by hand → the Source that it is read as."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import CatalogueError
from pipeline.types import Delivery, Feed, Source


def folder_source(folder: Path, known: Sequence[Source]) -> Source:
    """The catalogue's source that has this drop folder, with that feed alone; else an agency named as the folder is.

    Raises `CatalogueError` where no id can be made of the folder's name.
    """
    address = str(folder.absolute())
    for source in known:
        feeds = tuple(feed for feed in source.feeds if feed.delivery is Delivery.FOLDER and feed.url == address)
        if feeds:
            return replace(source, feeds=feeds)
    plain = unicodedata.normalize("NFKD", folder.absolute().name).encode("ascii", "ignore").decode()
    source_id = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not source_id:
        raise CatalogueError(
            f"{folder}: no source id can be made of this name; name the folder in the catalogue instead."
        )
    feed = Feed(id=f"{source_id}/folder", source_id=source_id, url=address, delivery=Delivery.FOLDER)
    return Source(id=source_id, name=folder.absolute().name, kind="agency", feeds=(feed,))
