"""Which version of an article stands: a fold over its versions that does not ask in which order they came.

IPTC pubstatus (NewsML-G2 8.5): `canceled` is for good, `withheld` until the agency says usable again. Where each
revision of a story has an id of its own, it is the revision that is canceled: one that was made later, under another
id, stands. A page's version that is emptier than what stands never replaces it; it is kept as what it is.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.articles.chains import chain_places
from pipeline.types import Revision, Status, VersionState, WireLink

STUBS = frozenset({"paywall", "error", "consent", "index"})
WORSE_BELOW = 0.5  # of the words that stand


def decide_revisions(
    versions: Sequence[VersionState], article_id: str, links: Collection[WireLink] = ()
) -> list[Revision]:
    """The decision on each version, in the order of the versions; the same for every order of `versions`.

    A version may be named more than once, as it was seen. `links` are those of its chain, where it is of one.
    """
    ordered = _without_fallen_titles(_in_order(_once_each(versions), links))
    fold = _Fold(article_id)
    for version in ordered:
        fold.take(version)
    decided = _superseded(fold.revisions, ordered)
    current = fold.standing
    return [replace(r, is_current=current is not None and r.version_id == current.version_id) for r in decided]


def _once_each(versions: Sequence[VersionState]) -> list[VersionState]:
    """Each version as captured first, with the last time that the wire sent it as it is."""
    seen: dict[str, VersionState] = {}
    for version in sorted(versions, key=lambda v: (v.captured_at, v.version_id)):
        first = seen.setdefault(version.version_id, version)
        seen[version.version_id] = replace(first, last_made_at=max(_last_made_at(first), _last_made_at(version)))
    return list(seen.values())


def _without_fallen_titles(ordered: Sequence[VersionState]) -> list[VersionState]:
    """The versions, those before the last recall without their titles: a recall takes these from what is on record, and
    no decision may depend on whether it has done so already.
    """
    recalls = [place for place, version in enumerate(ordered) if version.status in (Status.CANCELED, Status.WITHHELD)]
    fallen = recalls[-1] if recalls else 0
    return [replace(version, title=None) if place < fallen else version for place, version in enumerate(ordered)]


def _last_made_at(version: VersionState) -> datetime:
    return max(version.last_made_at or version.made_at, version.made_at)


def _in_order(versions: Sequence[VersionState], links: Collection[WireLink]) -> list[VersionState]:
    """By the links of the chain; within a revision by the agency's numbers where all have one, else by when the version
    was made or, unknown, first captured.

    What was withheld and sent again as it was, under the same number, is the same version: there the last time counts.
    """
    revisions: dict[str | None, list[VersionState]] = {}
    for version in versions:
        revisions.setdefault(version.revision_id, []).append(version)
    made_at = {name: min(v.made_at for v in of_it) for name, of_it in revisions.items() if name is not None}
    places = chain_places(links, made_at) if links else {}
    ordered = sorted(revisions.items(), key=lambda one: (places.get(one[0] or "", -1), one[0] or ""))
    return [version for _, of_it in ordered for version in _in_order_of_revision(of_it)]


def _in_order_of_revision(versions: Sequence[VersionState]) -> list[VersionState]:
    is_numbered = all(version.wire_version is not None for version in versions)

    def number(version: VersionState) -> int:
        return (version.wire_version or 0) if is_numbered else 0

    withheld = {number(version) for version in versions if version.status is Status.WITHHELD}

    def place(version: VersionState) -> tuple[int, datetime, datetime, str]:
        made = _last_made_at(version) if number(version) in withheld else version.made_at
        return number(version), made, version.captured_at, version.version_id

    return sorted(versions, key=place)


@dataclass(slots=True)
class _Fold:
    article_id: str
    standing: VersionState | None = None
    last: VersionState | None = None  # that stood, recalled or not
    canceled: dict[str | None, datetime] = field(default_factory=dict)  # when, by revision
    revisions: list[Revision] = field(default_factory=list)

    def take(self, version: VersionState) -> None:
        decision, reason = self._decide(version)
        if decision == "recalled":
            self.standing = None
            if version.status is Status.CANCELED:
                self.canceled[version.revision_id] = version.made_at
        elif decision != "refused":
            self.standing = self.last = version
        number = len(self.revisions) + 1
        self.revisions.append(Revision(version.version_id, self.article_id, number, decision, reason, is_current=False))

    def _decide(self, version: VersionState) -> tuple[str, str | None]:
        if version.status is Status.EMBARGOED:
            return "refused", "embargoed"
        if version.status is not Status.USABLE:
            return "recalled", version.note or version.status.value
        if self._is_canceled(version):
            return "refused", "the article was canceled"
        if self.last is None:
            return "new", None
        if self.standing is None:
            is_emptied = self.last.word_count > 0 and version.word_count == 0
            return ("refused", "empty") if is_emptied else ("changed", "usable again")
        if worse := _worse(version, self.standing):
            return "refused", worse
        return "changed", _difference(version, self.standing)

    def _is_canceled(self, version: VersionState) -> bool:
        """Whether the version is of a canceled revision, or of one that was made before another was canceled."""
        return version.revision_id in self.canceled or any(version.made_at <= at for at in self.canceled.values())


def _worse(version: VersionState, standing: VersionState) -> str | None:
    """Why a version is worse than the one that stands; a shorter one is not where the agency says that it is later."""
    if not version.word_count and standing.word_count:
        return "empty"
    if version.page_kind in STUBS and standing.page_kind not in STUBS:
        return f"{version.page_kind} after {standing.page_kind}"
    if not _is_said_later(version, standing) and version.word_count < WORSE_BELOW * standing.word_count:
        return f"{version.word_count} words after {standing.word_count}"
    return None


def _is_said_later(version: VersionState, standing: VersionState) -> bool:
    """Whether the agency says so: it is a later revision of the chain, or has a higher number."""
    if version.revision_id != standing.revision_id:
        return True
    numbers = (standing.wire_version, version.wire_version)
    return numbers[0] is not None and numbers[1] is not None and numbers[0] < numbers[1]


def _difference(version: VersionState, standing: VersionState) -> str:
    if version.title != standing.title:
        return "title"
    if version.word_count != standing.word_count:
        return f"{version.word_count} words after {standing.word_count}"
    return "text"


def _superseded(revisions: Sequence[Revision], ordered: Sequence[VersionState]) -> list[Revision]:
    """What came after a later version had stood never stood itself; the first that did is the new one."""
    decided: list[Revision] = []
    for place, (revision, version) in enumerate(zip(revisions, ordered, strict=True)):
        later = zip(revisions[place + 1 :], ordered[place + 1 :], strict=True)
        is_late = any(r.decision != "refused" and v.captured_at < version.captured_at for r, v in later)
        if is_late and revision.decision != "refused":
            revision = replace(revision, decision="superseded", reason="came after a later version")
        decided.append(revision)
    if any(revision.decision == "new" for revision in decided):
        return decided
    first = next((i for i, revision in enumerate(decided) if revision.decision == "changed"), None)
    return [replace(r, decision="new", reason=None) if i == first else r for i, r in enumerate(decided)]
