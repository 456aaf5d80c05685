"""Chains: the revisions of a wire's story that have an id each, and say which earlier ones they replace.

Links are a set: what is read off them is the same whatever order they came in, and also before the revisions that they
name have come.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pipeline.types import WireLink

_ALWAYS = datetime.min.replace(tzinfo=UTC)

Revision = tuple[str, str]  # source id, the agency's id


def chain_roots(links: Iterable[WireLink]) -> dict[Revision, str]:
    """The id under which the story of each linked revision goes: that of the revision which replaces none.

    Where several do, the smallest id; where all replace one another in a ring, the smallest of the ring.
    """
    parent: dict[Revision, Revision] = {}
    replacing: set[Revision] = set()
    for link in links:
        later, earlier = (link.source_id, link.wire_id), (link.source_id, link.replaces)
        replacing.add(later)
        parent[_top(parent, later)] = _top(parent, earlier)
    chains: dict[Revision, list[Revision]] = defaultdict(list)
    for revision in list(parent):
        chains[_top(parent, revision)].append(revision)
    return {
        revision: min([one for one in chain if one not in replacing] or chain)[1]
        for chain in chains.values()
        for revision in chain
    }


def _top(parent: dict[Revision, Revision], revision: Revision) -> Revision:
    parent.setdefault(revision, revision)
    while parent[revision] != revision:
        parent[revision] = parent[parent[revision]]
        revision = parent[revision]
    return revision


def chain_places(links: Iterable[WireLink], made_at: Mapping[str, datetime]) -> dict[str, int]:
    """The place of each revision in its chain: after all that it replaces, else by when it was made.

    `made_at` names the revisions of one source that are known. One that is only named by others takes its place too,
    for it may stand between two known ones.
    """
    before: dict[str, set[str]] = {revision: set() for revision in made_at}
    after: dict[str, set[str]] = defaultdict(set)
    for link in links:
        before.setdefault(link.replaces, set())
        before.setdefault(link.wire_id, set()).add(link.replaces)
        after[link.replaces].add(link.wire_id)

    waiting = {revision: len(earlier) for revision, earlier in before.items()}
    keys = {revision: (made_at.get(revision, _ALWAYS), revision) for revision in before}
    ready = [keys[revision] for revision, count in waiting.items() if not count]
    heapq.heapify(ready)
    placed: dict[str, int] = {}
    while len(placed) < len(before):
        # Where none is ready the rest is a ring, which is opened at what was made first.
        _, revision = heapq.heappop(ready) if ready else min(keys[one] for one in before if one not in placed)
        if revision in placed:
            continue
        placed[revision] = len(placed)
        for later in after[revision]:
            waiting[later] -= 1
            if not waiting[later]:
                heapq.heappush(ready, keys[later])
    return placed
