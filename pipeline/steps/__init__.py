"""collect, derive, link, publish: the only composer of the rooms. It knows nothing of Prefect or of the command line.

run.py          what the steps of one run share, open
collect.py      → refs: bytes into the archive
folders.py      → refs: the files of drop folders
work.py         what a worker process does with one ref
derive.py       → entries and articles, of documents and pages
polls.py        → entries and articles of feeds' answers, and the feeds' new states
follow.py       collect and derive, of what feeds' answers name further: an agency's items, its next page
land.py         → revisions: articles into the warehouse, each with its decision
held.py         → articles whose embargo has passed
history.py      → entries of a source's past, which its own dated listings name
overruns.py     the same, for what feeds had moved past
warc.py         → refs, entries and articles of a past that WARC files hold
retry.py        → entries and articles out of quarantine
reread.py       what is in the archive, read again
boilerplate.py  → texts without the lines that recur over a source's pages
link.py         → topics and stories
trace.py        → which version of an agency's story a copy runs
publish.py      → the snapshot and the report
check.py        each feed of a catalogue fetched once; what to correct
look.py         looks and small acts that are no run
"""
