"""What a desk may set otherwise than it is shipped, and how a change of it is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from staffdesk.domain.requests import FrontOfCard


class SettingName(StrEnum):
    """The settings that are rows of the database: each has its own act, and so its own role that changes it."""

    FRONT_OF_CARD = "front_of_card"
    DEPUTY = "deputy"
    CAMPAIGN_FOLDER = "campaign_folder"


@dataclass(frozen=True, slots=True, repr=False)
class Changed:
    """A change of a setting: who made it, by user name, in UTC milliseconds, and the reason he wrote."""

    value: str | None
    at: int
    by: str
    reason: str

    def __repr__(self) -> str:
        return "<Changed>"


@dataclass(frozen=True, slots=True)
class CardRule:
    """Whether the front of the identity card is demanded; ``changed`` is the last change, None as it is shipped."""

    value: FrontOfCard
    changed: Changed | None = None

    @property
    def words(self) -> str:
        """Return what holds, as it is said of the front of the card."""
        from staffdesk.domain.requests import FrontOfCard  # noqa: PLC0415 - whoever signs in waits for it otherwise

        return "mandatory" if self.value is FrontOfCard.MANDATORY else "not demanded, who asks is verified otherwise"


@dataclass(frozen=True, slots=True)
class CampaignFolder:
    """Where the campaign service's files are written; as it is shipped ``path`` is None, and nothing is written."""

    path: str | None
    changed: Changed | None = None


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who stands in for the officer, by account and user name; ``usable`` says whether the account is in use."""

    staff_id: str
    user_name: str
    usable: bool
