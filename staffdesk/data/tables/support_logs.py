"""Zips of support logs: attached to a case alone, each under a key of its own (privacy policy, D.6 to D.9)."""

from typing import Annotated

import sqlalchemy as sa
from pydantic import AfterValidator

from staffdesk.data.tables.declaration import Record, derived, not_personal, personal
from staffdesk.data.tables.types import BigInt, Code, Line, NoteLine, one_of
from staffdesk.domain.classes import Erasure, PrivacyClass
from staffdesk.domain.masking import mask_text
from staffdesk.domain.support_logs import Curated, LogsEnded, LogState
from staffdesk.domain.zip_directory import kept_name

FileName = Annotated[str, AfterValidator(kept_name)]
"""The name of a file in a zip, as it is shown: what would act in it is a badge, and one that may not be held goes."""


class LogBundleRow(Record, table=True):
    """A zip that was asked for or came; ``key`` opens its file, and is emptied where the bytes are destroyed."""

    __tablename__ = "log_bundle"
    __table_args__ = (
        one_of("state", LogState),
        one_of("curated", Curated),
        one_of("ended", LogsEnded),
        sa.CheckConstraint("(key IS NULL) = (file IS NULL)", name="a_sealed_file_has_a_key"),
        {"info": {"keep": "case", "erasure": Erasure.ERASE, "never_held": True}},
    )

    id: int | None = not_personal("Zip of logs", default=None, key=True, sa_type=BigInt)
    case_id: int = not_personal("Case", sa_type=BigInt, foreign="support_case.id", index=True)
    state: LogState = not_personal("State", sa_type=sa.String)
    asked_at: int | None = not_personal("Asked for", default=None, sa_type=BigInt)
    asked_by: str | None = not_personal("Asked by", default=None, foreign="staff.id")
    why: NoteLine | None = personal(PrivacyClass.CASE, "Why it was asked for", default=None, mask=mask_text)
    received_at: int | None = not_personal("Received", default=None, sa_type=BigInt)
    taken_by: str | None = not_personal("Received by", default=None, foreign="staff.id")
    curated: Curated = not_personal("Made smaller before", default=Curated.UNKNOWN, sa_type=sa.String)
    size: int | None = not_personal("Bytes", default=None, sa_type=BigInt)
    digest: str | None = not_personal("SHA-256", default=None)
    files: int | None = not_personal("Files", default=None)
    found: Line | None = not_personal("Found in it", default=None)
    file: Code | None = not_personal(default=None, unique=True)
    key: bytes | None = derived(PrivacyClass.CASE, default=None, sa_type=sa.LargeBinary)
    ended_at: int | None = not_personal("Destroyed", default=None, sa_type=BigInt)
    ended: LogsEnded | None = not_personal("Destroyed because", default=None, sa_type=sa.String)


class LogBundleFile(Record, table=True):
    """A file of a zip, as the customer sent it: its manifest outlives the bytes, and goes with the case."""

    __tablename__ = "log_bundle_file"
    __table_args__ = (
        sa.UniqueConstraint("bundle_id", "place", name="a_place_in_a_zip_is_one_file"),
        {"info": {"keep": "case", "erasure": Erasure.ERASE, "never_held": True}},
    )

    id: int | None = not_personal("File of logs", default=None, key=True, sa_type=BigInt)
    bundle_id: int = not_personal("Zip of logs", sa_type=BigInt, foreign="log_bundle.id", index=True)
    place: int = not_personal("Place")
    name: FileName = personal(PrivacyClass.CASE, "File name", mask=mask_text)
    size: int = not_personal("Bytes", sa_type=BigInt)
    digest: str = not_personal("SHA-256")
    found: Line | None = not_personal("Found in it", default=None)
