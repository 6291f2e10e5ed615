"""The demo's licences and the computers they are activated on: all of them nobody's."""

from __future__ import annotations

import random
from typing import Final

from staffdesk.data.tables.licensing import Activation, Licence
from staffdesk.domain.provenance import Source
from staffdesk.services.demo.moments import day_of
from staffdesk.services.demo.people import Made, Row, one
from staffdesk.services.demo.rows import Counted, Line, Rows

_ACTIVATIONS: Final = (0, 1, 2, 2, 3, 4)
_IPV6, _RELEASED = 0.2, 0.25

_SERIAL: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_DRAWN_BITS: Final = 75
_NEIGHBOURS: Final = 20
"""Numbers, addresses and serials grow with the row's number: a batch then touches few pages of each index."""

_NETS: Final = ("192.0.2", "198.51.100", "203.0.113")
_COMPUTERS: Final = 254
"""RFC 5737; IPv6 addresses are of RFC 3849."""

_NO_ZEROS: Final = 0x10001000100
"""Set in the groups of an IPv6 address, so that it stands as RFC 5952 writes it."""

_LOCAL: Final = "26ae"
"""The second digit of a MAC address that no maker gave out (IEEE 802)."""


class Licences:
    """Makes licences and activations, numbered from 1; the same dice make the same."""

    def __init__(self, dice: random.Random, now_ms: int, numbers: Counted) -> None:
        """Make them with no moment after ``now_ms`` (UTC milliseconds)."""
        self._dice = dice
        self._now = now_ms
        self._numbers = numbers

    def add(self, person: Made, line: Line, rows: Rows) -> None:
        """Add the licence of an order's line, and its activations since."""
        number = self._numbers.next(Licence)
        rows[Licence].append(
            {
                "id": number,
                "serial": self._serial(number),
                "product_id": line.product,
                "product_name": line.ware.name,
                "version": f"{self._dice.randint(3, 6)}.{self._dice.randint(0, 9)}",
                "order_id": line.order,
                "person_id": person.row["id"],
                "organisation_id": person.row["organisation_id"],
                "seats": line.count,
                "issued_on": day_of(line.at),
                "status": "active",
                "source": Source.REGISTRATION,
                "obtained_on": day_of(line.at),
            }
        )
        for _ in range(one(self._dice, _ACTIVATIONS)):
            rows[Activation].append(self._activation(person, number, line.at))

    def _activation(self, person: Made, licence: int, since: int) -> Row:
        at = since + int(self._dice.random() * (self._now - since))
        number = self._numbers.next(Activation)
        return {
            "id": number,
            "licence_id": licence,
            "user_name": person.row["user_name"],
            "mac": self._mac(number),
            "ip": self._ip(number),
            "activated_at": at,
            "status": "released" if self._dice.random() < _RELEASED else "active",
            "source": Source.ACTIVATION,
            "obtained_on": day_of(at),
        }

    def _serial(self, number: int) -> str:
        """Return four groups of five signs: the first tells the number, the others are drawn."""
        bits = number << _DRAWN_BITS | self._dice.getrandbits(_DRAWN_BITS)
        signs = "".join(_SERIAL[bits >> place & 31] for place in range(_DRAWN_BITS + 20, -1, -5))
        return f"{signs[:5]}-{signs[5:10]}-{signs[10:15]}-{signs[15:]}"

    def _mac(self, number: int) -> str:
        mac = f"{number & 0xFFFFFFF:07x}{self._dice.getrandbits(16):04x}"
        return f"{mac[0]}{one(self._dice, _LOCAL)}:{mac[1:3]}:{mac[3:5]}:{mac[5:7]}:{mac[7:9]}:{mac[9:]}"

    def _ip(self, number: int) -> str:
        if self._dice.random() < _IPV6:
            bits = f"{(number & 0xFFFFFF) << 20 | self._dice.getrandbits(20) | _NO_ZEROS:011x}"
            return f"2001:db8:{bits[:4]}:{bits[4:8]}::{bits[8:]}"
        net, computer = divmod(number // _NEIGHBOURS % (len(_NETS) * _COMPUTERS), _COMPUTERS)
        return f"{_NETS[net]}.{1 + computer}"
