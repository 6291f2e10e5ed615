"""The rules that find, in the log alone, the look that had no reason."""

from staffdesk.domain.flags.baselines import Baselines
from staffdesk.domain.flags.clocks import in_order, noon_of
from staffdesk.domain.flags.entry import Entry
from staffdesk.domain.flags.flag import Flag
from staffdesk.domain.flags.rules import FlagRules, rules
from staffdesk.domain.flags.settling import Told
from staffdesk.domain.flags.watch import Watch, by_days, flags_of

__all__ = [
    "Baselines", "Entry", "Flag", "FlagRules", "Told", "Watch", "by_days", "flags_of", "in_order", "noon_of", "rules",
]  # fmt: skip
