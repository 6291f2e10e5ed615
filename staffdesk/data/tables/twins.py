"""Which records a person put together as one and the same, which he said are two people, and what that moved."""

import sqlalchemy as sa

from staffdesk.data.tables.declaration import Record, not_personal
from staffdesk.data.tables.types import BigInt, Code, one_of
from staffdesk.domain.classes import Erasure
from staffdesk.domain.likely_same import SamePerson


class PersonPair(Record, table=True):
    """Two records of which somebody decided: of the same person, whose record is ``person_id`` from then on, or not.

    The ``other_id`` that was put together with it stays as it was, with its values and where they came from; what hung
    on it hangs on the first. A person is given no copy: a pair that is not the same names somebody else.
    """

    __tablename__ = "person_pair"
    __table_args__ = (
        one_of("answer", SamePerson),
        sa.UniqueConstraint("person_id", "other_id", name="a_pair_is_decided_once"),
        sa.CheckConstraint("person_id <> other_id", name="a_pair_is_of_two"),
        {"info": {"keep": "person", "erasure": Erasure.ERASE, "merge": "stays"}},
    )

    id: int | None = not_personal(default=None, key=True, sa_type=BigInt)
    person_id: int = not_personal(sa_type=BigInt, foreign="person.id")
    other_id: int = not_personal(sa_type=BigInt, foreign="person.id", index=True)
    answer: SamePerson = not_personal(sa_type=sa.String)
    likeness: Code = not_personal()
    decided_at: int = not_personal(sa_type=BigInt)
    staff_id: str = not_personal(foreign="staff.id")


class MergedRow(Record, table=True):
    """A row that was of one of two records when they were put together, so that they can be taken apart again.

    ``field`` is the column that named the person; ``moved`` says that it named the other one until then.
    """

    __tablename__ = "merged_row"
    __table_args__ = ({"info": {"keep": "person", "erasure": Erasure.ERASE}},)

    id: int | None = not_personal(default=None, key=True, sa_type=BigInt)
    pair_id: int = not_personal(sa_type=BigInt, foreign="person_pair.id", index=True)
    record_table: Code = not_personal()
    record_id: int = not_personal(sa_type=BigInt)
    field: Code = not_personal()
    moved: bool = not_personal()
