"""A catalogue is read whole or refused with every error at once, and its keys are never seen."""

import re

import pytest

from pipeline.catalogue import load_catalogue, missing_folders, write_toml
from pipeline.catalogue.load import FORMATS
from pipeline.entries.detect import FORMATS as READ
from pipeline.errors import CatalogueError
from pipeline.types import Delivery, Feed, Politeness, Secret, Source

FULL = """
[[source]]
id = "north-wire"
name = "Nordwind Agentur"
kind = "agency"
country = "de"
language = "de-AT"
timezone = "Europe/Vienna"
homepage = "https://nordwind.example/"
allow_private = true
concurrency = 1
spacing_s = 2

[[source.feed]]
name = "world"
url = "https://nordwind.example/api?desk=world&key=${NORTH_KEY}"
format = "ninjs"
every = "1h"
cursor = "since"
headers = { "X-Api-Key" = "${NORTH_HEADER}", "Accept" = "application/json" }
pages = false
seen = "the agency's handbook, page 4"
spacing_s = 0.5

[[source.feed]]
folder = "drop/north"
every = "0m"

[[source]]
id = "planet"
name = "The Planet"
kind = "publisher"

[[source.feed]]
url = "https://planet.example/rss"
"""
MINIMAL = '[[source]]\nid = "planet"\nname = "The Planet"\nkind = "publisher"\n'
FEED = '[[source.feed]]\nurl = "https://planet.example/rss"\n'


@pytest.fixture
def load(tmp_path):
    def load_text(text, environ=None):
        path = tmp_path / "sources.toml"
        path.write_text(text, encoding="utf-8")
        return load_catalogue(path, environ or {})

    return load_text


@pytest.fixture
def errors(load):
    def lines(text):
        with pytest.raises(CatalogueError) as caught:
            load(text)
        return str(caught.value).splitlines()

    return lines


def test_a_full_catalogue_is_read(load, tmp_path):
    north, planet = load(FULL, {"NORTH_KEY": "k1"})
    polite = Politeness(concurrency=1, spacing_s=2.0)
    assert north == Source(
        id="north-wire",
        name="Nordwind Agentur",
        kind="agency",
        country="de",
        language="de-AT",
        timezone="Europe/Vienna",
        homepage="https://nordwind.example/",
        allow_private=True,
        feeds=(
            Feed(
                id="north-wire/world",
                source_id="north-wire",
                url="https://nordwind.example/api?desk=world&key=${NORTH_KEY}",
                format="ninjs",
                every_s=3600,
                cursor_parameter="since",
                headers=(("X-Api-Key", "${NORTH_HEADER}"), ("Accept", "application/json")),
                secrets=(("NORTH_KEY", Secret("k1")), ("NORTH_HEADER", None)),
                has_pages=False,
                politeness=Politeness(concurrency=1, spacing_s=0.5),
                seen="the agency's handbook, page 4",
            ),
            Feed(
                id="north-wire/feed-2",
                source_id="north-wire",
                url=str(tmp_path.resolve() / "drop" / "north"),
                delivery=Delivery.FOLDER,
                every_s=0,
                politeness=polite,
            ),
        ),
    )
    assert planet.feeds == (Feed(id="planet/main", source_id="planet", url="https://planet.example/rss"),)


def test_what_is_written_is_read_again_as_it_was(load):
    environ = {"NORTH_KEY": "k1"}
    sources = load(FULL, environ)
    assert load(write_toml(sources), environ) == sources


def test_defaults_are_not_written(load):
    text = MINIMAL + "\n" + FEED
    assert write_toml(load(text)) == text


@pytest.mark.parametrize("text", ['say "so" \\ ${X}', "tab\tand\nline", "ctl \x07 \x7f", "日本 – ñ"])
def test_any_text_survives_writing(load, text):
    sources = (Source("planet", text, "publisher", feeds=(Feed("planet/main", "planet", "https://a.example/"),)),)
    assert load(write_toml(sources)) == sources


# ------------------------------------------------------------------------------------------------ keys


LITERAL = MINIMAL + (
    '[[source.feed]]\nurl = "https://user:pa55@planet.example/rss?api_key=s3cret&x=1"\n'
    'headers = { "Authorization" = "Bearer t0ken", "Accept" = "*/*" }\n'
)
MOVED = {
    "PLANET_MAIN_USER": "user",
    "PLANET_MAIN_PASSWORD": "pa55",
    "PLANET_MAIN_API_KEY": "s3cret",
    "PLANET_MAIN_AUTHORIZATION": "Bearer t0ken",
}


