"""What a desk has set otherwise than it is shipped: the newest row of a name is in force, and none is ever changed."""

import datetime as dt
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.deciding import Deciding, i_may, usable
from staffdesk.data.tables.local_settings import LocalSetting
from staffdesk.data.tables.staff import Staff
from staffdesk.data.tables.types import BigInt
from staffdesk.data.transaction import Append, Transaction
from staffdesk.domain.local_settings import CampaignFolder, CardRule, Changed, Deputy, SettingName

if TYPE_CHECKING:
    from staffdesk.domain.requests import FrontOfCard

_SETTING: Final = register.table(LocalSetting)
_STAFF: Final = register.table(Staff)
_NAMED: Final = _STAFF.alias("named")

_NEWEST: Final = (
    sa.select(_SETTING.c.value, _SETTING.c.set_at, _SETTING.c.reason, _STAFF.c.user_name)
    .join(_STAFF, _STAFF.c.id == _SETTING.c.set_by)
    .where(_SETTING.c.name == sa.bindparam("which"))
    .order_by(_SETTING.c.id.desc())
    .limit(1)
)
_ACCOUNT: Final = sa.select(_STAFF.c.user_name, usable(_STAFF).label("usable")).where(
    _STAFF.c.id == sa.bindparam("who")
)
_VALUES: Final = (
    sa.bindparam("which", type_=sa.String()),
    sa.bindparam("value", type_=sa.String()),
    sa.bindparam("now", type_=BigInt),
    sa.bindparam("me", type_=sa.String()),
    sa.bindparam("why", type_=sa.String()),
)
_COLUMNS: Final = ["name", "value", "set_at", "set_by", "reason"]
_SET: Final = sa.insert(_SETTING).from_select(_COLUMNS, sa.select(*_VALUES).where(i_may()))
_NAME_ACCOUNT: Final = sa.insert(_SETTING).from_select(
    _COLUMNS,
    sa.select(*_VALUES).where(
        i_may(),
        sa.exists(sa.select(sa.literal(1)).where(_NAMED.c.id == sa.bindparam("value"), usable(_NAMED))),
    ),
)


class LocalSettings:
    """Reads what is in force; every change asks inside its statement whether who makes it may still."""

    def __init__(self, tx: Transaction) -> None:
        """Read in ``tx``."""
        self._tx = tx

    def front_of_card(self) -> CardRule:
        """Return whether the front of the identity card is demanded, and who changed that last."""
        from staffdesk.domain.requests import FrontOfCard, rules  # noqa: PLC0415 - whoever signs in asks for a deputy alone

        changed = self._newest(SettingName.FRONT_OF_CARD)
        if changed is None or changed.value is None:
            return CardRule(rules().card.front, changed)
        return CardRule(FrontOfCard(changed.value), changed)

    def deputy(self, today: dt.date) -> Deputy | None:
        """Return who stands in for the officer, where somebody was named."""
        named = self._newest(SettingName.DEPUTY)
        if named is None or named.value is None:
            return None
        row = self._tx.row(_ACCOUNT, {"who": named.value, "today": today})
        return None if row is None else Deputy(named.value, row.user_name, bool(row.usable))

    def campaign_folder(self) -> CampaignFolder:
        """Return where the campaign service's files are written, and who changed that last."""
        changed = self._newest(SettingName.CAMPAIGN_FOLDER)
        return CampaignFolder(None if changed is None else changed.value, changed)

    def _newest(self, name: SettingName) -> Changed | None:
        row = self._tx.row(_NEWEST, {"which": name.value})
        return None if row is None else Changed(row.value, row.set_at, row.user_name, row.reason or "")


class SettingChanges:
    """Writes changes, each a row of its own; touches none for whose role or session is gone."""

    def __init__(self, tx: Append) -> None:
        """Write in ``tx``."""
        self._tx = tx

    def demand_card(self, value: "FrontOfCard", reason: str, by: Deciding) -> int:
        """Set whether the front of the card is demanded; return how many rows were written (1, or 0)."""
        return self._tx.write(_SET, _values(SettingName.FRONT_OF_CARD, value.value, reason, by))

    def name_deputy(self, staff_id: str | None, by: Deciding) -> int:
        """Name an account that may be used today, or nobody; return how many rows were written (1, or 0)."""
        statement = _SET if staff_id is None else _NAME_ACCOUNT
        return self._tx.write(statement, _values(SettingName.DEPUTY, staff_id, None, by))

    def name_campaign_folder(self, path: str | None, by: Deciding) -> int:
        """Name where the campaign service's files are written, or nowhere; return how many rows were written."""
        return self._tx.write(_SET, _values(SettingName.CAMPAIGN_FOLDER, path, None, by))


def _values(name: SettingName, value: str | None, reason: str | None, by: Deciding) -> dict[str, object]:
    row = LocalSetting.checked(
        {"name": name, "value": value, "set_at": by.now, "set_by": by.staff_id, "reason": reason}
    ).values()
    return {**by.parameters(), "which": row["name"], "value": row["value"], "why": row["reason"]}
