"""A reply is read without what it quotes, and what it quotes says which case it answers.

Seen to fail: with the quote's header block not looked for, with the first of several numbers taken, with the words not
screened, and with the header's time taken as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.intake import may_have_card, note_of, reading_of, receipt_of
from staffdesk.domain.request_letters import LetterKind
from staffdesk.domain.request_mail import Attachment, AttachmentKind, RequestMail, answered_case, own_words
from staffdesk.services.intake.reading import load, read_mail

_REPLIES: Final = Path(__file__).resolve().parents[4] / "shared" / "realdata" / "eml-replies"
_OURS: Final = "Dear Elodie Dupont,\n\nWe received your request for access. Its number is DSR-2026-0012.\n"


def mail(text: str, subject: str = "Re: your request", **values: object) -> RequestMail:
    known = {"sender": "a@b.example", "sender_name": "", "reply_to": "", "message_id": "<1@b.example>"}
    return RequestMail(subject=subject, text=text, **{**known, **values})  # type: ignore[arg-type] # a test's own words


def _quoted(words: str) -> str:
    return "\n".join(f"> {line}" for line in words.split("\n"))


_FROM: Final = "Softron <privacy@softron.example>"
QUOTES: Final = {
    "gmail": f"Hello\n\nOn Mon, Nov 2, 2026 at 6:26 PM, {_FROM} wrote:\n\n{_quoted(_OURS)}",
    "gmail wrapped": f"Hello\n\nOn Mon, Nov 2, 2026 at 6:26, Softron\n<a@softron.example> wrote:\n\n{_quoted(_OURS)}",
    "apple": f"Hello\n\nLe 2 nov. 2026 \xe0 18:26, {_FROM} a \xe9crit :\n\n{_quoted(_OURS)}",
    "thunderbird": f"Am 02.11.2026 um 18:26 schrieb Softron:\n{_quoted(_OURS)}\nHello",
    "dutch": f"Hello\n\nOp ma 2 nov. 2026 om 18:26 schreef {_FROM}:\n\n{_quoted(_OURS)}",
    "outlook": f"Hello\n\nFrom: Softron\nSent: Monday, November 2, 2026 6:26 PM\nTo: Elodie\nSubject: x\n\n{_OURS}",
    "outlook fr": f"Hello\n\nDe : Softron\nEnvoy\xe9 : lundi 2 novembre\n\xc0 : Elodie\nObjet : x\n\n{_OURS}",
    "old outlook": f"Hello\n\n-----Original Message-----\nFrom: Softron\n\n{_OURS}",
    "unmarked": f"Hello\n\n{_quoted(_OURS)}",
}


@pytest.mark.parametrize("text", QUOTES.values(), ids=QUOTES)
def test_a_reply_is_read_without_our_letter_and_joins_its_case(text: str) -> None:
    assert own_words(text) == "Hello"
    assert answered_case(mail(text)) == "DSR-2026-0012"


@pytest.mark.skipif(not _REPLIES.is_dir(), reason="the replies of 14 mail programs do not lie beside the repository")
@pytest.mark.parametrize("file", sorted(_REPLIES.glob("standard_replies/*.eml")), ids=lambda path: path.stem)
def test_replies_of_real_mail_programs_are_read_without_what_they_quote(file: Path) -> None:
    assert own_words(read_mail(load(file)).text).split("\n")[0].strip() == "Hello"
    # What they quote says Hi; here it says the number of a case too, but where it is encoded.
    read = read_mail(re.sub(rb"\bHi\b", b"Hi DSR-2026-0012", load(file)))
    assert answered_case(read) == ("DSR-2026-0012" if "DSR" in read.text else None)
    assert "DSR" not in own_words(read.text)


@pytest.mark.parametrize(
    ("subject", "text", "case"),
    [
        ("Re: [DSR-2026-0012] Your request", "see DSR-2026-0099 too", "DSR-2026-0012"),
        ("hello", "my number is dsr 2026 12", "DSR-2026-0012"),
        ("hello", "it is DSR\u20112026\u20110012.", "DSR-2026-0012"),
        ("hello", "DSR-2026-0012 and DSR-2026-0013", None),
        ("hello", "C-2026-0012, XDSR-2026-0012, DSR-2026-0000", None),
        ("hello", "nothing", None),
    ],
)
def test_the_case_is_the_one_that_is_named_and_several_are_nobodys_guess(
    subject: str, text: str, case: str | None
) -> None:
    assert answered_case(mail(text, subject)) == case


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    assert len(own_words(text)) <= len(text)
    read = mail(text, text[:80])
    assert reading_of(read).kind in LetterKind
    note, why = note_of(read)
    assert not (note and why)


def test_what_must_not_be_held_is_not_kept_because_a_customer_wrote_it() -> None:
    note, why = note_of(mail("My card is 4111 1111 1111 1111, please delete it from my account."))
    assert note is None
    assert why
    assert "4111" not in why
    note, _ = note_of(mail("a\u202eb \x1b[2J"))
    assert note is not None
    assert "\x1b" not in note


NOW: Final = int(dt.datetime(2026, 11, 26, tzinfo=dt.UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("stated", "taken"), [(NOW - 1, NOW - 1), (NOW + 1, NOW), (None, NOW), (0, NOW), (-(2**60), NOW)]
)
def test_the_receipt_is_what_the_header_says_but_never_in_the_future(stated: int | None, taken: int) -> None:
    assert receipt_of(mail("x", received_at=stated), NOW) == taken


def test_a_logo_is_no_card_and_a_pdf_may_be_one() -> None:
    kinds = AttachmentKind
    assert not may_have_card(mail("x", attachments=(Attachment(kinds.IMAGE, 4_000), Attachment(kinds.TEXT, 10**6))))
    assert may_have_card(mail("x", attachments=(Attachment(kinds.IMAGE, 400_000),)))
    assert may_have_card(mail("x", attachments=(Attachment(kinds.PDF, 900),)))


def test_whatever_else_came_along_may_be_a_card_but_small_things_and_text() -> None:
    kinds = AttachmentKind
    assert may_have_card(mail("x", attachments=(Attachment(kinds.OTHER, 90_000),))), "an archive, a document"
    assert may_have_card(mail("x", attachments=(Attachment(kinds.MAIL, 1),))), "a mail that was passed on"
    assert not may_have_card(mail("x", attachments=(Attachment(kinds.OTHER, 5_000),))), "a signature"


def test_a_date_that_only_the_sender_tells_is_the_receipt_for_a_month_alone() -> None:
    day = 24 * 3600 * 1000
    recent, old = NOW - 30 * day, NOW - 32 * day
    assert receipt_of(mail("x", received_at=recent, claimed=True), NOW) == recent
    assert receipt_of(mail("x", received_at=old, claimed=True), NOW) == NOW
    assert receipt_of(mail("x", received_at=old), NOW) == old


@pytest.mark.parametrize(
    "words", ["I was born on 12 April 1971", "my passport is EK123456", "I have diabetes", "find me at insta: @anna.p"]
)
def test_what_may_not_be_noted_of_somebody_is_not_kept_because_he_wrote_it_himself(words: str) -> None:
    note, unkept = note_of(mail(f"Please delete all of it. {words}."))
    assert note is None
    assert unkept