def test_a_key_in_clear_is_moved_out_of_sight(load):
    (feed,) = load(LITERAL)[0].feeds
    assert feed.url == (
        "https://${PLANET_MAIN_USER}:${PLANET_MAIN_PASSWORD}@planet.example/rss?api_key=${PLANET_MAIN_API_KEY}&x=1"
    )
    assert feed.headers == (("Authorization", "${PLANET_MAIN_AUTHORIZATION}"), ("Accept", "*/*"))
    assert feed.secrets == tuple((name, Secret(value)) for name, value in MOVED.items())
    assert not any(value in repr(feed) for value in ("pa55", "s3cret", "t0ken"))


def test_a_key_is_written_as_a_variable_that_the_comment_names(load):
    sources = load(LITERAL)
    text = write_toml(sources)
    assert not any(value in text for value in ("pa55", "s3cret", "t0ken"))
    assert re.findall(r"# Set the variable (\w+) in the environment", text) == list(MOVED)
    assert load(text, MOVED) == sources


@pytest.mark.parametrize("environ", [{}, {"K": ""}])
def test_a_variable_that_is_not_set_leaves_the_rest_in_use(load, environ):
    (source,) = load(MINIMAL + '[[source.feed]]\nurl = "https://planet.example/${K}"\n' + FEED, environ)
    assert [feed.secrets for feed in source.feeds] == [(("K", None),), ()]


def test_no_error_shows_a_key(errors):
    found = errors(MINIMAL + '[[source.feed]]\nurl = "planet.example/rss?api_key=s3cret"\nevery = "often"\n')
    assert len(found) == 3
    assert "s3cret" not in "".join(found)


