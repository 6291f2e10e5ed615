"""Shares as they are shown, in one way wherever one stands: half up, and never all or none where it is not."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def percent(hundredths: float | Decimal, places: int = 0) -> str:
    """Return a share of a hundred as ``92 %``, with at most so many decimal places, and none where it needs none.

    It is never rounded up to all or down to none: of a thousand answers of which one was late not all were in time.
    """
    exact = hundredths if isinstance(hundredths, Decimal) else Decimal(repr(hundredths))
    step = Decimal(1).scaleb(-places)
    found = exact.quantize(step, ROUND_HALF_UP)
    if 0 < exact < 100:  # noqa: PLR2004 - a hundredth
        found = min(max(found, step), 100 - step)
    return f"{found:f}".removesuffix("." + "0" * places) + " %"


def percent_of(share: float, places: int = 0) -> str:
    """Return a share of one as :func:`percent` does."""
    return percent(Decimal(repr(share)) * 100, places)
