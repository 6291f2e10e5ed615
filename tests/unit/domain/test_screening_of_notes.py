"""In what is written about somebody, what is told of passwords, keys, births, papers and networks is refused too."""

from __future__ import annotations

import pytest

from staffdesk.domain.screening import FieldKind, screen

TOLD = {
    "password_told": [
        *("mac in the studio: pw tulip77x", "the wifi key is Canal-guest-12", "changed his password to Tulip_77"),
        *("wachtwoord van de encoder = Tulp#77", "login admin / Tulip77x", "Tulip77x as password", "alarm code 4471"),
        *("PIN of the recorder is 4471", "wachtzin: maan paard rivier blauw", "code pin de la régie 4471."),
    ],
    "stream_key_told": [
        *("his key ab12-cd34-ef56-gh78 works", "la clé : ab12 tiret cd34 tiret ef56", "token re_1234567_0a1b2c3d4e5f"),
        "sleutel: ab12 streepje cd34 streepje ef56",
    ],
    "birth_date": [
        *("his birthday is on 2 May 1990", "geboren te Gent op 23.11.1969", "b. 4.8.1968", "he turns 50 on Monday"),
        *("born on the second of May nineteen eighty", "Jonas wordt 50 op 12 oktober", "Mia wird am 12. Oktober 50"),
    ],
    "identity_number": [
        *("CNI de Luc 880692310285", "verblijfskaart B 204718833", "Passnummer: CF4Z9K81T", "Perso T220001293"),
        "national register number 72.03.14-215.48",
    ],
    "network_name": [
        *(
            "on X as @tulip_tv",
            "Discord tulip#4412",
            "skype live:tulip77",
            "tulip.bsky.social",
            "@tulip@mastodon.social",
        ),
        *("u/tulip_tv on reddit", "his twitch is twitch.tv/tulip", "linkedin.com/in/tulip-77"),
    ],
}
MAY_BE_HELD = [
    *("CNIL recommendation 2021-122456", "eidolon 1234567"),
    *("password reset sent for version 5.2.1", "forgot his password on iOS17", "pass 2 of the encoder, h264 1080p"),
    *(
        "wifi code asked of the customer",
        "the PIN was changed in 2025",
        "login page / error404",
        "pin 4 of the connector",
    ),
    *("licence key ab12-cd34-ef56-gh78", "key colour lost in SDI 2", "the token had expired", "dash cam in port 4"),
    *(
        "the channel turns 30 on 2 May",
        "la chaîne fête ses 30 ans le 2 mai",
        "zender wordt 20 op 3 mei",
        "born digital",
    ),
    *("identity card reader on USB", "national holiday: closed", "perso: 0475 12 34 56", "driver version 12.3.4"),
    *("streams to Facebook and X", "2 u/dag aan het netwerk", "youtube.com/live2 refuses", "mail@nordlys.example"),
]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in TOLD.items() for text in texts])
def test_what_is_told_in_a_note_is_refused_there(name: str, text: str) -> None:
    found = screen(f"Called at ten. {text}\nThanks.", FieldKind.NOTE)
    assert found is not None
    assert found.name == name
    assert "ulip" not in found.what + found.reason + found.next


@pytest.mark.parametrize("text", MAY_BE_HELD)
def test_what_only_looks_like_it_may_be_written(text: str) -> None:
    assert screen(text, FieldKind.NOTE) is None


@pytest.mark.parametrize(
    "text", ["login admin / Tulip77x", "on X as @tulip_tv", "b. 4.8.1968", "PIN of the recorder is 4471"]
)
def test_what_is_told_is_asked_of_notes_alone(text: str) -> None:
    assert screen(text) is None
