"""Tickets made up for each support service, and tickets written again as the files they may have come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from hypothesis import strategies as st

from staffdesk.domain.imported import ImportedParty
from staffdesk.domain.imported_tickets import FIRST_MESSAGE, ImportedMessage, ImportedTicket, Said
from staffdesk.services.importing.profiles import profile
from staffdesk.services.importing.ticket_words import TicketWords

Document: TypeAlias = list[dict[str, object]]
Record: TypeAlias = ImportedTicket | ImportedMessage

_NAME: Final = st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=12)
_TEXT: Final = st.text(alphabet="aé ß日\n<>&|\"'\\:;,", min_size=1, max_size=20).map(lambda text: f"it{text}stops")
_MOMENT: Final = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 9, 1)).map(  # noqa: DTZ001 - bounds are naive
    lambda moment: moment.isoformat("T", "seconds") + "Z"
)
_FILES: Final = st.integers(0, 2).map(lambda many: [{"name": f"{number}.log"} for number in range(many)])
_AGENTS: Final = {"5": "anna@house.example", "6": ""}
_OTHERS: Final = {"90": "ole@lund.example", "91": "ida@lund.example"}
_NOBODY: Final = "999"
_PRODUCT, _SOLVED = "301", "302"


@st.composite
def _person(draw: st.DrawFn) -> dict[str, object]:
    email = draw(st.none() | st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True))
    return {"name": draw(_NAME), "email": email, "phone": draw(st.none() | st.just("+4555550142"))}


def _some(draw: st.DrawFn, **strategies: st.SearchStrategy[object]) -> dict[str, object]:
    """Draw a value for each field, or leave it out."""
    return {name: draw(strategy) for name, strategy in strategies.items() if draw(st.booleans())}


@st.composite
def freshdesk(draw: st.DrawFn) -> Document:
    """Draw what Freshdesk's API lists: agents, tickets with their conversations, and conversations alone."""
    words = _words("freshdesk")
    tickets: Document = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        own = _some(draw, cf_product=_NAME, cf_resolution=_TEXT)
        requester = draw(st.sampled_from([77, 78]))
        tickets.append(
            {
                "id": number, "status": draw(st.sampled_from([2, 3, 4, 5, 8])), "requester_id": requester,
                "source": draw(st.sampled_from([*map(int, words.channels), 99])), "created_at": draw(_MOMENT),
                "conversations": [draw(_conversation(words, at)) for at in range(draw(st.integers(0, 3)))],
                "custom_fields": own,
                **_some(
                    draw, subject=_NAME, description_text=_TEXT, updated_at=_MOMENT, attachments=_FILES,
                    requester=_person(), responder_id=st.sampled_from([5, 6]), company=_NAME.map(_named),
                    stats=_MOMENT.map(lambda moment: {"closed_at": moment}),
                ),
            }
        )  # fmt: skip
    alone = [{**draw(_conversation(words, 50)), "ticket_id": 1} for _ in range(draw(st.integers(0, 1)))]
    return [*_agents("freshdesk"), *tickets, *alone]


@st.composite
def _conversation(draw: st.DrawFn, words: TicketWords, at: int) -> dict[str, object]:
    senders = [*_AGENTS.values(), *_OTHERS.values()]
    return {
        "id": 100 + at, "created_at": draw(_MOMENT), "incoming": draw(st.booleans()), "private": draw(st.booleans()),
        "source": draw(st.sampled_from([*map(int, words.message_channels), 99])), "body_text": draw(_TEXT),
        **_some(draw, attachments=_FILES, user_id=st.sampled_from([5, 6, 77]), from_email=st.sampled_from(senders)),
    }  # fmt: skip


