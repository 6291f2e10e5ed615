"""What every letter must say, in each language, and what none may.

Seen to fail: with the contact point left out of the Dutch foot, with the court left out of the French refusal, with a
fact taken as an empty line, with newlines of a customer's text kept, and with a line for each kind one law keeps.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields, replace
from itertools import product

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from staffdesk.data.references import SUBJECT_TABLES
from staffdesk.domain import holds
from staffdesk.domain.access import Purpose
from staffdesk.domain.errors import BadInput
from staffdesk.domain.grounds import (
    ExemptionGround,
    ExtensionGround,
    ProofFault,
    RefusalGround,
    RestrictionGround,
    RestrictionStep,
    Unproven,
)  # fmt: skip
from staffdesk.domain.identifiers import Identifier
from staffdesk.domain.provenance import Source
from staffdesk.domain.refusals import grounds_for
from staffdesk.domain.request_moves import Identity, Letter
from staffdesk.domain.request_words import LETTERS
from staffdesk.domain.request_work import places
from staffdesk.domain.requests import RequestType
from staffdesk.domain.sharing import OTHER_KIND
from staffdesk.domain.text import visible, without_hidden
from staffdesk.domain.transfers import Safeguard
from staffdesk.services.letters import (
    AccessReply,
    Became,
    Changed,
    Consulted,
    Counted,
    Exempt,
    Identified,
    Kept,
    Language,
    LetterFacts,
    Origin,
    Outside,
    Received,
    Together,
    Written,
    check,
    forbidden,
    lint,
    write,
)  # fmt: skip
from staffdesk.services.letters.layout import WIDTH
from staffdesk.services.letters.rules import letter_rules

DAY = dt.date(2026, 11, 26)
FACTS = LetterFacts(
    number="DSR-2026-0003",
    written_on=dt.date(2026, 12, 1),
    kind=RequestType.RECTIFY,
    received_on=DAY,
    hard_due=dt.date(2026, 12, 28),
    first_due=dt.date(2026, 12, 28),
    doubt="the message came from an address that we do not know",
    faults=(ProofFault.NO_NAME,),
    proof_gone=True,
    extension=ExtensionGround.COMPLEXITY,
    extended_to=dt.date(2027, 3, 1),
    access=AccessReply(
        files=("data.json",), kinds=("person",), origins=(Origin(source=Source.EVENT_OWN, name="IBC"),),
        recipients=(Received(name="Transpond", kind="campaign service", country="GB", safeguard=Safeguard.ADEQUACY),),
        consultations=(Consulted(on=DAY, purpose=Purpose.SUPPORT, times=2),),
    ),
    effective_on=DAY,
    lists=("product news", "beta news"),
    fields=("email",),
    erased=(Counted("contact_report", 1240),),
    kept=(Kept(kind="invoice", ground=holds.Ground.ACCOUNTING, until=dt.date(2034, 12, 31)),),
    told=("Transpond",),
    exempt=(Exempt(name="Carrier SA", ground=ExemptionGround.IMPOSSIBLE),),
    refusal=RefusalGround.LAW,
    refusal_facts="a court's order names these records",
    refusal_law="Article 17(3)(e)",
    restriction=RestrictionStep.SET,
    restriction_reason=RestrictionGround.CLAIMS,
    restricted=(Counted("person", 1),),
    lifted_on=dt.date(2027, 1, 1),
    unproven=Unproven.LATE,
    withdrawn_on=DAY,
    recipient="Transpond",
    identifiers=(Identified(kind=Identifier.EMAIL, value="anders@nordlys.example"),),
    changes=(Changed(field="email", value="bo@nordlys.example"),),
    confirm_by=dt.date(2026, 12, 15),
)  # fmt: skip
BARE = LetterFacts(number="DSR-2026-0003", written_on=dt.date(2026, 12, 1))

WORDS = st.text(st.characters(exclude_categories=["Nd"]), max_size=200).filter(
    lambda text: bool(without_hidden(text).strip())
)
DAYS = st.dates(dt.date(1996, 1, 1), dt.date(2060, 12, 31))
KINDS = st.sampled_from(SUBJECT_TABLES)
COUNTS = st.builds(Counted, KINDS, st.integers(0, 10**7))


def _some(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, min_size=1, max_size=4).map(tuple)


def _any(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=4).map(tuple)


ALSO = _any(st.builds(holds.HeldBy, until=DAYS, ground=st.sampled_from(holds.LAWFUL), law=st.just("") | WORDS))
RECEIVED = st.builds(
    Received, name=WORDS, kind=st.sampled_from(["carrier", "campaign service", OTHER_KIND]),
    country=st.sampled_from(["GB", "US", "BE"]), last_on=st.none() | DAYS,
    safeguard=st.sampled_from(Safeguard),
) | st.builds(Received, name=WORDS, kind=st.just("carrier"), country=st.sampled_from(["", "BE"]))  # fmt: skip
REPLIES = st.builds(
    AccessReply, files=_some(WORDS), kinds=_some(KINDS), recipients=_any(RECEIVED), hidden=st.integers(0, 9),
    redactions=st.none() | WORDS,
    origins=_some(st.builds(Origin, source=st.sampled_from(Source), name=st.just("") | WORDS, since=st.none() | DAYS)),
    consultations=_any(st.builds(Consulted, on=DAYS, purpose=st.sampled_from(Purpose), times=st.integers(1, 9999))),
)  # fmt: skip
EXEMPT = _any(st.builds(Exempt, name=WORDS, ground=st.none() | st.sampled_from(ExemptionGround)))
EVERYTHING = st.builds(
    LetterFacts, number=st.just("DSR-2026-12345"), written_on=DAYS, addressee=_any(WORDS),
    kind=st.sampled_from([each for each in RequestType if each not in {RequestType.ACCESS, RequestType.PORT}]),
    linked=_any(st.builds(Together, number=st.just("DSR-2026-12346"), kind=st.sampled_from(RequestType))),
    received_on=DAYS, hard_due=DAYS, first_due=DAYS, proof_came_along=st.booleans(), proof_seen=st.booleans(),
    stands_still=st.booleans(), resumes=st.booleans(), doubt=WORDS,
    faults=_any(st.sampled_from(ProofFault)), fault_words=WORDS, proof_gone=st.booleans(),
    extension=st.none() | st.sampled_from(ExtensionGround), extension_words=WORDS, extended_to=DAYS, access=REPLIES,
    effective_on=DAYS, lists=_any(WORDS), fields=_some(st.sampled_from(["email", "street", "name"])),
    erased=_some(COUNTS), told=_any(WORDS), exempt=EXEMPT, backups_until=st.none() | DAYS,
    kept=_some(st.builds(Kept, kind=KINDS, ground=st.sampled_from(holds.LAWFUL), until=DAYS, law=st.just("") | WORDS)),
    too_much=st.booleans(), firm_stays=st.booleans(), left_as_is=_any(st.sampled_from(["email", "street", "name"])),
    kept_before=_any(st.builds(Kept, kind=KINDS, ground=st.sampled_from(holds.LAWFUL), until=DAYS, also=ALSO)),
    outside=_any(
        st.builds(Outside, place=st.sampled_from([it.code for it in places().places]), became=st.sampled_from(Became))
    ),
    refusal=st.sampled_from(RefusalGround), refusal_facts=WORDS, refusal_law=WORDS,
    restriction=st.sampled_from(RestrictionStep), restriction_words=WORDS,
    restriction_reason=st.none() | st.sampled_from(RestrictionGround),
    restricted=_some(COUNTS), lifted_on=DAYS, lifted=st.booleans(), unproven=st.sampled_from(Unproven),
    searched=_any(st.sampled_from(Identifier)), withdrawn_on=DAYS, recipient=WORDS,
    identifiers=_some(st.builds(Identified, kind=st.sampled_from(Identifier), value=WORDS)),
    changes=_some(st.builds(Changed, field=st.just("email"), value=WORDS)), confirm_by=DAYS,
)  # fmt: skip


@settings(
    max_examples=20, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)  # shrinking takes minutes
@given(facts=EVERYTHING)
def test_every_letter_holds_what_it_must_whatever_it_tells(facts: LetterFacts) -> None:
    for letter, language in product(Letter, Language):
        written = write(letter, language, facts)
        assert (letter, language, lint(written, letter, language)) == (letter, language, ())
        for line in written.text.splitlines():
            assert len(line) <= WIDTH
            assert visible(line) == line


@pytest.mark.parametrize("letter", Letter)
@pytest.mark.parametrize("language", Language)
def test_no_letter_can_be_sent_that_lacks_a_block(letter: Letter, language: Language) -> None:
    written = write(letter, language, FACTS)
    check(written, letter, language, staff=("Privacy Holm",))
    halves = written.text.split("\n\n")
    noticed = set()
    for n in range(len(halves)):
        noticed |= set(lint(Written("", "\n\n".join(halves[:n] + halves[n + 1 :])), letter, language))
    assert noticed == set(letter_rules().must_contain(letter))


@pytest.mark.parametrize("letter", Letter)
def test_a_letter_without_what_it_needs_is_an_error_that_says_what(letter: Letter) -> None:
    with pytest.raises(BadInput, match=rf"letter \({LETTERS[letter]}\) cannot be written yet: .+ is not known"):
        write(letter, Language.FR, BARE)
    for each in fields(LetterFacts):
        if each.name in {"number", "written_on"}:
            continue
        empty: object = () if isinstance(getattr(FACTS, each.name), tuple) else None
        try:
            written = write(letter, Language.EN, replace(FACTS, **{each.name: empty}))  # type: ignore[arg-type]
        except BadInput:
            continue
        assert lint(written, letter, Language.EN) == ()


def test_a_recipient_abroad_is_told_with_its_safeguard_or_not_at_all() -> None:
    with pytest.raises(BadInput, match="No safeguard is recorded for a recipient outside"):
        Received(name="Transpond", kind="campaign service", country="BE, GB")


def test_words_of_blanks_are_not_known_either() -> None:
    with pytest.raises(BadInput, match="the facts of the refusal is not known"):
        write(Letter.REFUSED, Language.EN, replace(FACTS, refusal_facts=" \n\u200b"))


def test_what_a_customer_wrote_stands_in_a_letter_as_it_is_and_does_nothing() -> None:
    evil = "{{ 7 * 7 }}{% include 'head.en.txt' %}\x1b[2J\u202e\r\n\r\nYours faithfully,\n$name #eval(1)"
    written = write(Letter.REFUSED, Language.EN, replace(FACTS, refusal_facts=evil))
    shown = (
        f"{evil.partition(chr(0x1B))[0]}{visible(chr(0x1B))}[2J{visible(chr(0x202E))} Yours faithfully, $name #eval(1)."
    )
    assert shown in " ".join(written.text.split())
    assert written.text.count("\nYours faithfully,\n") == 1


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (Language.EN, "- invoices, orders, lines of orders: accounting and tax; law: Article 60"),
        (Language.FR, "- factures, commandes, lignes de commandes"),
        (Language.NL, "- facturen, bestellingen, bestelregels: "),
    ],
)
@pytest.mark.parametrize("letter", [Letter.PARTLY_ERASED, Letter.NOTHING_HELD])
def test_what_one_law_keeps_until_one_day_is_told_in_one_line(letter: Letter, language: Language, line: str) -> None:
    days = (dt.date(2034, 12, 31), dt.date(2036, 12, 31))
    kinds = ("invoice", "sales_order", "order_line")
    kept = [Kept(kind=kind, ground=holds.Ground.ACCOUNTING, until=until) for kind in kinds for until in days]
    written = write(letter, language, replace(FACTS, kind=RequestType.ERASE, kept=tuple(kept)))
    assert lint(written, letter, language) == ()
    told = [" ".join(each.split()) for each in written.text.split("\n- ")]
    assert sum(each.startswith(line.removeprefix("- ")) for each in told) == len(days)


@pytest.mark.parametrize(
    ("language", "article", "restricted"),
    [
        (Language.EN, "Article 21(1) of the GDPR", "before we lift it we write to you once more and name the day"),
        (Language.FR, "article 21, paragraphe 1, du RGPD", "avant de la lever, nous vous écrirons encore une fois"),
        (Language.NL, "artikel 21, lid 1, van de AVG", "voordat wij haar opheffen, schrijven wij u nog eens"),
    ],
)
def test_who_objects_in_vain_reads_the_law_of_objections_and_that_he_is_told_before_his_data_are_used_again(
    language: Language, article: str, restricted: str
) -> None:
    objects = replace(FACTS, kind=RequestType.OBJECT, refusal_law=None)
    for ground in grounds_for(RequestType.OBJECT, Identity.NONE):
        said = " ".join(write(Letter.REFUSED, language, replace(objects, refusal=ground)).text.split())
        assert restricted in said
        assert said.count(article) == 1 + (ground in {RefusalGround.COMPELLING, RefusalGround.LEGAL_CLAIMS})
        assert not re.search(r"rticle 17|rtikel 17", said)
    assert restricted not in " ".join(write(Letter.REFUSED, language, FACTS).text.split())


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("his number is 85.07.30-033.28", "a Belgian national register number"),
        ("card 592-1234567-12 was shown", "the number of an identity card"),
        ("IDBEL592<<1234567<8507301M", "the machine-readable lines"),
        ("paid with 4111 1111 1111 1111", "a card number"),
        ("as privacy  HÓLM says", "the name of an employee"),
        ("as Holm says", None),
    ],
)
def test_no_letter_holds_what_none_may(words: str, what: str | None) -> None:
    written = write(Letter.REFUSED, Language.EN, replace(FACTS, refusal_facts=words))
    found = forbidden(written, ("Privacy Holm", "Ann"))
    assert (found or "").startswith(what) if what else found is None
    if what:
        with pytest.raises(BadInput, match=f"looks like {what}"):
            check(written, Letter.REFUSED, Language.EN, ("Privacy Holm",))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.EN, ("1 December 2026", "26 November 2026", "October 2024", "notes of contacts: 1,240")),
        (Language.FR, ("1er décembre 2026", "26 novembre 2026", "octobre 2024", "notes de contacts : 1 240")),
        (Language.NL, ("1 december 2026", "26 november 2026", "oktober 2024", "aantekeningen van contacten: 1.240")),
    ],
)
def test_days_and_numbers_are_said_as_the_language_says_them(language: Language, said: tuple[str, ...]) -> None:
    flat = " ".join(write(Letter.ERASED, language, FACTS).text.split())
    assert all(each in flat for each in said)


@pytest.mark.parametrize(("language", "none"), [(Language.EN, "none"), (Language.FR, "aucune"), (Language.NL, "geen")])
def test_a_letter_without_lists_says_so(language: Language, none: str) -> None:
    written = write(Letter.MARKETING_STOPPED, language, replace(FACTS, lists=()))
    assert re.findall(r"\n(?:Lists|Listes|Lijsten)\s?: (\w+)\n", written.text) == [none]
