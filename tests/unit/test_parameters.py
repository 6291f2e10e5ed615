"""Law and policy are data: each value says since when and from where, and a wrong file is named, not guessed at."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources

import pytest

from staffdesk.domain import (
    deadlines,
    evidence,
    flags,
    holds,
    intake_rules,
    name_parts,
    passwords,
    policy,
    refusals,
    requests,
    reviews,
    screening_rules,
    transfers,
    twin_features,
    uses,
    written_reasons,
)
from staffdesk.domain.access import Role
from staffdesk.domain.classes import PrivacyClass
from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import load, shaped, shapes
from staffdesk.services.letters.rules import LetterRules

SHAPES: dict[str, type] = {
    "access": policy.AccessMatrix,
    "deadlines": deadlines.DeadlineRules,
    "evidence": evidence.EvidenceRules,
    "flags": flags.FlagRules,
    "holds": holds.HoldRules,
    "intake": intake_rules.IntakeRules,
    "letters": LetterRules,
    "names": name_parts.NameRules,
    "passwords": passwords.PasswordRules,
    "policy": shapes.PolicyRules,
    "presets": shapes.PresetRules,
    "refusals": refusals.RefusalRules,
    "reasons": written_reasons.ReasonRules,
    "recipients": transfers.RecipientRules,
    "uses": uses.UseRules,
    "requests": requests.RequestRules,
    "retention": shapes.RetentionRules,
    "review": reviews.ReviewRules,
    "screening": screening_rules.ScreeningRules,
    "search": shapes.SearchRules,
    "sessions": shapes.SessionRules,
    "transfers": transfers.TransferRules,
    "twins": twin_features.TwinRules,
}


FILES = sorted(
    file.name.removesuffix(".toml")
    for file in resources.files("staffdesk.parameters").iterdir()
    if file.name.endswith(".toml")
)


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_shipped_fits_its_shape(name: str) -> None:
    assert name in FILES
    assert isinstance(shaped(name, load(name), SHAPES[name]), SHAPES[name])


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_since_when_and_from_where(name: str) -> None:
    table = load(name)
    assert isinstance(table["as_of"], dt.date)
    assert isinstance(table["source"], str)
    assert len(table["source"]) > 10


@pytest.mark.parametrize("name", SHAPES)
def test_an_unknown_key_is_an_error_that_names_file_and_key(name: str) -> None:
    with pytest.raises(Misconfigured) as error:
        shaped(name, load(name) | {"lock_after_minuets": 5}, SHAPES[name])
    assert error.value.sentence == f"{name}.toml: lock_after_minuets is not a known key."
    assert error.value.hint
    assert error.value.exit_code == 9


@pytest.mark.parametrize("name", SHAPES)
def test_a_missing_key_is_an_error_that_names_file_and_key(name: str) -> None:
    table = load(name)
    required = next(key for key in table if key not in {"as_of", "source"})
    del table[required]
    with pytest.raises(Misconfigured, match=re.escape(f"{name}.toml: {required} is missing")):
        shaped(name, table, SHAPES[name])


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("lock_after_minutes", "15", "lock_after_minutes: Input should be a valid integer"),
        ("lock_after_minutes", True, "lock_after_minutes: Input should be a valid integer"),
        ("lock_after_minutes", 4, "lock_after_minutes must not be less than mask_after_minutes"),
        ("absolute_hours", 0, "absolute_hours must be more than 0"),
        ("reveal", {"seconds": 120, "by_class": {"network": 60, "nonsense": 1}}, "reveal.by_class.nonsense"),
        ("reveal", {"seconds": 120, "minutes": 2}, "reveal.minutes is not a known key"),
        ("as_of", "yesterday", "as_of: "),
    ],
)
def test_a_wrong_value_is_said_with_its_place(key: str, value: object, said: str) -> None:
    with pytest.raises(Misconfigured) as error:
        shaped("sessions", load("sessions") | {key: value}, shapes.SessionRules)
    assert error.value.sentence.startswith("sessions.toml: ")
    assert said in error.value.sentence


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"nothing\.toml"):
        load("nothing")


def test_a_terminal_masks_after_five_minutes_and_locks_after_fifteen() -> None:
    rules = shapes.sessions()
    assert (rules.mask_after_minutes, rules.lock_after_minutes, rules.absolute_hours) == (5, 15, 10)
    assert rules.log.deadline_seconds == 2.0
    assert (rules.log.checkpoint_entries, rules.log.checkpoint_minutes, rules.log.tail_hours) == (100, 5, 24)
    assert rules.first_password_days == 7
    assert rules.reveal.for_class(PrivacyClass.NETWORK) == 120
    shorter = shapes.RevealRules(seconds=120, by_class={PrivacyClass.NETWORK: 30})
    assert shorter.for_class(PrivacyClass.NETWORK) == 30
    assert shorter.for_class(PrivacyClass.CONTACT) == 120


def test_the_sixth_try_waits_and_each_next_one_not_less() -> None:
    throttle = shapes.sessions().throttle
    delays = [throttle.delay(failures) for failures in range(120)]
    assert delays[:5] == [0, 0, 0, 0, 0]
    assert delays[5] > 0
    assert delays == sorted(delays)
    assert delays[-1] == max(throttle.delays_seconds)
    assert throttle.exhausted(100)
    assert not throttle.exhausted(99)
    with pytest.raises(Misconfigured, match="delays that grow"):
        shapes.ThrottleRules(
            as_of=dt.date(2026, 1, 1), source="here", free_failures=5, delays_seconds=(60, 5), most_failures=100
        )


def test_the_policy_in_force_is_that_of_october_2024() -> None:
    policy_in_force = shapes.policy()
    assert policy_in_force.version == "2024-10"
    assert policy_in_force.foot == "Privacy policy: October 2024"
    assert "logged" in policy_in_force.notice
    assert "October 2024" in policy_in_force.notice
    assert "1050 Brussels" in policy_in_force.controller.address
    assert len(policy_in_force.digest) == 64


def test_a_hold_that_nobody_describes_is_refused() -> None:
    table = load("retention")
    kinds = table["kinds"]
    assert isinstance(kinds, dict)
    kinds["order"]["holds"] = ["accounting", "curiosity"]
    with pytest.raises(Misconfigured, match="curiosity"):
        shaped("retention", table, shapes.RetentionRules)


def test_every_kind_says_how_long_it_is_kept_and_from_when() -> None:
    for kind, keep in shapes.retention().kinds.items():
        assert keep.text, kind
        timed = keep.months is not None or keep.days is not None
        assert timed or keep.permanent or keep.holds, kind
        assert (keep.counted_from is not None) is timed, kind


@pytest.mark.parametrize("people", [3, 4, 8])
def test_a_preset_fills_every_needed_role_and_gives_nobody_two_that_exclude_each_other(people: int) -> None:
    firm = shapes.presets().of(people)
    assert firm is not None
    assert len(firm.people) == people
    matrix = policy.matrix()
    for roles in firm.people:
        assert roles
        assert matrix.role_conflicts(roles) is None
    held = {role for roles in firm.people for role in roles}
    assert held >= set(Role) - {Role.AUDITOR}
    # A decision of privacy needs somebody else to approve it.
    approvers = [at for at, roles in enumerate(firm.people) if Role.APPROVER in roles]
    officers = [at for at, roles in enumerate(firm.people) if Role.PRIVACY in roles]
    assert any(approver != officer for approver in approvers for officer in officers)


def test_there_is_no_preset_for_a_firm_of_five() -> None:
    assert shapes.presets().of(5) is None