@st.composite
def zendesk(draw: st.DrawFn) -> Document:
    """Draw what Zendesk's API lists: users, organizations, fields, tickets with their comments, and comments alone."""
    people = [{"id": 77, "role": "end-user", **draw(_person())}] if draw(st.booleans()) else []
    tickets: Document = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        own = _some(draw, product=_NAME, solved=_TEXT)
        numbers = {"product": _PRODUCT, "solved": _SOLVED}
        tickets.append(
            {
                "id": number, "requester_id": 77, "created_at": draw(_MOMENT), "via": draw(_via()),
                "status": draw(st.sampled_from(["new", "open", "pending", "solved", "closed"])),
                "comments": [draw(_comment(at, 77)) for at in range(draw(st.integers(0, 3)))],
                "custom_fields": [{"id": numbers[name], "value": value} for name, value in own.items()],
                **_some(
                    draw, subject=_NAME, description=_TEXT, updated_at=_MOMENT, assignee_id=st.sampled_from([5, 6]),
                    organization_id=st.just(3), metric_set=_MOMENT.map(lambda moment: {"solved_at": moment}),
                ),
            }
        )  # fmt: skip
    alone = [{**draw(_comment(50, 90)), "ticket_id": 1} for _ in range(draw(st.integers(0, 1)))]
    company = {"id": 3, "name": draw(_NAME), "domain_names": []}
    return [*_agents("zendesk"), *_end_users(), *_OWN_FIELDS, *people, company, *tickets, *alone]


@st.composite
def _comment(draw: st.DrawFn, at: int, asking: int) -> dict[str, object]:
    authors = st.sampled_from([asking, 5, 6, 90, 91, int(_NOBODY)])
    text = draw(_TEXT)
    return {
        "id": 100 + at, "author_id": draw(authors), "public": draw(st.booleans()), "created_at": draw(_MOMENT),
        "via": draw(_via()), "body": text, **_some(draw, plain_body=st.just(text), attachments=_FILES),
    }  # fmt: skip


def _via() -> st.SearchStrategy[dict[str, object]]:
    return st.sampled_from([*_words("zendesk").channels, "rule"]).map(lambda channel: {"channel": channel})


_OWN_FIELDS: Final[Document] = [
    {"id": _PRODUCT, "type": "text", "title": "Product"}, {"id": _SOLVED, "type": "text", "title": "Resolution"},
]  # fmt: skip


def _words(source: str) -> TicketWords:
    words = profile(source).tickets
    assert words is not None
    return words


def _named(name: str) -> dict[str, object]:
    return {"name": name}


def _agents(source: str) -> Document:
    if source == "zendesk":
        return [{"id": number, "role": "agent", "name": "A", "email": email} for number, email in _AGENTS.items()]
    return [{"id": number, "ticket_scope": 1, "contact": {"email": email}} for number, email in _AGENTS.items()]


def _end_users() -> Document:
    return [{"id": number, "role": "end-user", "name": "O", "email": email} for number, email in _OTHERS.items()]


def as_freshdesk(records: Sequence[Record]) -> Document:
    """Write tickets and messages as Freshdesk lists them."""
    return [*_agents("freshdesk"), *(_freshdesk(each) for each in records)]


def _freshdesk(record: Record) -> dict[str, object]:
    words = _words("freshdesk")
    if isinstance(record, ImportedMessage):
        return {**_as_conversation(words, record, words.other_channel), "ticket_id": record.ticket}
    first = next((each for each in record.messages if each.id == FIRST_MESSAGE), None)
    party = record.party or ImportedParty()
    return {
        "id": record.number, "subject": record.subject, "source": _word_for(words.channels, record.channel),
        "status": 2 if record.closed_at is None else 5, "created_at": _told(record.opened_at),
        "stats": {"closed_at": _told(record.closed_at)}, "requester_id": party.account_id or "77",
        "requester": {"name": party.family_name, "email": party.email, "phone": party.phone},
        "company": party.company and {"name": party.company}, "responder_id": _number(_AGENTS, record.agent),
        "custom_fields": {"cf_product": record.product, "cf_resolution": record.resolution},
        "description_text": first and first.text, "attachments": [{}] * (first.attachments if first else 0),
        "conversations": [
            _as_conversation(words, each, record.channel) for each in record.messages if each is not first
        ],
    }  # fmt: skip


def _as_conversation(words: TicketWords, said: ImportedMessage, channel: str) -> dict[str, object]:
    source = "99" if said.channel == channel else _word_for(words.message_channels, said.channel)
    return {
        "id": said.id, "created_at": _told(said.said_at), "source": source, "body_text": said.text,
        "private": said.said is Said.AMONG_US, "incoming": said.said is Said.ASKED or said.sender is not None,
        "from_email": said.agent or said.sender, "attachments": [{}] * said.attachments,
    }  # fmt: skip


