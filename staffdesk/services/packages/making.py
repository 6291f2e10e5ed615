"""Making a package of what was collected: the files, the manifest, the zip, and a place in the spool."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from staffdesk.domain import requests
from staffdesk.domain.errors import BadInput
from staffdesk.domain.packages import Contents, Manifest, Package, PackageRules, Redaction
from staffdesk.domain.packages import rules as shipped
from staffdesk.domain.requests import RequestType
from staffdesk.parameters.shapes import policy
from staffdesk.services.home import Home
from staffdesk.services.letters import Language, language_of
from staffdesk.services.packages.document import Document
from staffdesk.services.packages.hiding import Hidden, hide
from staffdesk.services.packages.html_form import html
from staffdesk.services.packages.json_form import access_json, port_json
from staffdesk.services.packages.packing import MANIFEST, manifest_json, packed, passphrase, sealed_zip
from staffdesk.services.packages.pdf_form import NoPdf, pdf
from staffdesk.services.packages.porting import provided
from staffdesk.services.packages.saying import Saying
from staffdesk.services.packages.spool import Spool
from staffdesk.services.packages.words import Words, words
from staffdesk.services.support_logs.enclosing import Enclosed

_PAGE, _PDF = "{}.html", "{}.pdf"
_BEHIND_LEFT = b"\n"
"""What stands in the spool between the ids of the places a package shows and the package."""
_DATA = {RequestType.ACCESS: "access", RequestType.PORT: "portability"}


class Packages:
    """Makes packages and keeps them sealed until they are sent; moves no request."""

    def __init__(self, home: Home, rules: PackageRules | None = None) -> None:
        """Keep packages in the spool of ``home``."""
        self._spool = Spool.of(home)
        self._rules = rules or shipped()

    def make(
        self,
        contents: Contents,
        kind: RequestType,
        *,
        language: Language | None = None,
        decided: Mapping[str, Redaction] | None = None,
        also: Sequence[str] = (),
        logs: Callable[[Language, int], Enclosed] | None = None,
    ) -> Package:
        """Return a new package in the spool; an earlier one of the same request is destroyed.

        Of others each place that was found is hidden but those ``decided`` to be left, by the findings' ids, and
        ``also``: words somebody named besides. ``logs`` gives what goes along of his support logs, in a language and
        up to so many bytes. The passphrase is in what is returned and nowhere else. Raises
        :class:`BadInput` for a request that is answered by no package, :class:`Conflict` for a decision on a place that
        is not there any more, :class:`StorageUnavailable`.
        """
        if kind not in _DATA:
            raise BadInput("A package answers requests for access and for portability.", "Answer it by its letter.")
        spoken = language or language_of(contents.language)
        known = words(spoken)
        if kind is RequestType.PORT:
            contents = replace(contents, held=provided(contents, self._rules.port))
        hidden = hide(contents, decided or {}, also, known.hide, self._rules)
        files, left_out = self._files(hidden, kind, spoken, known)
        if logs is not None:
            along = logs(spoken, self._rules.limits.logs_bytes)
            files |= along.files
            left_out |= {name: known.sentences[why] for name, why in along.left_out.items()}
        made_at = time.time_ns() // 1_000_000
        manifest = Manifest(
            number=contents.number,
            kind=kind.value,
            made_at=made_at,
            policy=policy().version,
            language=spoken.value,
            files=tuple(packed(name, content) for name, content in files.items()),
            left_out=left_out,
            hidden={each.value: count for each, count in sorted(hidden.counts.items())},
        )
        secret = passphrase()
        whole = sealed_zip({**files, MANIFEST: manifest_json(manifest)}, made_at, secret)
        left = ",".join(sorted(each for each, what in (decided or {}).items() if what is Redaction.LEAVE))
        self._spool.put(contents.number, left.encode() + _BEHIND_LEFT + whole, made_at)
        sent = packed(contents.number, whole)
        return Package(manifest=manifest, passphrase=secret, size=sent.size, sha256=sent.sha256)

    def take(self, number: str) -> bytes:
        """Return the package of a request as it is sent; raises :class:`NotFound`, :class:`StorageUnavailable`."""
        return self._spool.take(number).partition(_BEHIND_LEFT)[2]

    def left(self, number: str) -> frozenset[str]:
        """Return which places the package that waits shows, by the findings' ids; raises as :meth:`take`."""
        listed = self._spool.take(number).partition(_BEHIND_LEFT)[0].decode()
        return frozenset(listed.split(",")) - {""}

    def holds(self, number: str) -> bool:
        """Say whether a package of a request waits."""
        return self._spool.holds(number)

    def sent(self, number: str) -> bool:
        """Destroy the package of a request that is known to have been sent; say whether there was one."""
        return self._spool.destroy(number)

    def run_due(self, now: int | None = None) -> int:
        """Destroy every package that waited too long; ``now`` is UTC milliseconds. Return how many."""
        moment = time.time_ns() // 1_000_000 if now is None else now
        return self._spool.destroy_older(requests.rules().periods.spool_days, moment)

    def _files(
        self, hidden: Hidden, kind: RequestType, language: Language, known: Words
    ) -> tuple[dict[str, bytes], dict[str, str]]:
        saying, contents = Saying(known, language.value, self._rules), hidden.contents
        if kind is RequestType.PORT:
            document = saying.port(contents)
            data = port_json(contents, document)
        else:
            document = saying.access(contents, hidden.counts)
            data = access_json(contents, document, hidden.counts)
        name = _DATA[kind]
        files, left_out = {f"{name}.json": data, _PAGE.format(name): html(document)}, {}
        try:
            files[_PDF.format(name)] = self._pdf(document, contents, known)
        except NoPdf as error:
            left_out[_PDF.format(name)] = error.sentence
        return files, left_out

    def _pdf(self, document: Document, contents: Contents, known: Words) -> bytes:
        if document.cells > self._rules.limits.pdf_cells:
            raise NoPdf(known.sentences["pdf_large"])
        try:
            return pdf(document, contents.number, contents.collected_at)
        except NoPdf as error:
            raise NoPdf(known.sentences["pdf_missing"], error.hint) from error
