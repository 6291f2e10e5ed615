"""Who may get product news: the rule over every combination, against the formula of the policy written here anew.

Seen to fail: with what is not known taken for a yes, with the evidence of a consent not asked for, and with bounced
addresses let through.
"""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import fields, replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.campaign import Against, Facts, NewsBasis, Told, Verdict, judge, rules
from staffdesk.domain.provenance import Source
from staffdesk.services.importing.profiles import profile

_BOUNCED: Final = "bounced_at"
_NAMES: Final = tuple(each.name for each in fields(Facts))


def _values(name: str) -> tuple[object, ...]:
    return (None, 1_700_000_000_000) if name == _BOUNCED else (True, False)


BOUGHT: Final = Facts(
    address=True, event=True, erased=False, objected=False, left=False, restricted=False, contested=False,
    merged=False, bounced_at=None, consent=False, evidence=False, paid_order=True, opt_out_offered=True,
    company_mailbox=False,
)  # fmt: skip


def formula(it: Facts) -> bool:
    """Return what policy B.9 and A19 say, in their own terms; only a plain yes or no counts."""
    suppressed = not (it.objected is False and it.left is False and it.erased is False)
    permitted = (
        (it.consent is True and it.evidence is True)
        or (it.paid_order is True and it.opt_out_offered is True)
        or it.company_mailbox is True
    )
    usable = it.restricted is False and it.contested is False and it.merged is False and it.bounced_at is None
    return not suppressed and it.event is True and permitted and usable and it.address is True


def test_the_rule_is_the_formula_of_the_policy_over_every_combination() -> None:
    let_in = 0
    for values in itertools.product(*map(_values, _NAMES)):
        facts = Facts(**dict(zip(_NAMES, values, strict=True)))  # type: ignore[arg-type] # as _values() has them
        verdict = judge(facts)
        assert verdict.eligible == formula(facts), facts
        assert verdict.eligible or verdict.against, "whoever gets nothing is told why"
        assert (verdict.told is Told.GIVEN) == verdict.eligible
        let_in += verdict.eligible
    assert let_in == 23, "of five facts about grounds 23 of 32 combinations give one"


@given(
    st.dictionaries(st.sampled_from(_NAMES), st.booleans(), max_size=3),
    st.sets(st.sampled_from(sorted({*_NAMES} - {_BOUNCED})), max_size=3),
)
def test_what_is_not_known_is_never_taken_for_a_yes(changed: dict[str, bool], unknown: set[str]) -> None:
    other = {name: (1 if yes else None) if name == _BOUNCED else yes for name, yes in changed.items()}
    facts = replace(BOUGHT, **other)  # type: ignore[arg-type] # bounced_at alone is a number
    blurred = replace(facts, **dict.fromkeys(unknown))
    assert judge(blurred).eligible == formula(blurred)


@pytest.mark.parametrize("name", sorted({*_NAMES} - {_BOUNCED, "consent", "evidence", "company_mailbox"}))
def test_each_thing_that_is_not_known_keeps_who_would_get_news_from_it(name: str) -> None:
    verdict = judge(replace(BOUGHT, **{name: None}))
    assert not verdict.eligible
    assert {Against.UNKNOWN, Against.NO_BASIS}.intersection(verdict.against)


def test_having_bought_or_called_alone_is_a_contact_and_no_ground() -> None:
    assert judge(BOUGHT) == Verdict(NewsBasis.SOFT_OPT_IN, ())
    for lacking in ({"opt_out_offered": False}, {"paid_order": False}, {"paid_order": None}):
        assert judge(replace(BOUGHT, **lacking)) == Verdict(None, (Against.NO_BASIS,))
    assert judge(replace(BOUGHT, event=False)).against == (Against.NO_EVENT,)
    assert Against.NO_EVENT.value == "no prior contact"


@pytest.mark.parametrize(
    ("fact", "word"),
    [("objected", Told.STOPPED), ("erased", Told.STOPPED), ("left", Told.LEFT), ("contested", Told.PAUSED)],
)
def test_what_ends_for_good_is_told_apart_from_what_may_pass(fact: str, word: Told) -> None:
    assert judge(replace(BOUGHT, **{fact: True})).told is word


def test_the_rules_say_what_counts_and_the_services_word_is_among_those_it_knows() -> None:
    shipped = rules()
    assert shipped.events == frozenset(Source)
    assert shipped.soft_opt_in.offered_since == {}, "the owner confirms each store"
    assert not shipped.offers_opt_out("fastspring", dt.date(2026, 1, 1))
    table = profile("transpond").tables[0]
    assert set(table.written) == set(Told)
    known = table.words["status"]
    for word in Told:
        written = table.written[word]
        assert (known[written.casefold()] if written else "subscribed") == {
            Told.GIVEN: "subscribed", Told.STOPPED: "unsubscribed", Told.LEFT: "unsubscribed",
            Told.PAUSED: "unreachable",
        }[word]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("info@nordlys.example", True), ("Sales@Nordlys.example", True), ("info+news@nordlys.example", True),
        ("anders@nordlys.example", False), ("info@gmail.com", False), ("infos@nordlys.example", False), (None, False),
        ("info", False),
    ],
)  # fmt: skip
def test_a_companys_mailbox_is_told_by_its_name(address: str | None, is_one: bool) -> None:
    assert rules().is_company_mailbox(address, of_a_company=True) == is_one
    assert not rules().is_company_mailbox(address, of_a_company=False)
