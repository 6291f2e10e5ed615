"""Whether data left the European Economic Area is said only where the desk knows it.

Seen to fail: with an unknown country taken for one inside.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from staffdesk.domain.request_moves import Letter
from staffdesk.domain.transfers import Safeguard
from staffdesk.services.letters import AccessReply, Language, Received, lint, write
from tests.unit.test_letters import FACTS


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
    here = Received(name="Bpost", kind="carrier", country="BE")

    def reply(received: tuple[Received, ...]) -> AccessReply:
        assert FACTS.access is not None
        return replace(FACTS.access, recipients=received)

    def told(*received: Received) -> str:
        facts = replace(FACTS, access=reply(received))
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
