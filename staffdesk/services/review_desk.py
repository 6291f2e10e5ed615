"""The services of the log's review, over a home, a database and its door; each is read in when first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from staffdesk.data.database import Database
from staffdesk.domain.policy import matrix
from staffdesk.services.door import Door
from staffdesk.services.home import Home

if TYPE_CHECKING:
    from staffdesk.services.asked import Asked
    from staffdesk.services.breaches import Breaches
    from staffdesk.services.declaring import Declaring
    from staffdesk.services.pictures import Pictures
    from staffdesk.services.policy_evidence import PolicyEvidence
    from staffdesk.services.pruning import Pruning
    from staffdesk.services.review_filling import ReviewFilling
    from staffdesk.services.review_inbox import ReviewInbox
    from staffdesk.services.review_months import MonthReviews
    from staffdesk.services.reviews import Reviews
    from staffdesk.services.who_looked import LooksAtPeople


class ReviewDesk:
    """What admins, auditors and those who are asked about a look use, and what privacy tells of looks."""

    def __init__(self, home: Home, database: Database, door: Door) -> None:
        """Go through ``door`` of an opened database."""
        self._home = home
        self._database = database
        self._door = door

    @cached_property
    def reviews(self) -> Reviews:
        """The work-list of the review; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.reviews import Reviews  # noqa: PLC0415 - see the docstring

        return Reviews(self._door, matrix())

    @cached_property
    def inbox(self) -> ReviewInbox:
        """What employees are asked about; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.review_inbox import ReviewInbox  # noqa: PLC0415 - see the docstring

        return ReviewInbox(self._door)

    @cached_property
    def asked(self) -> Asked:
        """How much employees are asked about; read in when it is first asked for, as all here."""
        from staffdesk.services.asked import Asked  # noqa: PLC0415 - see the docstring

        return Asked(self._door)

    @cached_property
    def declaring(self) -> Declaring:
        """Whom employees are close to; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.declaring import Declaring  # noqa: PLC0415 - see the docstring

        return Declaring(self._door)

    @cached_property
    def looks(self) -> LooksAtPeople:
        """Who looked at a person, as he is told; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.who_looked import LooksAtPeople  # noqa: PLC0415 - see the docstring

        return LooksAtPeople(self._door, matrix())

    @cached_property
    def months(self) -> MonthReviews:
        """The months of the review; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.review_months import MonthReviews  # noqa: PLC0415 - see the docstring

        return MonthReviews(self._door, folder=self._home.exports)

    @cached_property
    def pictures(self) -> Pictures:
        """The pictures of a month of the log; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.pictures import Pictures  # noqa: PLC0415 - see the docstring

        return Pictures(self._door, matrix(), self._home.exports)

    @cached_property
    def breaches(self) -> Breaches:
        """The register of breaches; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.breaches import Breaches  # noqa: PLC0415 - see the docstring

        return Breaches(self._door, matrix())

    @cached_property
    def evidence(self) -> PolicyEvidence:
        """The policy with what proves it; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.policy_evidence import PolicyEvidence  # noqa: PLC0415 - see the docstring

        file = None if self._database.is_postgres else self._home.database_file
        return PolicyEvidence(self._door, matrix(), file)

    @cached_property
    def filling(self) -> ReviewFilling:
        """What fills the work-list; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.review_filling import ReviewFilling  # noqa: PLC0415 - see the docstring

        return ReviewFilling(self._door, self._database)

    @cached_property
    def pruning(self) -> Pruning:
        """What lets the log forget; read in when it is first asked for, since a desk seldom asks."""
        from staffdesk.services.pruning import Pruning  # noqa: PLC0415 - see the docstring

        return Pruning(self._door, self._database)
