"""Which version of an article stands: a fold over its versions that does not ask in which order they came.

IPTC pubstatus (NewsML-G2 8.5): `canceled` is for good, `withheld` until the agency says usable again. A page's version
that is emptier than what stands never replaces it; it is kept as what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.types import Revision, Status, VersionState

STUBS = frozenset({"paywall", "error", "consent", "index"})
WORSE_BELOW = 0.5  # of the words that stand


def decide_revisions(versions: Sequence[VersionState], article_id: str) -> list[Revision]:
    """The decision on each version, in the order of the versions; the same for every order of `versions`."""
    ordered = _in_order(versions)
    fold = _Fold(article_id)
    for version in ordered:
        fold.take(version)
    decided = _superseded(fold.revisions, ordered)
    current = fold.standing
    return [replace(r, is_current=current is not None and r.version_id == current.version_id) for r in decided]


def _in_order(versions: Sequence[VersionState]) -> list[VersionState]:
    """By the agency's numbers where all have one, else by when the version was made or, unknown, first captured."""
    first: dict[str, VersionState] = {}
    for version in sorted(versions, key=lambda v: (v.captured_at, v.version_id)):
        first.setdefault(version.version_id, version)
    is_numbered = all(version.wire_version is not None for version in first.values())

    def place(version: VersionState) -> tuple[int, datetime, datetime, str]:
        made = version.captured_at if is_numbered else version.version_at or version.captured_at
        return (version.wire_version or 0) if is_numbered else 0, made, version.captured_at, version.version_id

    return sorted(first.values(), key=place)


@dataclass(slots=True)
class _Fold:
    article_id: str
    standing: VersionState | None = None
    last: VersionState | None = None  # that stood, recalled or not
    is_canceled: bool = False
    revisions: list[Revision] = field(default_factory=list)

    def take(self, version: VersionState) -> None:
        decision, reason = self._decide(version)
        if decision == "recalled":
            self.standing = None
            self.is_canceled = self.is_canceled or version.status is Status.CANCELED
        elif decision != "refused":
            self.standing = self.last = version
        number = len(self.revisions) + 1
        self.revisions.append(Revision(version.version_id, self.article_id, number, decision, reason, is_current=False))

    def _decide(self, version: VersionState) -> tuple[str, str | None]:
        if version.status is Status.EMBARGOED:
            return "refused", "embargoed"
        if version.status is not Status.USABLE:
            return "recalled", version.note or version.status.value
        if self.is_canceled:
            return "refused", "the article was canceled"
        if self.last is None:
            return "new", None
        if self.standing is None:
            is_emptied = self.last.word_count > 0 and version.word_count == 0
            return ("refused", "empty") if is_emptied else ("changed", "usable again")
        if worse := _worse(version, self.standing):
            return "refused", worse
        return "changed", _difference(version, self.standing)


def _worse(version: VersionState, standing: VersionState) -> str | None:
    """Why a version is worse than the one that stands; a shorter one is not where the agency numbered it later."""
    if not version.word_count and standing.word_count:
        return "empty"
    if version.page_kind in STUBS and standing.page_kind not in STUBS:
        return f"{version.page_kind} after {standing.page_kind}"
    is_numbered_later = (
        version.wire_version is not None
        and standing.wire_version is not None
        and version.wire_version > standing.wire_version
    )
    if not is_numbered_later and version.word_count < WORSE_BELOW * standing.word_count:
        return f"{version.word_count} words after {standing.word_count}"
    return None


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
