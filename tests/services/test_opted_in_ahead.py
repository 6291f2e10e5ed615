"""An unsubscribe is undone by a later opt-in of his own alone: one that a list dates ahead shows none yet.

Seen to fail: with any opt-in later than the objection counted.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from staffdesk.domain.access import Role
from tests.databases import Place
from tests.services.front import Front
from tests.services.lists import table, taken
from tests.services.offices import Office
from tests.services.store_files import column, seller

HEADER = ("Email Address", "First Name", "Last Name", "OPTIN_TIME", "CONFIRM_TIME", "LAST_CHANGED")
SAID = {"source": "STORE_ACCOUNT", "obtained": "2026-09-14", "evidence": "the form of the store"}
LONG_AGO = "2026-01-02 10:00:00"


@pytest.mark.parametrize("confirmed", ["", "ahead"])
def test_an_opt_in_dated_ahead_undoes_no_unsubscribe(
    confirmed: str, office: Office, place: Place, tmp_path: Path
) -> None:
    access, front = seller(office), Front(office)

    def listed(opted_in: str, confirmed_at: str) -> int:
        row = ("mette@lund.example", "Mette", "Lund", opted_in, confirmed_at, LONG_AGO)
        return taken(
            office, access, table(tmp_path, row, header=HEADER), source="mailchimp", said=SAID
        ).suppressed  # fmt: skip

    assert listed(LONG_AGO, LONG_AGO) == 0
    ((person,),) = column(place, "SELECT id FROM person")
    front.marketing.stop(front.staff("sue", Role.SUPPORT, "T-1182"), int(str(person)))
    ahead = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=30)).strftime("%Y-%m-%d %H:%M:%S")
    assert listed(ahead, ahead if confirmed else "") == 1
    assert column(place, "SELECT status FROM subscription") == [("unsubscribed",)]
