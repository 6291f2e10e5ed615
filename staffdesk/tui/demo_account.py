"""An account of the invented company, as the sign-in screen offers it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class DemoAccount:
    """Signs in by one letter."""

    user_name: str
    role: str
    password: str

    def __repr__(self) -> str:
        return f"<DemoAccount {self.role}>"
