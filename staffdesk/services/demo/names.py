"""Names and places of the demo's people, in the scripts of their countries; the same seed gives the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from staffdesk.domain.errors import Misconfigured
from staffdesk.services.demo.words import Place

_DRAWN: Final = 1500
_CITIES, _STREETS, _CODES = 120, 250, 250


@dataclass(frozen=True, slots=True)
class Pool:
    """What a country's people are called and where they live."""

    place: Place
    given: tuple[str, ...]
    family: tuple[str, ...]
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    codes: tuple[str, ...]


def pools(places: tuple[Place, ...], seed: int) -> tuple[Pool, ...]:
    """Draw a pool for every place; raises Misconfigured where the demo's words are not installed."""
    try:
        from mimesis import Address, Locale, Person  # noqa: PLC0415 - an extra, and only the demo needs it
    except ImportError as error:
        raise Misconfigured(
            "The demo's names are not installed.", "Install the extra: pip install 'staffdesk[demo]'"
        ) from error

    found = []
    for number, place in enumerate(places):
        person = Person(Locale(place.locale), seed=seed * 1000 + number)
        address = Address(Locale(place.locale), seed=seed * 1000 + number)
        found.append(
            Pool(
                place=place,
                given=_distinct([person.name() for _ in range(_DRAWN)]),
                family=_distinct([person.surname() for _ in range(_DRAWN)]),
                cities=_distinct([address.city() for _ in range(_CITIES)]),
                streets=_distinct([address.street_name() for _ in range(_STREETS)]),
                codes=_distinct([address.postal_code() for _ in range(_CODES)]),
            )
        )
    return tuple(found)


def _distinct(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
