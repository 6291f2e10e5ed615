"""Whom an employee declared to be close to."""

from staffdesk.data.tables.declaration import Record, not_personal, personal
from staffdesk.data.tables.types import BigInt
from staffdesk.domain.classes import Erasure, PrivacyClass, Whose


class DeclaredRelation(Record, table=True):
    """That an employee is close to a person or a company, as he says himself; taken back, it counts for a time still.

    It goes with the person. He is not given a copy: it is what an employee told of his own life, and any part of it
    would say who works here (GDPR Art. 15(4)). What it does to him, that a look at him was looked into, is no secret:
    the looks stand in his copy.
    """

    __tablename__ = "declared_relation"
    __table_args__ = ({"info": {"keep": "staff", "erasure": Erasure.ERASE}},)

    id: int | None = not_personal(default=None, key=True, sa_type=BigInt)
    staff_id: str = not_personal(foreign="staff.id", index=True)
    person_id: int | None = not_personal(default=None, sa_type=BigInt, foreign="person.id", index=True)
    organisation_id: int | None = not_personal(default=None, sa_type=BigInt, foreign="organisation.id", index=True)
    kind: str = personal(PrivacyClass.STAFF, "Declared as", whose=Whose.STAFF)
    declared_at: int = not_personal(sa_type=BigInt)
    withdrawn_at: int | None = not_personal(default=None, sa_type=BigInt)