# ------------------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file: source is missing; begin a source with [[source]], id, name and kind."),
        ("[[sources]]\n", "the file: sources is not a field; did you mean source?"),
        ('[source]\nid = "a"\n', "the file: source is no array of tables; "),
        ('[[source]]\nname = "A"\nkind = "agency"\n' + FEED, "source 'A': id is missing; write id = "),
        ('[[source]]\nid = "a"\nkind = "agency"\n' + FEED, "source 'a': name is missing; "),
        ('[[source]]\nid = "a"\nname = "A"\n' + FEED, "source 'a': kind is missing; write agency or publisher."),
        (MINIMAL, "source 'planet': feed is missing; begin a feed with [[source.feed]]"),
        (MINIMAL + "lenguage = 'en'\n" + FEED, "source 'planet': lenguage is not a field; did you mean language?"),
        (MINIMAL + "zzz = 1\n" + FEED, "source 'planet': zzz is not a field; take it out, the fields are id, name"),
        (MINIMAL.replace('"planet"', '"The Planet"') + FEED, "source 'The Planet': id is 'The Planet'; use lower-case"),
        (MINIMAL.replace('"planet"', "7") + FEED, "source 'The Planet': id is 7; write it as a text"),
        (MINIMAL.replace("publisher", "agencie") + FEED, "kind is 'agencie'; did you mean agency?"),
        (MINIMAL.replace("publisher", "blog") + FEED, "kind is 'blog'; write one of agency, publisher."),
        (MINIMAL + 'language = "English"\n' + FEED, "language is 'English'; write a BCP 47 tag"),
        (MINIMAL + 'country = "UK"\n' + FEED, "country is 'UK'; write the two lower-case letters of ISO 3166-1"),
        (MINIMAL + 'timezone = "Europe/Berlim"\n' + FEED, "which no time zone is called; did you mean Europe/Berlin?"),
        (MINIMAL + 'timezone = "America"\n' + FEED, "timezone is 'America', which no time zone is called; "),
        (MINIMAL + 'timezone = "/etc/passwd"\n' + FEED, "timezone is '/etc/passwd', which no time zone is called; "),
        (MINIMAL + 'homepage = "planet.example"\n' + FEED, "homepage is no web address; write it whole"),
        (MINIMAL + 'allow_private = "yes"\n' + FEED, "allow_private is 'yes'; write true or false"),
        (MINIMAL + "concurrency = 0\n" + FEED, "concurrency is 0; write a whole number of at least 1"),
        (MINIMAL + "concurrency = true\n" + FEED, "concurrency is True; write a whole number of at least 1"),
        (MINIMAL + FEED + "spacing_s = -1\n", "feed no. 1: spacing_s is -1; write a number of at least 0"),
        (MINIMAL + FEED + "spacing_s = nan\n", "feed no. 1: spacing_s is nan; write a number of at least 0"),
        (MINIMAL + FEED + 'every = "15"\n', "feed no. 1: every is '15'; write a number and s, m, h or d"),
        (MINIMAL + FEED + 'format = "newsmlg2"\n', "format is 'newsmlg2'; did you mean newsml_g2?"),
        (
            MINIMAL + FEED + 'cursor = "poll token"\n',
            "cursor is 'poll token'; write the name of the parameter that takes",
        ),
        (
            MINIMAL + '[[source.feed]]\nfolder = "x"\ncursor = "t"\n',
            "feed no. 1: cursor is given to a folder; take it out",
        ),
        (MINIMAL + FEED + 'name = "Top News"\n', "feed 'Top News': name is 'Top News'; use lower-case letters"),
        (MINIMAL + FEED + 'folder = "x"\n', "feed no. 1: url and folder are both given; keep one of them"),
        (MINIMAL + '[[source.feed]]\nname = "a"\n', "feed 'a': url is missing; "),
        (MINIMAL + '[[source.feed]]\nurl = "ftp://a.example/"\n', "feed no. 1: url is no web address; "),
        (MINIMAL + '[[source.feed]]\nurl = "https://a.example/${"\n', "url holds ${ without a name; write ${NAME}."),
        (MINIMAL + FEED + 'headers = "X: y"\n', "headers is no table of texts; "),
        (MINIMAL + FEED + FEED, "feed 'planet/feed-2': url is that of 'planet/main' too; keep one of the two."),
        (MINIMAL + FEED + 'name = "a"\n' + FEED.replace("rss", "b") + 'name = "a"\n', "has 2 feeds of the name 'a'; "),
        (MINIMAL + FEED + MINIMAL + FEED.replace("rss", "b"), "source 'planet': id is given to 2 sources; "),
    ],
)
def test_an_error_names_entry_field_and_remedy(errors, tmp_path, text, expected):
    head, *found = errors(text)
    assert head == f"{tmp_path / 'sources.toml'} has 1 error:"
    assert len(found) == 1
    assert expected in found[0]
    assert found[0].endswith((".", "?"))


def test_every_format_that_can_be_read_may_be_named():
    assert set(FORMATS) == {"auto", *READ}


def test_all_errors_are_told_at_once(errors):
    head, *found = errors(
        MINIMAL.replace("publisher", "blog") + 'timezone = "x"\n' + FEED + 'every = "x"\nlink = "y"\n'
    )
    assert head.endswith("has 4 errors:")
    assert len(found) == 4


def test_a_syntax_error_tells_the_line(errors):
    (line,) = errors('[[source]]\nid = "a"\nname = The Planet\n')
    assert "is no TOML: Invalid value (at line 3, column 8). Correct that place" in line


def test_a_file_of_opml_is_told_how_to_come_in(errors):
    (line,) = errors('<?xml version="1.0"?><opml version="2.0"><head/><body/></opml>')
    assert "is XML, no TOML. If it is OPML, make a catalogue of it: `dateline sources import" in line


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(CatalogueError, match=r"can't be read \(No such file or directory\)"):
        load_catalogue(tmp_path / "none.toml", {})


def test_a_file_that_is_not_utf8_is_an_error(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_bytes(b'[[source]]\nname = "\xe9t\xe9"\n')
    with pytest.raises(CatalogueError, match="is not UTF-8 at byte 19"):
        load_catalogue(path, {})


def test_a_byte_order_mark_is_no_error(load):
    assert load("\ufeff" + MINIMAL + FEED)[0].id == "planet"


def test_a_folder_that_is_not_there_is_told_by_the_check_alone(load, tmp_path):
    sources = load(MINIMAL + '[[source.feed]]\nfolder = "drop"\n')
    (line,) = missing_folders(sources)
    assert line.startswith(f"planet/main: the folder {tmp_path.resolve() / 'drop'} does not exist; ")
    (tmp_path / "drop").mkdir()
    assert missing_folders(sources) == []
