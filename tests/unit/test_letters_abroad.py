"""Who abroad received somebody's data is told with what protects them there, and what is not known is not denied.

Seen to fail: with a recipient in no known country counted among those that are here.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffdesk.domain.errors import BadInput
from staffdesk.domain.request_moves import Letter
from staffdesk.domain.transfers import Safeguard
from staffdesk.services.letters import Language, Received, lint, write
from tests.unit.test_letters import FACTS


def test_a_recipient_abroad_is_told_with_its_safeguard_or_not_at_all() -> None:
    with pytest.raises(BadInput, match="No safeguard is recorded for a recipient outside"):
        Received(name="Transpond", kind="campaign service", country="BE, GB")


@pytest.mark.parametrize(
    ("language", "inside", "unknown"),
    [
        (
            Language.EN,
            "Your data did not leave the European",
            "Carrier of the shipment: the country of this recipient is",
        ),
        (Language.FR, "Vos données n'ont pas quitté l'Espace", "Carrier of the shipment : le pays de ce destinataire"),
        (
            Language.NL,
            "Uw gegevens hebben de Europese Economische Ruimte niet",
            "Carrier of the shipment: het land van",
        ),
    ],
)
def test_nobody_is_told_that_his_data_stayed_here_while_the_desk_does_not_know_where_they_went(
    language: Language, inside: str, unknown: str
) -> None:
    access = FACTS.access
    assert access is not None
    here = Received(name="Bpost", kind="carrier", country="BE")

    def told(*received: Received) -> str:
        facts = replace(FACTS, access=replace(access, recipients=received))
        written = write(Letter.ACCESS, language, facts)
        assert lint(written, Letter.ACCESS, language) == ()
        return " ".join(written.text.replace("\u00a0", " ").split())

    somewhere = Received(name="Carrier of the shipment", kind="carrier")
    assert inside in told(here)
    assert inside in told()
    assert unknown in told(here, somewhere)
    assert "Bpost" not in told(here, somewhere).partition(unknown)[2]
    for unplaced in (somewhere, replace(here, unplaced=True), replace(somewhere, safeguard=Safeguard.SCC)):
        assert inside not in told(here, unplaced)
