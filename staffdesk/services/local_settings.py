"""What a desk sets otherwise than it is shipped: each change by the one role it belongs to, through the log."""

from __future__ import annotations

from dataclasses import replace

from staffdesk.data.credentials import Credentials
from staffdesk.data.deciding import Deciding
from staffdesk.data.local_settings import LocalSettings, SettingChanges
from staffdesk.data.log import Opened
from staffdesk.data.staff import Accounts
from staffdesk.data.transaction import Append
from staffdesk.domain.access import Access, Act, Role
from staffdesk.domain.accounts import AccountState, typed_user_name
from staffdesk.domain.errors import BadInput, Conflict, NotFound, SessionEnded
from staffdesk.domain.local_settings import CampaignFolder, CardRule, Deputy, SettingName
from staffdesk.domain.requests import FrontOfCard
from staffdesk.domain.written_reasons import written_reason
from staffdesk.services.campaign.folder import check
from staffdesk.services.clearance import Clearance, Wanted
from staffdesk.services.deputies import Watch, watch
from staffdesk.services.door import Door, Draft, Result
from staffdesk.services.sessions import Clock, day_in_brussels, utc_ms
from staffdesk.services.staff_deciding import one_row

_CARD, _DEPUTY = SettingName.FRONT_OF_CARD.value, SettingName.DEPUTY.value
_READ = "read"
_READ_WHY = frozenset({Role.PRIVACY, Role.APPROVER})


class DeskSettings:
    """Reads and changes settings; every method raises what :class:`staffdesk.services.door.Door` raises."""

    def __init__(self, door: Door, *, clock: Clock = utc_ms) -> None:
        """Write through ``door``; ``clock`` gives UTC milliseconds."""
        self._door = door
        self._clock = clock

    def card_rule(self, access: Access) -> CardRule:
        """Return whether the front of the identity card is demanded; who changed it and why is told to the officer."""

        def read(tx: Append, cleared: Clearance) -> tuple[CardRule, Result]:
            rule = LocalSettings(tx).front_of_card()
            if rule.changed is not None and cleared.role not in _READ_WHY:
                rule = replace(rule, changed=replace(rule.changed, by="", reason=""))
            return rule, Result(act=Act.REQUEST_LISTED, kinds=(_CARD,))

        draft = Draft(wanted=Wanted(act=Act.REQUEST_LISTED), kinds=(_CARD,))
        return self._door.act(access, draft, read, intent=False)

    def demand_card(self, access: Access, value: FrontOfCard, reason: str) -> CardRule:
        """Say whether the front of the card is demanded from now on, and why; privacy alone does.

        Raises :class:`BadInput` for a reason that tells nobody why, :class:`MustNotBeHeld`, :class:`Conflict` where it
        is so already.
        """
        why = written_reason(reason)
        kinds = (_CARD, value.value)

        def write(tx: Append, cleared: Clearance) -> tuple[CardRule, Result]:
            by = self._deciding(tx, cleared)
            if LocalSettings(tx).front_of_card().value is value:
                raise Conflict("It is so already.", "staffdesk requests card says since when.")
            one_row(SettingChanges(tx).demand_card(value, why, by))
            openings = (Opened("reason.rule", why),)
            return LocalSettings(tx).front_of_card(), Result(act=Act.REQUEST_RULE, kinds=kinds, n=1, openings=openings)

        return self._door.act(access, Draft(wanted=Wanted(act=Act.REQUEST_RULE), kinds=kinds), write)

    def watch(self, access: Access) -> Watch:
        """Return whether an officer is there, and who stands in where none is; for who may list accounts."""

        def read(tx: Append, _cleared: Clearance) -> tuple[Watch, Result]:
            return watch(tx, self._clock()), Result(act=Act.STAFF_LISTED, kinds=(_DEPUTY,))

        draft = Draft(wanted=Wanted(act=Act.STAFF_LISTED), kinds=(_DEPUTY,))
        return self._door.act(access, draft, read, intent=False)

    def name_deputy(self, access: Access, user_name: str | None) -> Deputy | None:
        """Name who is told of due dates while no officer is there, or nobody; an admin does.

        Raises :class:`NotFound` for no such account, :class:`BadInput` for one that is not in use or is an officer's,
        :class:`Conflict` where it is so already.
        """
        kinds = (_DEPUTY, "nobody" if user_name is None else "named")

        def write(tx: Append, cleared: Clearance) -> tuple[Deputy | None, Result]:
            by = self._deciding(tx, cleared)
            staff_id = None if user_name is None else _account(tx, user_name, by)
            before = LocalSettings(tx).deputy(by.today)
            if staff_id == (None if before is None else before.staff_id):
                raise Conflict("It is so already.", "staffdesk staff deputy says who it is.")
            one_row(SettingChanges(tx).name_deputy(staff_id, by))
            named = () if staff_id is None else (staff_id,)
            return LocalSettings(tx).deputy(by.today), Result(act=Act.STAFF_DEPUTY, obj=named, kinds=kinds, n=1)

        return self._door.act(access, Draft(wanted=Wanted(act=Act.STAFF_DEPUTY), kinds=kinds), write)

    def campaign_folder(self, access: Access) -> CampaignFolder:
        """Return where the campaign service's files are written, and who said so last; for who may name it."""

        def read(tx: Append, _cleared: Clearance) -> tuple[CampaignFolder, Result]:
            return LocalSettings(tx).campaign_folder(), Result(act=Act.CAMPAIGN_FOLDER, kinds=(_READ,))

        draft = Draft(wanted=Wanted(act=Act.CAMPAIGN_FOLDER), kinds=(_READ,))
        return self._door.act(access, draft, read, intent=False)

    def name_campaign_folder(self, access: Access, path: str | None) -> CampaignFolder:
        """Name the folder that the campaign service's files are written to, or none; an admin does.

        Raises :class:`BadInput` for a folder that no files may be written to, :class:`Conflict` where it is so already.
        """
        folder = None if path is None else str(check(path))
        kinds = ("nowhere" if folder is None else "named",)

        def write(tx: Append, cleared: Clearance) -> tuple[CampaignFolder, Result]:
            by = self._deciding(tx, cleared)
            if LocalSettings(tx).campaign_folder().path == folder:
                raise Conflict("It is so already.", "staffdesk campaign folder says which it is.")
            one_row(SettingChanges(tx).name_campaign_folder(folder, by))
            return LocalSettings(tx).campaign_folder(), Result(act=Act.CAMPAIGN_FOLDER, kinds=kinds, n=1)

        return self._door.act(access, Draft(wanted=Wanted(act=Act.CAMPAIGN_FOLDER), kinds=kinds), write)

    def _deciding(self, tx: Append, cleared: Clearance) -> Deciding:
        """Take the transaction's place in the log's queue, so that what is read from here on stays true."""
        if cleared.actor is None or cleared.role is None:
            raise SessionEnded("You are not signed in.", "Sign in again.")
        Credentials(tx).queue()
        now = self._clock()
        return Deciding(cleared.actor.staff_id, cleared.actor.sid, cleared.role, now, day_in_brussels(now))


def _account(tx: Append, user_name: str, by: Deciding) -> str:
    account = Accounts(tx).of_name(typed_user_name(user_name), by.today)
    if account is None:
        raise NotFound("There is no such account.", "staffdesk staff list shows them.")
    if account.state != AccountState.IN_FORCE:
        raise BadInput(f"The account {account.user_name} is not in use.", "Name somebody who signs in.")
    if Role.PRIVACY in account.roles:
        raise BadInput(f"{account.user_name} is an officer, who is told anyway.", "Name somebody else.")
    return account.id
