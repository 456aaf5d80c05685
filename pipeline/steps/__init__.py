"""collect, derive, link, publish: the only composer of the rooms. It knows nothing of Prefect or of the command line.

run.py       what the steps of one run share, open
collect.py   → refs: bytes into the archive
folders.py   → refs: the files of drop folders
follow.py    collect and derive, of what feeds' answers name further: an agency's items, its next page
work.py      what a worker process does with one ref
derive.py    → revisions: entries and articles into the warehouse
history.py   → entries of a source's past, for backfills and for the repair of overruns
link.py      → topics and stories
publish.py   → the snapshot and the report
"""
