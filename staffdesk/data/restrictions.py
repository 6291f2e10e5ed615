"""Questions about the restriction of a request, for the statements that read requests: whether it stands, and why."""

from typing import Final

import sqlalchemy as sa

from staffdesk.data import register
from staffdesk.data.tables.erasure import Hold
from staffdesk.data.tables.requests import RecipientTask, Request
from staffdesk.domain.holds import Ground
from staffdesk.domain.marketing import TaskState
from staffdesk.domain.requests import ANSWERED, RequestType

_HOLD: Final = register.table(Hold)
_REQUEST: Final = register.table(Request)
_TASK: Final = register.table(RecipientTask)
_OTHER: Final = _REQUEST.alias("other")
_FINAL: Final = sorted(state.value for state in ANSWERED)


def _other(kind: RequestType, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Say whether the same person made another request of this type."""
    same = (_OTHER.c.person_id == _REQUEST.c.person_id, _OTHER.c.kind == kind.value)
    return sa.exists(sa.select(_OTHER.c.id).where(*same, *conditions).correlate(_REQUEST))


STANDS: Final = sa.exists(
    sa.select(_HOLD.c.id)
    .where(_HOLD.c.request_id == _REQUEST.c.id, _HOLD.c.ground == Ground.RESTRICTION.value, _HOLD.c.ended_at.is_(None))
    .correlate(_REQUEST)
)
"""Whether anything a request restricted still is."""

TO_TELL: Final = sa.exists(
    sa.select(_TASK.c.id)
    .where(_TASK.c.request_id == _REQUEST.c.id, _TASK.c.state == TaskState.OPEN.value)
    .correlate(_REQUEST)
)
"""Whether any recipient is still to be told of a request."""

UNTOLD: Final = sa.and_(_REQUEST.c.state.in_(_FINAL), TO_TELL)
"""Whether a recipient of an answered request is still to be told that what it restricted is restricted no more."""

SETTLED: Final = sa.or_(
    sa.and_(_REQUEST.c.kind == RequestType.OBJECT.value, _REQUEST.c.carried_out_at.is_(None)),
    sa.and_(
        _REQUEST.c.kind == RequestType.RESTRICT.value,
        _other(RequestType.RECTIFY, _OTHER.c.state.in_(_FINAL), _OTHER.c.received_at >= _REQUEST.c.received_at),
        sa.not_(_other(RequestType.RECTIFY, _OTHER.c.state.not_in(_FINAL))),
    ),
)
"""Whether its reason is gone: an objection that was not upheld, or data whose accuracy is settled since."""

ERASING: Final = _other(RequestType.ERASE, _OTHER.c.state.not_in(_FINAL))
"""Whether its person asks to be erased, and is not yet."""
