"""The pictures of a month of the log, for whoever reviews it; looking at them is an entry, as reading the log is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staffdesk.data.actors import Actors
from staffdesk.data.deadline import Deadline
from staffdesk.data.pictures import AccessCounts, oldest, roles_held
from staffdesk.data.review_months import ReviewMonths
from staffdesk.data.reviews import Reviews
from staffdesk.data.ticket import Ticket
from staffdesk.data.transaction import Read
from staffdesk.domain.access import Access, Act
from staffdesk.domain.errors import StorageUnavailable
from staffdesk.domain.flags import rules as flag_rules
from staffdesk.domain.pictures import MonthFigures, RuleCount
from staffdesk.domain.pictures.figures import employees_of, hour_map, opened_of, standings_of, teams_of
from staffdesk.domain.pictures.months import moments_of, month_at
from staffdesk.domain.pictures.page import report, stem_of
from staffdesk.domain.policy import AccessMatrix
from staffdesk.domain.review_certificates import digest_of, from_json
from staffdesk.domain.reviews import UNDECIDED, ItemKind, ItemState, check_month
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.door import Door, Draft
from staffdesk.services.new_files import write_together
from staffdesk.services.reviewing import title_of
from staffdesk.services.sessions import Clock, shown_time, utc_ms

_SECONDS: Final = 30.0
"""How long the counting may take: it holds up nobody's entry."""

_KIND: Final = "pictures"


@dataclass(frozen=True, slots=True)
class Report:
    """The files of a monthly report, the page last, and whether the month was closed."""

    files: tuple[Path, ...]
    certified: bool

    @property
    def page(self) -> Path:
        """The page that holds all of it."""
        return self.files[-1]


class Pictures:
    """A month's figures, for admin and auditor; raises what the door raises."""

    def __init__(self, door: Door, matrix: AccessMatrix, reports: Path, clock: Clock = utc_ms) -> None:
        """Read through ``door``; ``matrix`` says to which role a purpose belongs, ``reports`` is the home's folder."""
        self._door = door
        self._matrix = matrix
        self._reports = reports
        self._clock = clock

    def month(self, access: Access, month: str | None = None) -> MonthFigures:
        """Return a month's figures, this month's unless said; raises :class:`BadInput` for what is no month."""
        which = check_month(month) if month is not None else month_at(self._clock(), flag_rules().time_zone)
        draft = Draft(wanted=Wanted(act=Act.AUDIT_LISTED), kinds=(_KIND, f"month:{which}"))

        def read(tx: Read, _cleared: Clearance, _ticket: Ticket) -> MonthFigures:
            return self._figures(tx, which)

        return self._door.look(access, draft, read, longer=Deadline(_SECONDS))

    def report(self, access: Access, month: str, folder: Path | None = None) -> Report:
        """Write a month's report as new 0600 files into ``folder``, else into the home's; logged as an export.

        Where a report of the month is there already, which stays as it is, the names of the new one get a number.
        Raises :class:`BadInput` for what is no month, :class:`StorageUnavailable` where they cannot all be written, and
        then leaves none behind.
        """
        check_month(month)
        into = self._reports if folder is None else _meant(folder)
        draft = Draft(wanted=Wanted(act=Act.AUDIT_EXPORTED), kinds=("report", f"month:{month}"))

        def read(tx: Read, _cleared: Clearance, _ticket: Ticket) -> tuple[MonthFigures, str | None]:
            row = ReviewMonths(tx).one(month)
            return self._figures(tx, month), None if row is None else row.certificate

        figures, kept = self._door.look(access, draft, read, longer=Deadline(_SECONDS))
        files = report(
            figures,
            None if kept is None else from_json(kept),
            "" if kept is None else digest_of(kept),
            shown_time(self._clock()),
        )
        stem = stem_of(month)
        written = write_together(into, stem, {name.removeprefix(stem): content for name, content in files.items()})
        return Report(written, certified=kept is not None)

    def _figures(self, tx: Read, month: str) -> MonthFigures:
        rules = flag_rules()
        zone, least, now = rules.time_zone, rules.least_team, self._clock()
        accesses = AccessCounts(tx, *moments_of(month, zone))
        counted, names, first = accesses.by_sort(), Actors(tx).user_names(), oldest(tx)
        row = ReviewMonths(tx).one(month)
        return MonthFigures(
            month=month,
            zone=zone,
            first=month_at(now if first is None else first, zone),
            last=month_at(now, zone),
            hours=hour_map(month, accesses.by_quarter(), zone),
            opened=opened_of(counted),
            standings=standings_of(counted),
            employees=employees_of(counted, names),
            teams=teams_of(counted, names, roles_held(tx), self._matrix, least),
            least=least,
            rules=_rules(Reviews(tx).of_month(month)),
            technical_pruned_at=None if row is None else row.technical_pruned_at,
            pruned_at=None if row is None else row.pruned_at,
        )


def _meant(folder: Path) -> Path:
    """Return where a folder that was named lies: a link to it is meant, while in the home none is followed."""
    try:
        return folder.resolve()
    except RuntimeError as error:
        raise StorageUnavailable("The link to the folder leads back to itself.", "Choose another folder.") from error


def _rules(items: Collection[tuple[ItemKind, str, ItemState, bool, int]]) -> tuple[RuleCount, ...]:
    """Return the items of a month by rule, the most first."""
    decided: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for kind, rule, state, _, many in items:
        titles[rule] = title_of(kind, rule)
        (waiting if state in UNDECIDED else decided)[rule] += many
    found = (RuleCount(rule, title, decided[rule], waiting[rule]) for rule, title in titles.items())
    return tuple(sorted(found, key=lambda each: (-each.decided - each.open, each.title)))
