"""What a customer asked of a licence in a case, and its checklist; no value of his but how a step was done."""

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal, personal
from staffdesk.data.tables.types import BigInt, Code, NoteLine
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.masking import mask_text


class LicenceRequest(Record, table=True):
    """One request of a case; its kind is one of ``licence_requests.toml``."""

    __tablename__ = "licence_request"
    __table_args__ = ({"info": {"keep": "case", "erasure": Erasure.ERASE, "through": "support_case"}},)

    id: int | None = not_personal("Licence request", default=None, key=True, sa_type=BigInt)
    case_id: int = not_personal("Case", sa_type=BigInt, foreign="support_case.id", unique=True)
    licence_id: int = not_personal("Licence", sa_type=BigInt, foreign="licence.id", index=True)
    kind: Code = not_personal("Kind")
    started_at: int = not_personal("Opened", sa_type=BigInt)


class LicenceStep(Record, table=True):
    """A step of a request that was done."""

    __tablename__ = "licence_step"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "step", name="a_step_is_done_once"),
        {"info": {"keep": "case", "erasure": Erasure.ERASE}},
    )

    id: int | None = not_personal("Step of a licence request", default=None, key=True, sa_type=BigInt)
    request_id: int = not_personal("Licence request", sa_type=BigInt, foreign="licence_request.id", index=True)
    step: Code = not_personal("Step")
    done_at: int = not_personal("Done", sa_type=BigInt)
    done_by: str = not_personal("Done by", foreign="staff.id")
    note: NoteLine | None = personal(PrivacyClass.CASE, "How", default=None, mask=mask_text)
