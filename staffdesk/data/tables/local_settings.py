"""What a desk has set otherwise than it is shipped; a row is never changed, the newest of a name is in force."""

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal, personal
from staffdesk.data.tables.types import BigInt, Line, Remark, one_of
from staffdesk.domain.classes import PrivacyClass, Whose
from staffdesk.domain.local_settings import SettingName


class LocalSetting(Record, table=True):
    """One change of a setting: by whom, when and why; without a ``value`` what is shipped is in force again."""

    __tablename__ = "local_setting"
    __table_args__ = (
        one_of("name", SettingName),
        sa.Index("local_setting_of_name", "name", "id"),
        {"info": {"keep": "policy"}},
    )

    id: int | None = not_personal("Setting", default=None, key=True, sa_type=BigInt)
    name: SettingName = not_personal("Name", sa_type=sa.String)
    value: Line | None = not_personal("Value", default=None)
    set_at: int = not_personal("Set", sa_type=BigInt)
    set_by: str = not_personal("Set by", foreign="staff.id")
    reason: Remark | None = personal(PrivacyClass.STAFF, "Reason", default=None, whose=Whose.STAFF, may_name=True)
