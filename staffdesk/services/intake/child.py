"""Reads one mail from standard input and prints what may be known of it; run alone, in a process that can do little.

Nothing of the desk is imported here, and nothing but the standard library: the process may open a few files to read,
write none, start no other and use little memory and time. What an attachment holds is neither decoded nor printed.
"""

from __future__ import annotations

import contextlib
import email.header
import email.message
import email.parser
import email.policy
import email.utils
import html.parser
import json
import re
import runpy
import sys
from pathlib import Path
from typing import Final

REFUSED: Final = 3
"""The exit code where the mail is refused; the reason is printed as JSON."""

_CONFINED: Final = Path(__file__).parents[1] / "confined.py"
_PARTS_BEFORE_PARSING: Final = re.compile(rb"(?i)boundary\s*=|message/rfc822")
_WORDS_OF_LISTS: Final = ("bulk", "list", "junk", "auto_reply")
_HIDDEN: Final = {"script", "style", "head", "title", "template"}
_PICTURES: Final = {"jpg", "jpeg", "png", "heic", "heif", "gif", "bmp", "tif", "tiff", "webp"}
_BREAKS: Final = {"p", "div", "br", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr", "blockquote"}
_BYTES: Final = re.compile(
    r"^begin(?:-base64)? [0-7]{3,4} [^\n]*\n.*?(?:^(?:end|====)[ \t]*$|\Z)"
    r"|data:[a-z]+/[-+.\w]+[^,\s]{0,60};base64,[A-Za-z0-9+/=\s]+"
    r"|(?:^[ \t>]*[A-Za-z0-9+/]{60,}={0,2}[ \t]*$\n?)+(?:^[ \t>]*[A-Za-z0-9+/]{2,}={1,2}[ \t]*$\n?)?"
    r"|[A-Za-z0-9+/]{120,}={0,2}",
    re.DOTALL | re.MULTILINE,
)
"""What is a file though it stands in the text: uuencoded, a data address, base64."""
_SPACES: Final = re.compile(r"[ \t\xa0]+")
_LONGEST_HEADER: Final = 2_000
_LONGEST_NAME: Final = 200
_MOST_RECIPIENTS, _MOST_RESULTS = 50, 5
_MARKUP: Final = 20
"""How many characters of markup are read for one of text: what a mail program writes around it is that much at most."""


class Refused(Exception):
    """The mail is not read on; the message is one word for the parent."""


class _Words(html.parser.HTMLParser):
    """The text of a mail in HTML: a quote's lines are marked as in plain text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BREAKS:
            self._break()
        self.pieces.extend(" " if tag in {"td", "th"} else "")
        if tag == "blockquote":
            self._quoted += 1
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in _BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))

    def _break(self) -> None:
        self.pieces.append("\n" + "> " * self._quoted)


def _plain(markup: str) -> str:
    words = _Words()
    words.feed(markup)
    words.close()
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(words.pieces).split("\n")]
    # An empty line parts paragraphs; of several in a row one is enough.
    return re.sub(r"\n{3,}", "\n\n", "\n".join("" if set(line) <= {">", " "} else line for line in lines)).strip()


def _decoded(raw: str) -> str:
    # An unknown character set, or bytes that are none of it: the raw text is shown as it came.
    with contextlib.suppress(LookupError, ValueError, email.errors.HeaderParseError):
        raw = str(email.header.make_header(email.header.decode_header(raw)))
    return " ".join(raw.split())


def _header(message: email.message.Message, name: str) -> str:
    return _decoded(str(message.get(name, "") or "")[:_LONGEST_HEADER])


def _address(message: email.message.Message, name: str) -> tuple[str, str]:
    shown, address = email.utils.parseaddr(str(message.get(name, "") or "")[:_LONGEST_HEADER])
    return _decoded(shown), address


def _recipients(message: email.message.Message) -> list[str]:
    raw = [str(each)[:_LONGEST_HEADER] for name in ("to", "cc") for each in message.get_all(name, [])]
    return [address for _, address in email.utils.getaddresses(raw) if address][:_MOST_RECIPIENTS]


def _results(message: email.message.Message) -> list[str]:
    """Return what servers say of its sender, the last server first; nothing where it does not name one sender."""
    senders = email.utils.getaddresses([str(each) for each in message.get_all("from", [])])
    said = []
    if len(senders) == 1:
        said = message.get_all("authentication-results", [])[:_MOST_RESULTS]
    return [" ".join(str(each)[:_LONGEST_HEADER].split()) for each in said]


def _moment(message: email.message.Message) -> tuple[int | None, bool]:
    """Return when our own server took the mail in, or else when its sender says it was sent, and whether that is so."""
    received = [str(each).rpartition(";")[2] for each in message.get_all("received", [])[:1]]
    for text, claimed in (*((each, False) for each in received), (str(message.get("date", "") or ""), True)):
        try:
            return int(email.utils.parsedate_to_datetime(text.strip()).timestamp() * 1000), claimed
        except (TypeError, ValueError, IndexError, OverflowError, OSError):
            continue
    return None, False


def _file_name(part: email.message.Message) -> str:
    # A name in a character set that is none: the part came along, under no name.
    with contextlib.suppress(LookupError, ValueError):
        return str(part.get_filename() or "")
    return "?"


def _without_odd_charsets(message: email.message.Message) -> None:
    """Take away the names of what is no character set of texts: the parser itself fails on some."""
    for part in message.walk():
        try:
            b"a\xff".decode(part.get_content_charset("ascii"), "replace")
        except (LookupError, ValueError):
            part.del_param("charset")


def _kind(part: email.message.Message) -> str:
    kind = part.get_content_type()
    ending = _decoded(_file_name(part)).rpartition(".")[2].lower()
    if kind.startswith("image/") or ending in _PICTURES:
        return "image"
    if "pdf" in kind or ending == "pdf":
        return "pdf"
    if kind.startswith("message/"):
        return "mail"
    if ending == "zip" or "zip" in kind:
        return "zip"
    return "text" if kind.startswith("text/") else "other"


def _size(part: email.message.Message) -> int:
    """Return how many bytes an attachment has, from the length of what stands for them."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        # A mail that came along: what it holds is not counted one by one.
        return len(payload) if isinstance(payload, list) else 0
    if str(part.get("content-transfer-encoding", "")).strip().lower() != "base64":
        return len(payload)
    letters = sum(len(line.strip()) for line in payload.split("\n"))
    return letters * 3 // 4 - payload.rstrip()[-2:].count("=")


def _without_files(text: str) -> tuple[str, list[dict[str, object]]]:
    found: list[dict[str, object]] = [{"kind": "other", "size": len(each[0])} for each in _BYTES.finditer(text)]
    return _BYTES.sub("[a file]\n", text), found


def _text(part: email.message.Message) -> str:
    if not isinstance(raw := part.get_payload(decode=True), bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return raw.decode(charset)
        except (LookupError, ValueError):
            continue
    return raw.decode("latin-1")


def _leaves(
    message: email.message.Message, most: int, depth: int
) -> tuple[list[email.message.Message], list[email.message.Message]]:
    """Return the parts that are text to read, and those that came along; a mail within a mail came along."""
    texts: list[email.message.Message] = []
    others: list[email.message.Message] = []
    waiting = [(message, 0)]
    while waiting:
        part, level = waiting.pop(0)
        if level > depth or len(texts) + len(others) > most:
            raise Refused("deep")
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += [(each, level + 1) for each in payload if isinstance(each, email.message.Message)]
        elif (
            part.get_content_type() in {"text/plain", "text/html"}
            and part.get_content_disposition() != "attachment"
            and not _file_name(part)
        ):
            texts.append(part)
        else:
            others.append(part)
    return texts, others


def _returned(message: email.message.Message) -> list[dict[str, str]]:
    """Return the addresses that a notice of delivery tells of, each with what became of the mail (RFC 3464)."""
    parts = message.walk() if message.get_content_type() == "multipart/report" else ()
    # Some servers put a sentence in a part of this type before the one with the fields.
    reports = [part.get_payload() for part in parts if part.get_content_type() == "message/delivery-status"]
    return [
        {"address": address, "action": _header(each, "action").lower(), "status": _header(each, "status")[:20]}
        for each in (block for blocks in reports if isinstance(blocks, list) for block in blocks)
        # Where a mail was sent on, the address we wrote to is the first one's.
        if isinstance(each, email.message.Message)
        and (told := _header(each, "original-recipient") or _header(each, "final-recipient"))
        and (address := told.rpartition(";")[2].strip("<> "))
    ]


def read(raw: bytes, *, characters: int, parts: int, depth: int, names: bool = False) -> dict[str, object]:
    """Return what may be known of a mail, with the ``names`` of what came along if asked; raises :class:`Refused`."""
    if len(_PARTS_BEFORE_PARSING.findall(raw)) > parts:
        raise Refused("deep")
    message = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(raw)
    _without_odd_charsets(message)
    name, sender = _address(message, "from")
    if not sender and not message.get("subject"):
        raise Refused("no mail")
    texts, others = _leaves(message, parts, depth)
    plain = [_text(each) for each in texts if each.get_content_type() == "text/plain"]
    text = "\n\n".join(plain) if any(each.strip() for each in plain) else ""
    if not text:
        pages = [_text(each) for each in texts if each.get_content_type() == "text/html"]
        text = "\n\n".join(_plain(each[: characters * _MARKUP]) for each in pages)
    text, inside = _without_files(text.replace("\r\n", "\n").replace("\r", "\n"))
    received_at, claimed = _moment(message)
    return {
        "sender": sender,
        "sender_name": name,
        "reply_to": _address(message, "reply-to")[1],
        "subject": _header(message, "subject"),
        "text": text[:characters],
        "cut": len(text) > characters,
        "message_id": _header(message, "message-id"),
        "answers": f"{_header(message, 'in-reply-to')} {_header(message, 'references')}".strip(),
        "received_at": received_at,
        "claimed": claimed,
        "automatic": _header(message, "auto-submitted").lower() not in {"", "no"}
        or _header(message, "precedence").lower() in _WORDS_OF_LISTS
        or message.get("list-id") is not None
        or message.get_content_type() == "multipart/report",
        "recipients": _recipients(message),
        "results": _results(message),
        "returned": _returned(message)[:parts],
        "attachments": [*(_attached(each, names=names) for each in others), *inside],
    }


def _attached(part: email.message.Message, *, names: bool) -> dict[str, object]:
    known: dict[str, object] = {"kind": _kind(part), "size": _size(part)}
    return known | ({"name": _decoded(_file_name(part))[:_LONGEST_NAME]} if names else {})


def main(arguments: list[str]) -> int:
    """Read standard input and print what was read as JSON; return the exit code."""
    seconds, megabytes, most, characters, parts, depth, names = map(int, arguments)
    runpy.run_path(str(_CONFINED))["limit"](seconds, megabytes)
    try:
        raw = sys.stdin.buffer.read(most + 1)
        if len(raw) > most:
            raise Refused("large")  # noqa: TRY301 - as every other refusal
        answer = read(raw, characters=characters, parts=parts, depth=depth, names=bool(names))
    except Refused as error:
        sys.stdout.write(json.dumps({"refused": str(error)}))
        return REFUSED
    except (RecursionError, MemoryError):
        sys.stdout.write(json.dumps({"refused": "deep"}))
        return REFUSED
    sys.stdout.write(json.dumps(answer))
    return 0