def as_zendesk(records: Sequence[Record]) -> Document:
    """Write tickets and messages as Zendesk lists them, with whom they name."""
    tickets = [each for each in records if isinstance(each, ImportedTicket)]
    parties = {each.party.account_id: each.party for each in tickets if each.party is not None}
    people: Document = [
        {"id": number, "role": "end-user", "name": party.family_name, "email": party.email, "phone": party.phone}
        for number, party in parties.items()
    ]
    companies = sorted({each.party.company for each in tickets if each.party and each.party.company})
    organizations: Document = [{"id": name, "name": name, "domain_names": []} for name in companies]
    return [*_agents("zendesk"), *_end_users(), *_OWN_FIELDS, *people, *organizations, *map(_zendesk, records)]


def _zendesk(record: Record) -> dict[str, object]:
    words = _words("zendesk")
    if isinstance(record, ImportedMessage):
        return {**_as_comment(words, record, None), "ticket_id": record.ticket}
    own = {_PRODUCT: record.product, _SOLVED: record.resolution}
    party = record.party or ImportedParty(account_id="77")
    one = record.messages[0] if len(record.messages) == 1 else None
    told = one is not None and one.said is Said.ASKED and one.sender is None and one.said_at == record.opened_at
    return {
        "id": record.number, "subject": record.subject, "created_at": _told(record.opened_at),
        "via": {"channel": _word_for(words.channels, record.channel)}, "requester_id": party.account_id,
        "status": "open" if record.closed_at is None else "closed", "assignee_id": _number(_AGENTS, record.agent),
        "metric_set": {"solved_at": _told(record.closed_at)}, "organization_id": party.company,
        "custom_fields": [{"id": number, "value": value} for number, value in own.items() if value is not None],
        **(
            {"description": one.text} if told and one is not None
            else {"comments": [_as_comment(words, each, party) for each in record.messages]}
        ),
    }  # fmt: skip


def _as_comment(words: TicketWords, said: ImportedMessage, party: ImportedParty | None) -> dict[str, object]:
    if said.agent or said.said is Said.ANSWERED:
        author = _number(_AGENTS, said.agent or "")
    elif party is not None and said.sender == party.email and said.said in {Said.ASKED, Said.AMONG_US}:
        author = party.account_id if said.said is Said.ASKED or said.sender else _NOBODY
    else:
        author = _number(_OTHERS, said.sender)
    return {
        "id": "0" if said.id == FIRST_MESSAGE else said.id, "author_id": author or _NOBODY, "body": said.text,
        "public": said.said is not Said.AMONG_US, "created_at": _told(said.said_at),
        "via": {"channel": _word_for(words.channels, said.channel)}, "attachments": [{}] * said.attachments,
    }  # fmt: skip


def _told(moment: dt.datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _number(listed: Mapping[str, str], email: str | None) -> str | None:
    return next((number for number, known in listed.items() if known == email), None)


def _word_for(channels: Mapping[str, str], channel: str) -> str:
    return next((word for word, known in channels.items() if known == channel), "99")


FORMS: Final[Mapping[str, tuple[Callable[[], st.SearchStrategy[Document]], Callable[[Sequence[Record]], Document]]]] = {
    "freshdesk": (freshdesk, as_freshdesk),
    "zendesk": (zendesk, as_zendesk),
}


def told(document: Iterable[Mapping[str, object]]) -> tuple[list[str], int, int]:
    """Return every text that somebody wrote in a document, how many notes among us it has, and how many files."""
    said: list[str] = []
    notes = files = 0
    for record in document:
        inside = record.get("comments") or record.get("conversations") or []
        assert isinstance(inside, list)
        of_ticket = [] if record.get("comments") else [record.get("description_text") or record.get("description")]
        of_message = [each.get("body_text") or each.get("body") for each in (record, *inside)]
        said += [text.strip() for text in (*of_ticket, *of_message) if isinstance(text, str)]
        notes += sum(each.get("private") is True or each.get("public") is False for each in (record, *inside))
        files += sum(len(each.get("attachments", [])) for each in (record, *inside))
    return sorted(said), notes, files
