"""The services of a call, over a home, a database and its door; each is read in when first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import sessions
from staffdesk.services.review_desk import ReviewDesk

if TYPE_CHECKING:
    from staffdesk.services.break_glass import BreakGlass
    from staffdesk.services.cases import Cases
    from staffdesk.services.gateway import Gateway
    from staffdesk.services.listings import Listings
    from staffdesk.services.new_customers import NewCustomers
    from staffdesk.services.organisations import Organisations
    from staffdesk.services.products import Catalogue
    from staffdesk.services.repairs import Repairs


class CustomerDesk(ReviewDesk):
    """What those use who talk to customers.

    Whoever signs in waits for what is read in before: these are read in behind the first screens.
    """

    @cached_property
    def gateway(self) -> Gateway:
        """The search and the records; read in when it is first asked for."""
        from staffdesk.services.gateway import Gateway  # noqa: PLC0415 - see the class

        return Gateway(self._door, matrix(), sessions())

    @cached_property
    def break_glass(self) -> BreakGlass:
        """What opens a record the role may not see; read in when it is first asked for."""
        from staffdesk.services.break_glass import BreakGlass  # noqa: PLC0415 - see the class

        return BreakGlass(self._door, matrix())

    @cached_property
    def listings(self) -> Listings:
        """The lists of a record; read in when it is first asked for."""
        from staffdesk.services.listings import Listings  # noqa: PLC0415 - see the class

        return Listings(self._door, matrix())

    @cached_property
    def organisations(self) -> Organisations:
        """The page of a company; read in when it is first asked for."""
        from staffdesk.services.organisations import Organisations  # noqa: PLC0415 - see the class

        return Organisations(self._door, matrix())

    @cached_property
    def cases(self) -> Cases:
        """Cases of calls; read in when it is first asked for."""
        from staffdesk.services.cases import Cases  # noqa: PLC0415 - see the class

        return Cases(self._door, matrix())

    @cached_property
    def catalogue(self) -> Catalogue:
        """The products there are; read in when it is first asked for."""
        from staffdesk.services.products import Catalogue  # noqa: PLC0415 - see the class

        return Catalogue(self._door)

    @cached_property
    def new_customers(self) -> NewCustomers:
        """What takes in a new person or company; read in when it is first asked for."""
        from staffdesk.services.new_customers import NewCustomers  # noqa: PLC0415 - see the class

        return NewCustomers(self._door, matrix())

    @cached_property
    def repairs(self) -> Repairs:
        """What sets right what was typed wrong; read in when it is first asked for."""
        from staffdesk.services.repairs import Repairs  # noqa: PLC0415 - see the class

        return Repairs(self._door, matrix())

    def warm(self) -> None:
        """Read in what a call goes on to, while nobody waits: the search, the lists of a record, cases, what screens.

        Raises Misconfigured where a rule cannot be read.
        """
        import staffdesk.data.declared  # noqa: F401, PLC0415 - asked with a record, and see the class
        from staffdesk.domain.screening import warm  # noqa: PLC0415 - see the class

        warm()  # first: a look that comes meanwhile would do it within its deadline
        for _ in (self.gateway, self.listings, self.cases, self.catalogue, self.new_customers):
            continue
