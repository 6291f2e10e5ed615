"""Key pairs of who signs outside the desk: the seed in FILE.key, mode 0600, its public half in FILE.vkey beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from staffdesk.audit.checkpoint import ED25519, CheckpointError, generate_key, verifier_key
from staffdesk.domain.errors import BadInput
from staffdesk.services.home import read_secret, write_secret
from staffdesk.services.public_keys import read_key

_ENDING: Final = ".key"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, and the text of its public half, which names it."""

    seed: bytes = field(repr=False)
    vkey: str

    @property
    def name(self) -> str:
        """The name that stands before its signatures."""
        return self.vkey.partition("+")[0]


def make_key(file: Path, name: str, kind: int = ED25519) -> SigningKey:
    """Write a new pair; raises :class:`BadInput` for a name no note can hold."""
    if file.suffix != _ENDING:
        raise BadInput("The file of a new key must end in .key: its public half is put beside it.", "Name it x.key.")
    seed = generate_key()
    try:
        vkey = verifier_key(name, seed, kind)
    except CheckpointError as error:
        raise BadInput(str(error), "Name the key after a host: --name seal.desk.example") from error
    write_secret(file, seed.hex())
    write_secret(file.with_suffix(".vkey"), vkey)
    return SigningKey(seed, vkey)


def read_pair(file: Path, kind: int = ED25519) -> SigningKey:
    """Return a pair; raises :class:`BadInput` where the halves do not belong together or are for another purpose."""
    seed = bytes.fromhex(read_secret(file, "The key file", "make another: staffdesk audit new-key FILE --name NAME"))
    vkey = read_key(file.with_suffix(".vkey"))
    try:
        whole = vkey == verifier_key(vkey.partition("+")[0], seed, kind)
    except CheckpointError:
        whole = False
    if not whole:
        raise BadInput(
            f"{file.name} and the .vkey beside it are no pair for this.",
            "Make one: staffdesk audit new-key FILE --name NAME, with --witness for cosignatures.",
        )
    return SigningKey(seed, vkey)
