"""The composition root: from a home to the services a front end uses."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from staffdesk.data.database import Database
from staffdesk.domain.policy import matrix
from staffdesk.parameters.shapes import policy, sessions
from staffdesk.services.customer_desk import CustomerDesk
from staffdesk.services.door import Door
from staffdesk.services.home import Home, read_seal_key
from staffdesk.services.log_state import LogLength
from staffdesk.services.sealing import Sealer
from staffdesk.services.settings import read_settings
from staffdesk.services.sign_in import SignIn

if TYPE_CHECKING:
    from pathlib import Path

    from staffdesk.services.accuracy import Accuracy
    from staffdesk.services.audit_review import AuditReview
    from staffdesk.services.backups import Backups
    from staffdesk.services.bounces import ReturnedMails
    from staffdesk.services.campaign.service import Campaign
    from staffdesk.services.case_mails import CaseMails
    from staffdesk.services.claim_holds import ClaimHolds
    from staffdesk.services.corrections import Corrections
    from staffdesk.services.due import Due
    from staffdesk.services.duplicates import Duplicates
    from staffdesk.services.erasure.erasures import Erasures
    from staffdesk.services.import_runs import RunsOfImports
    from staffdesk.services.imports import Imports
    from staffdesk.services.intake.service import Intake
    from staffdesk.services.licence_requests import LicenceDesk
    from staffdesk.services.local_settings import DeskSettings
    from staffdesk.services.marketing import Marketing
    from staffdesk.services.merging import Merging
    from staffdesk.services.notices import Notices
    from staffdesk.services.request_letters import Delivery
    from staffdesk.services.request_packages import RequestPackages
    from staffdesk.services.request_pages import RequestPages
    from staffdesk.services.request_plans import RequestPlans
    from staffdesk.services.requests import Requests
    from staffdesk.services.reveals import StaffReveals
    from staffdesk.services.searches import Searches
    from staffdesk.services.staff_accounts import StaffAccounts
    from staffdesk.services.support_logs.service import SupportLogs
    from staffdesk.services.twin_pairs import Pairs
    from staffdesk.services.workflow import Workflow


class Desk(CustomerDesk):
    """All services over one database; close it when the process ends, so that its last entries are sealed."""

    def __init__(self, home: Home, database: Database) -> None:
        """Put the services together over an opened database."""
        rules, access, version = sessions(), matrix(), policy().version
        self.sealer = Sealer(database, read_seal_key(home), home.checkpoints, rules.log)
        door = Door(database, access, version, deadline_seconds=rules.log.deadline_seconds, after=self.sealer.after)
        super().__init__(home, database, door)
        self.log_length = LogLength(door, self.sealer)
        self.sign_in = SignIn(door, database, after=self.sealer.after, seal=self.sealer.seal_quietly)

    @property
    def letters_folder(self) -> Path:
        """The folder of the letters that are to be sent by hand."""
        return self._home.letters

    @cached_property
    def imports(self) -> Imports:
        """What takes a store's exports in; read in when it is first asked for, since a terminal never asks."""
        from staffdesk.services.imports import Imports  # noqa: PLC0415 - see the docstring

        self._database.keep_less_at_hand()
        return Imports(self._door, lambda: self.erasures.ledger)

    @cached_property
    def requests(self) -> Requests:
        """Requests of customers; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.requests import Requests  # noqa: PLC0415 - see the docstring

        return Requests(self._door, policy().version)

    @cached_property
    def request_pages(self) -> RequestPages:
        """What a request's page shows; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.request_pages import RequestPages  # noqa: PLC0415 - see the docstring

        return RequestPages(self._door, matrix())

    @cached_property
    def marketing(self) -> Marketing:
        """What stops marketing; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.marketing import Marketing  # noqa: PLC0415 - see the docstring

        return Marketing(self._door, self.requests, lambda: self.erasures.ledger)

    @cached_property
    def staff(self) -> StaffAccounts:
        """Accounts of employees; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.staff_accounts import StaffAccounts  # noqa: PLC0415 - see the docstring

        return StaffAccounts(self._door, self._database)

    @cached_property
    def settings(self) -> DeskSettings:
        """What this desk does otherwise than shipped; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.local_settings import DeskSettings  # noqa: PLC0415 - see the docstring

        return DeskSettings(self._door)

    @cached_property
    def audit(self) -> AuditReview:
        """The log, to be read; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.audit_review import AuditReview  # noqa: PLC0415 - see the docstring
        from staffdesk.services.verification import log_of, read_verifier_key  # noqa: PLC0415 - see the docstring

        home, key = self._home, read_verifier_key(self._home)
        return AuditReview(self._door, matrix(), self.sealer, log_of(home), home.checkpoints, key, home.exports)

    @cached_property
    def import_runs(self) -> RunsOfImports:
        """What imports there were, and what undoes one; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.import_runs import RunsOfImports  # noqa: PLC0415 - see :attr:`imports`

        return RunsOfImports(self._door)

    @cached_property
    def intake(self) -> Intake:
        """What takes in requests that come by mail; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.intake.service import Intake  # noqa: PLC0415 - see the docstring

        return Intake(self._door, self.gateway, self.requests, self.marketing)

    @cached_property
    def accuracy(self) -> Accuracy:
        """What is to be set right at the next contact; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.accuracy import Accuracy  # noqa: PLC0415 - see the docstring

        return Accuracy(self._door, matrix())

    @cached_property
    def bounces(self) -> ReturnedMails:
        """What takes in mails that came back; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.bounces import ReturnedMails  # noqa: PLC0415 - see the docstring

        return ReturnedMails(self._door)

    @cached_property
    def case_mails(self) -> CaseMails:
        """What attaches mails to cases; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.case_mails import CaseMails  # noqa: PLC0415 - see the docstring

        return CaseMails(self._door)

    @cached_property
    def licence_requests(self) -> LicenceDesk:
        """What customers ask of their licences; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.licence_requests import LicenceDesk  # noqa: PLC0415 - see the docstring

        return LicenceDesk(self._door)

    @cached_property
    def support_logs(self) -> SupportLogs:
        """Customers' support logs; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.support_logs.log_spool import LogSpool  # noqa: PLC0415 - see the docstring
        from staffdesk.services.support_logs.service import SupportLogs  # noqa: PLC0415 - see the docstring

        return SupportLogs(self._door, LogSpool(self._home.log_spool))

    @cached_property
    def backups(self) -> Backups:
        """What makes backups; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.backups import Backups  # noqa: PLC0415 - see the docstring

        return Backups(self._door, self._home, self.sealer)

    @cached_property
    def answers(self) -> RequestPackages:
        """What answers requests; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.packages import Packages  # noqa: PLC0415 - see the docstring
        from staffdesk.services.request_packages import RequestPackages  # noqa: PLC0415 - see the docstring
        from staffdesk.services.support_logs.log_spool import LogSpool  # noqa: PLC0415 - see the docstring

        return RequestPackages(self._door, Packages(self._home), LogSpool(self._home.log_spool))

    @cached_property
    def notices(self) -> Notices:
        """What recipients outside the house are told; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.notices import Notices  # noqa: PLC0415 - see the docstring

        return Notices(self._door, self.workflow, self._delivery)

    @cached_property
    def _delivery(self) -> Delivery:
        from staffdesk.services.post import Post  # noqa: PLC0415 - needed by few
        from staffdesk.services.request_letters import Delivery  # noqa: PLC0415 - needed by few

        return Delivery(Post(read_settings(self._home).smtp), self._home.letters, paper=True)

    @cached_property
    def workflow(self) -> Workflow:
        """What moves requests on; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.confirming import Confirming  # noqa: PLC0415 - see the docstring
        from staffdesk.services.workflow import Workflow  # noqa: PLC0415 - see the docstring

        confirming, version = Confirming(self.sign_in.confirm), policy().version
        return Workflow(self._door, version, self._delivery, self.answers, lambda: self.erasures.ledger, confirming)

    @cached_property
    def searches(self) -> Searches:
        """What was searched for requests; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.searches import Searches  # noqa: PLC0415 - see the docstring

        return Searches(self._door, moving=lambda: self.workflow.moving)

    @cached_property
    def duplicates(self) -> Duplicates:
        """Who may be the same person as who asks; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.duplicates import Duplicates  # noqa: PLC0415 - see the docstring

        return Duplicates(self._door)

    @cached_property
    def merging(self) -> Merging:
        """The same person twice; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.merging import Merging  # noqa: PLC0415 - see the docstring

        return Merging(self._door, matrix())

    @cached_property
    def pairs(self) -> Pairs:
        """Pairs over everybody on file; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.twin_pairs import Pairs  # noqa: PLC0415 - see the docstring

        return Pairs(self._door, matrix())

    @cached_property
    def campaign(self) -> Campaign:
        """Who gets product news, what its service is told; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.campaign.service import Campaign  # noqa: PLC0415 - see the docstring

        return Campaign(self._door, matrix(), lambda: self.workflow)

    @cached_property
    def reveals(self) -> StaffReveals:
        """Employees a package is to name; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.reveals import StaffReveals  # noqa: PLC0415 - see the docstring

        return StaffReveals(self._door)

    @cached_property
    def corrections(self) -> Corrections:
        """What is to be corrected under a request; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.corrections import Corrections  # noqa: PLC0415 - see the docstring

        return Corrections(self._door)

    @cached_property
    def claim_holds(self) -> ClaimHolds:
        """What is held for a named claim; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.claim_holds import ClaimHolds  # noqa: PLC0415 - see the docstring

        return ClaimHolds(self._door)

    @cached_property
    def plans(self) -> RequestPlans:
        """Plans and certificates of erasures; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.request_plans import RequestPlans  # noqa: PLC0415 - see the docstring

        return RequestPlans(self._door, matrix())

    @cached_property
    def due(self) -> Due:
        """What falls due by itself; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.due import Due  # noqa: PLC0415 - see the docstring
        from staffdesk.services.owed_letters import OwedLetters  # noqa: PLC0415 - see the docstring
        from staffdesk.services.packages import Packages  # noqa: PLC0415 - see the docstring
        from staffdesk.services.support_logs.expiry import LogExpiry  # noqa: PLC0415 - see the docstring
        from staffdesk.services.support_logs.log_spool import LogSpool  # noqa: PLC0415 - see the docstring

        owed = OwedLetters(self._door, self._delivery)
        packages, letters = Packages(self._home), self._home.letters
        logs = LogExpiry(self._door, self._database, LogSpool(self._home.log_spool))
        return Due(self._door, self._database, self.erasures, packages, letters, owed, self.filling, self.pruning, logs)

    @cached_property
    def erasures(self) -> Erasures:
        """What follows erasures; read in when it is first asked for, as :attr:`imports`."""
        from staffdesk.services.erasure.erasures import Erasures  # noqa: PLC0415 - see the docstring

        return Erasures(self._home, self._database, policy().version)

    def close(self) -> None:
        """Seal what this process appended and let go of the database."""
        self.sealer.close()
        self._database.close()
