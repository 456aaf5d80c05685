"""What an analyst finds in the published file: macros, comments, the queries of sql/analyses."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.publish.dictionary import data_dictionary

ROOT = Path(__file__).parents[2]
ANALYSES = sorted((ROOT / "sql" / "analyses").glob("*.sql"))


@pytest.fixture
def news(nights):
    with duckdb.connect(str(nights.published), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("path", ANALYSES, ids=lambda path: path.stem)
def test_every_analysis_says_what_it_answers_and_answers(news, path):
    sql = path.read_text()
    assert sql.startswith("-- ")
    assert news.execute(sql).fetchall()


def test_attention_is_dense_with_zero_where_observed_and_null_where_not(news):
    rows = news.execute(
        "select date::varchar, articles from attention('medtop:sport', '2026-03-01', '2026-04-01')"
    ).fetchall()
    assert len(rows) == 31
    articles = dict(rows)
    assert 0 in articles.values()
    [(counted,)] = news.execute(
        "select sum(articles) from topic_daily where topic_id = 'medtop:sport' and date < '2026-04-01'"
    ).fetchall()
    assert sum(count or 0 for count in articles.values()) == counted
    observed = news.execute(
        "select distinct date::varchar from source_daily where state in ('observed', 'silent', 'partly')"
    ).fetchall()
    assert {day for day, count in rows if count is not None} == {
        day for (day,) in observed if "2026-03-01" <= day < "2026-04-01"
    }


def test_attention_has_a_row_for_every_day_that_is_asked_for(news):
    [(first, last)] = news.execute("select min(date), max(date) from source_daily").fetchall()
    asked = f"attention('medtop:sport', '{first}'::date - 3, '{last}'::date + 4)"
    rows = news.execute(f"select date, articles, observed_articles from {asked}").fetchall()
    days = [first + timedelta(days=n) for n in range(-3, (last - first).days + 4)]
    assert [day for day, *_ in rows] == days
    assert {(articles, observed) for day, articles, observed in rows if not first <= day <= last} == {(None, None)}
    assert len(news.execute("from attention('medtop:sport')").fetchall()) == (last - first).days + 1
    assert news.execute("from attention('medtop:sport', '2026-03-01', '2026-03-01')").fetchall() == []


@pytest.mark.parametrize("name", ["medtop:sport", "Sport", "SPORT"])
def test_attention_takes_a_label_for_the_topic_that_has_it(news, name):
    assert news.execute("select distinct topic_id from attention(?)", [name]).fetchall() == [("medtop:sport",)]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("attention('sports')", "no topic has the id or the label 'sports'. Give the id of one: select topic_id"),
        ("attention('Storms')", "'Storms' is the label of house:10, house:9. Give the id of one"),
        ("attention((select topic_id from topics where false))", "was given null for a topic"),
        ("attention('medtop:sport', '2026-04-02', '2026-04-01')", "since 2026-04-02 lies after until 2026-04-01"),
        ("story('a9999')", "no article that stands has the id 'a9999'. What became of one: from article_versions"),
        ("story(null)", "no article that stands has the id null"),
        ("explain_date('a9999')", "no article that stands has the id 'a9999'"),
    ],
)
def test_a_mistake_is_told_and_is_not_taken_for_an_answer(news, question, told):
    with pytest.raises(duckdb.Error) as raised:
        news.execute(f"from {question}").fetchall()
    assert told in str(raised.value)


def test_a_bare_code_is_called_what_the_topic_is_called_that_it_is_mapped_to(news):
    assert news.execute("select topic_id, label, mapped_to_id from topics where vocabulary = 'subj'").fetchall() == [
        ("subj:15000000", "Sport", "medtop:sport"),
        ("subj:99999999", None, None),
    ]


def test_a_story_is_found_by_its_id_and_by_an_article_in_it(news):
    [(story_id, article_id)] = news.execute(
        "select story_id, max(article_id) from articles group by 1 order by count(*) desc limit 1"
    ).fetchall()
    by_story = news.execute("select article_id from story(?)", [story_id]).fetchall()
    assert len(by_story) > 1
    assert news.execute("select article_id from story(?)", [article_id]).fetchall() == by_story


def test_search_folds_case_and_accents_and_wants_every_word(news):
    assert len(news.execute("from search('CAFE a0003')").fetchall()) == 1
    assert news.execute("select distinct score from search('minister')").fetchall() == [(5,)]
    assert news.execute("select distinct score from search('Minister budget')").fetchall() == [(6,)]
    assert news.execute("from search('cafe zebra')").fetchall() == []
    assert news.execute("from search('  ')").fetchall() == []


def test_names_are_those_of_the_dateline_and_of_the_wire_each_once(news):
    [(article_id,)] = news.execute("select min(article_id) from articles where source_id = 'nordwire'").fetchall()
    columns = "kind, name_id, name, relevance, evidence"
    named = news.execute(
        f"select {columns} from article_names where article_id = ? order by all", [article_id]
    ).fetchall()
    assert named == [
        ("person", "name:ada lind", "Ada Lind", 0.9, "delivered"),
        ("place", "geo:3143244", "Oslo", None, "delivered"),
        ("place", "name:oslo", "Oslo", None, "dateline"),
    ]


def test_a_date_is_explained_by_its_candidates(news):
    [(article_id,)] = news.execute("select min(article_id) from articles").fetchall()
    assert news.execute("select kind, is_chosen from explain_date(?)", [article_id]).fetchall() == [("feed", True)]


def test_every_public_table_and_column_has_a_comment(news):
    undescribed = news.execute(
        """
        select schema_name, table_name, column_name
        from duckdb_columns()
        where schema_name in ('main', 'meta') and not internal and coalesce(comment, '') = ''
        union all
        select schema_name, table_name, null
        from duckdb_tables()
        where schema_name in ('main', 'meta') and coalesce(comment, '') not like 'One row per %'
        union all
        select schema_name, view_name, null
        from duckdb_views()
        where schema_name in ('main', 'meta') and not internal and coalesce(comment, '') not like 'One row per %'
        """
    ).fetchall()
    assert undescribed == []


def test_meta_columns_is_what_the_file_has(news):
    said = news.execute("from meta.columns order by all").fetchall()
    found = news.execute(
        """
        select schema_name, table_name, column_index, column_name, lower(data_type), comment
        from duckdb_columns()
        where schema_name in ('main', 'meta') and not internal
        order by all
        """
    ).fetchall()
    assert said == found


def test_show_tables_lists_the_public_ones_alone(news):
    shown = {name for (name,) in news.execute("show tables").fetchall()}
    assert shown == {
        "articles", "article_versions", "stories", "topics", "article_topics", "article_names", "topic_daily",
        "topic_weekly", "topic_trends", "topic_pairs", "sources", "source_daily", "lineage", "recalls", "recall_copies",
    }  # fmt: skip


def test_views_and_tables_hold_where_the_file_is_attached_by_another_name(nights):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{nights.published}' as n (read_only)")
        assert connection.execute("select count(*) from n.article_versions").fetchone() > (0,)
        connection.execute("use n")
        assert connection.execute("from search('minister')").fetchall()


def test_the_data_dictionary_in_docs_is_that_of_the_file(nights):
    assert (ROOT / "docs" / "data-dictionary.md").read_text() == data_dictionary(nights.published), (
        "make it again: python -m pipeline.publish.dictionary data/news.duckdb > docs/data-dictionary.md"
    )
