"""For which purpose an act is logged, where an employee names none or one that is not his role's."""

from __future__ import annotations

from staffdesk.domain.access import Act, Purpose, Role
from staffdesk.domain.policy import AccessMatrix


def purpose_in_force(matrix: AccessMatrix, role: Role | None, purpose: Purpose | None, act: Act) -> Purpose | None:
    """Return the purpose that is given, where it is this role's in this act, else the only one that it has there.

    Who is told later who looked, and why, hears what the role was there for (Court of Justice C-579/21, GDPR Art. 15),
    never a purpose that the role does not serve. None where the role has several, or the act asks for none.
    """
    asked = matrix.acts[act].purposes
    his = [each for each in asked if role in matrix.purposes[each]]
    if role is None or not asked or purpose in his:
        return purpose
    return his[0] if len(his) == 1 else None
