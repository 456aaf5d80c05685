"""The catalogue: sources.toml or OPML → Source, Feed, and back.

load.py         sources.toml → Source, every error of the file at once
fields.py       one table of it, field by field
keys.py         keys in addresses and headers: out of sight, into the environment
folder.py       a folder given by hand → Source
opml.py         subscription lists of feed readers, in and out
write.py        Source → sources.toml
corrections.py  what one fetch of a feed says to change in its entry
"""

from pipeline.catalogue.corrections import propose_corrections
from pipeline.catalogue.folder import folder_source
from pipeline.catalogue.load import load_catalogue, missing_folders
from pipeline.catalogue.opml import export_opml, import_opml, skipped_outlines
from pipeline.catalogue.write import write_toml

__all__ = [
    "export_opml",
    "folder_source",
    "import_opml",
    "load_catalogue",
    "missing_folders",
    "propose_corrections",
    "skipped_outlines",
    "write_toml",
]
