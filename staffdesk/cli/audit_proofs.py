"""Proofs of one entry, and of the log's growth, for people who have the public key and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from staffdesk.cli.options import Home, Json, refuse_taken
from staffdesk.cli.output import put, put_json, say
from staffdesk.cli.seat import home_of
from staffdesk.domain.errors import BadInput

Key = Annotated[Path | None, typer.Option("--key", metavar="FILE", help="The public key of the checkpoints.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="A new file instead of standard output.")]


def prove(
    seq: Annotated[int | None, typer.Argument(metavar="[SEQ]", min=1, help="The entry's number.")] = None,
    *,
    checkpoint: Annotated[
        str, typer.Option("--checkpoint", metavar="FILE", help="A checkpoint that covers the entry.")
    ] = "latest",
    older: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Prove growth from this checkpoint.")
    ] = None,
    newer: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Prove growth up to this one.")] = None,
    key: Key = None,
    out: Out = None,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Prove that an entry stands in the log, or with --from and --to that the log only grew; needs the key file."""
    from staffdesk.services import proving  # noqa: PLC0415 - brings the data layer
    from staffdesk.services.new_files import write_new  # noqa: PLC0415 - as above

    if out is not None:
        refuse_taken(out, "The file for the proof")
    located = home_of(home)
    if seq is not None and newer is None and older is None:
        proof = proving.prove_entry(located, seq, None if checkpoint == "latest" else Path(checkpoint), key)
        text, data, shown = proof.to_text(), proving.proof_as_json(proof), f"{out} --key FILE"
    elif seq is None and newer is not None:
        growth = proving.prove_growth(located, older, newer, key)
        text, data = growth.to_text(), proving.growth_as_json(growth)
        # What begins with nothing is held against nothing: there is nothing to check but the checkpoint in it.
        shown = "" if older is None else f"{out} --from {older} --key FILE"
    else:
        raise BadInput("It is not said what to prove.", "Give an entry's number; or --from FILE --to FILE.")
    if out is not None:
        write_new(out, text.encode())
        how = f" It is checked anywhere: staffdesk audit check-proof {shown}" if shown else ""
        say(f"The proof is in {out}.{how}")
    elif as_json:
        put_json(data)
    else:
        put(text.removesuffix("\n"), lines=True)


def check_proof(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A proof that `audit prove` made.")],
    *,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The public key of the checkpoints.")],
    entry: Annotated[
        Path | None, typer.Option("--entry", metavar="FILE", help="The entry's own bytes, from an exported log.")
    ] = None,
    older: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Check growth from this checkpoint.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a proof offline with the public key alone. Exit code 0 it holds, 20 it does not."""
    from staffdesk.services import proving  # noqa: PLC0415 - as above

    if older is not None:
        found = proving.check_growth(file, key, older)
        said: dict[str, object] = {"origin": found.origin, "size": found.size, "root": found.root.hex()}
        line = f"Proved: the log over {found.size:,} entries begins with the older one."
    else:
        proved = proving.check_proof(file, key, entry)
        found = proved.checkpoint
        said = {"seq": proved.seq, "leaf": proved.leaf.hex(), "origin": found.origin, "size": found.size}
        what = "these bytes" if entry is not None else f"the entry with the leaf hash {proved.leaf.hex()}"
        line = f"Proved: {what} are entry {proved.seq:,} of the log when it had {found.size:,}."
        line = line if entry is not None else line.replace(" are entry", " is entry")
    if as_json:
        put_json(said)
    else:
        put(line)
