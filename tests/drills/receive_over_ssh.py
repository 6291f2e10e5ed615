"""Checkpoints that leave the house over SSH: a real sshd, a sealer with its own key, and a folder that only grows.

``python -m tests.drills.receive_over_ssh``, as root on Linux with openssh-server. In a namespace that is thrown away it
puts in place what ``help/sealing.md`` prints, word for word: the account ``notes`` and its one command on one side, on
the other a desk, a sealer of its own user and the line that sends. Then it tries what whoever holds the sender's SSH
key could, cuts lines, and fills the disk. Where it cannot run it says why and ends with 2; what does not hold ends it
with 1. ``--without WORD`` leaves out the printed lines that hold the word, or the word in the line of the key;
``--only WORD`` runs the drills whose names hold it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.drills.far_folder import Far, Open, closed, far_folder
from tests.drills.network import SECRET, ask, free_port, listener
from tests.drills.server import SSH, CannotRun, enter_namespace, run

_PATIENCE: Final = 240.0


def a_note_arrives_and_is_a_new_file(at: Far) -> None:
    at.seal()
    before = at.kept()
    closed(at.send_newest().code == 0, "the note was not taken")
    closed(at.send_newest().code == 0, "the same note again was not taken")
    (name,) = at.kept().keys() - before.keys()
    at.grow()
    at.seal()
    closed(at.send_newest().code == 0, "the next note was not taken")
    kept = at.kept()
    closed(len(kept) == len(before) + 2 and kept[name] == at.notes()[0], "a note was written over")
    stat = (at.folder / name).stat()
    closed(stat.st_mode & 0o777 == 0o600 and (at.folder / name).owner() == "notes", "the note is open to others")


def growth_that_is_proved_is_said_to_be(at: Far) -> None:
    at.grow()
    at.seal()
    ran = at.send(at.growth(-2, -1))
    closed(ran.code == 0 and ", proved to extend" in ran.err, f"{ran}")


def what_does_not_extend_is_refused_and_said(at: Far) -> None:
    before = at.kept()
    older, newest = at.notes()[0].decode(), at.notes()[-1].decode()
    forged = at.growth(0, 1).partition("\n\n")[0]
    for text, why in (
        (older, "the log shrank"),
        (at.signed(newest, root=bytes(32)), "was forked"),
        (at.signed(newest, more=5, root=bytes(32), above=f"old {at.sizes()[-1]}\n\n"), "it was rewritten"),
        (f"{forged}\n\n{at.signed(newest, more=5, root=bytes(32))}", "must begin at"),
        (at.signed(newest, more=5, origin="staffdesk/another"), "another log"),
        (at.signed(newest, more=5, seed=bytes(32)), "signed by no known key"),
        ("cat /etc/passwd\n", "proves nothing"),
        ("\x1b]0;x\x07" * 99, "proves nothing"),
    ):
        ran = at.send(text)
        closed(ran.code == 20 and why in ran.err, f"{why}: {ran}")
    closed(at.kept() == before, "what was refused changed the folder")


def nothing_else_runs_whatever_is_asked_for(at: Far) -> None:
    at.bring()
    before, taken, brought = at.kept(), at.scratch / "taken", Path("/tmp/brought")  # noqa: S108 - must not be there
    for asked in ("cat /etc/passwd", "rm -rf /srv/notes; id", "staffdesk audit leaves"):
        ran = at.send("x", asked)
        closed(ran.code == 20 and not ran.out and "proves nothing" in ran.err, f"{asked}: {ran}")
        ran = at.send("", asked)  # who sends nothing is told the newest note, and asks for no proof of it
        closed(ran.code == 0 and ran.out.encode() == before[max(before)], f"{asked}, and nothing sent: {ran}")
    for command in (
        at.client("sftp", "-b", "-", "notes@notes.example"),
        at.client("scp", "notes@notes.example:/srv/seal.vkey", str(taken)),
        at.client("scp", "-O", "notes@notes.example:/srv/seal.vkey", str(taken)),
        at.client("scp", "-O", "/etc/hostname", f"notes@notes.example:{brought}"),
        at.client("ssh", "-s", "notes@notes.example", "sftp"),
    ):
        # Most of these wait for an answer in their own protocol, and the one command for the end of a note.
        ran = run(*command, given=f"get /srv/seal.vkey {taken}\nrm /srv/notes/*\n", patience=20)
        closed(ran.code != 0, f"{command[-2:]} went through: {ran}")
    at.no_receiver()
    closed(not taken.exists() and not brought.exists(), "a file was moved")
    ran = run(*at.client("ssh", "-tt", "notes@notes.example"), given="id\r", patience=_PATIENCE)
    closed("PTY allocation request failed" in ran.err and "uid=" not in ran.out, f"a terminal was given: {ran}")
    closed(at.kept() == before, "something changed the folder")


def nothing_is_forwarded(at: Far) -> None:
    with listener() as port:
        here = free_port()
        for option, way in (("-L", f"{here}:127.0.0.1:{port}"), ("-D", f"127.0.0.1:{here}")):
            with at.line(option, way):
                words = b"" if option == "-L" else b"\x05\x01\x00\x05\x01\x00\x01\x7f\x00\x00\x01" + port.to_bytes(2)
                closed(SECRET not in ask(here, words), f"{option} went through")
        for options in (("-R", f"{free_port()}:127.0.0.1:{port}"), ("-w", "any")):
            ran = run(
                *at.client("ssh", "-N", "-o", "ExitOnForwardFailure=yes", *options, "notes@notes.example"),
                patience=_PATIENCE,
            )
            closed(ran.code not in {0, None}, f"{options[0]} was taken")
        ran = run(*at.client("ssh", "-W", f"127.0.0.1:{port}", "notes@notes.example"), patience=_PATIENCE)
        closed(ran.code not in {0, None} and SECRET.decode() not in ran.out, "-W went through")


def the_sealers_key_is_nobody_elses(at: Far) -> None:
    for user in ("staffdesk", "notes"):
        for path in (at.key, at.state / "notes", "/var/lib/staffdesk-seal/.ssh/id_ed25519"):
            closed(run("runuser", "-u", user, "--", "ls", str(path)).code != 0, f"{user} reads {path}")
    for path in ("/var/lib/staffdesk/config/desk.key", "/var/lib/staffdesk/data/desk.db", "/srv/notes"):
        closed(run("runuser", "-u", "staffdesk-seal", "--", "ls", path).code != 0, f"the sealer reaches {path}")
    ran = run("runuser", "-u", "notes", "--", "sh", "-c", "echo x >> /etc/ssh/authorized_keys/notes")
    closed(ran.code != 0, "the account writes its own key's line")


def a_cut_line_leaves_nothing_half(at: Far) -> None:
    at.grow()
    at.seal()
    before, text = at.kept(), at.growth(-2, -1).encode()
    for end, of_sender in ((0, True), (text.index(b"\n\n") + 2, True), (len(text) - 1, True), (len(text) - 1, False)):
        with at.line() as sender:
            assert sender.stdin is not None
            sender.stdin.write(text[:end])
            sender.stdin.flush()
            run("kill", "-KILL", str(sender.pid if of_sender else at.receiver()))
        at.no_receiver()
        closed(at.kept() == before, f"cut after {end} bytes: {at.kept().keys() ^ before.keys()}")
    closed(at.send(text.decode()).code == 0, "the whole of it was not taken afterwards")


def of_two_at_once_both_are_whole_or_refused(at: Far) -> None:
    at.bring()
    for _ in range(3):
        at.grow()
        at.seal()
    before = at.kept()
    texts = [at.growth(-4, end) for end in (-3, -2, -1)]
    ended = at.send_together(texts)
    taken = [ran for ran in ended if ran.code == 0]
    closed(len(taken) == 1 and ", proved to extend" in taken[0].err, f"of three from one note {len(taken)} were kept")
    closed(all(ran.code == 20 for ran in ended if ran.code), f"{ended}")
    new = [at.kept()[name] for name in at.kept().keys() - before.keys()]
    closed(len(new) == 1 and new[0] in at.notes(), "a note is not whole")
    at.grow()
    at.seal()
    ended = at.send_together([at.growth(at.notes().index(new[0]), -1)] * 4)
    closed([ran.code for ran in ended] == [0] * 4, f"the same note from four: {ended}")
    closed(at.notes()[-1] in at.kept().values(), "a note is not whole")


def a_full_disk_leaves_what_was_there(at: Far) -> None:
    at.bring()
    at.grow()
    at.seal()
    with at.tiny_disk() as fill:
        fill()
        before = at.kept()
        ran = at.send_newest()
        closed(ran.code == 5 and "did not take the note" in ran.err, f"{ran}")
        filler = at.folder / "filler"
        closed(at.kept() == before, "a full disk left something")
        filler.unlink()
        closed(at.send_newest().code == 0, "once there is room the note is not taken")
        closed(at.notes()[-1] in at.kept().values(), "it was not kept whole")


def a_folder_that_the_file_system_keeps_takes_notes_and_gives_none_up(at: Far) -> None:
    at.grow()
    at.seal()
    with at.append_only():
        before = at.kept()
        closed(at.send_newest().code == 0 and len(at.kept()) == len(before) + 1, "no note arrives in it")
        name = max(at.kept())
        for command in (f"rm {name}", f"mv {name} x", f"ln -f /srv/seal.vkey {name}"):
            ran = run("runuser", "-u", "notes", "--", "sh", "-c", f"cd /srv/notes && {command}")
            closed(ran.code != 0, f"{command} went through")


def the_log_is_held_against_what_was_received(at: Far) -> None:
    at.bring()
    ran = at.verify()
    closed(ran.code == 0, f"{ran}")
    at.rewrite()
    ran = at.seal(must_sign=False)
    closed(ran.code == 20 and "was rewritten" in ran.err, f"a rewritten log was signed: {ran}")
    ran = at.verify()
    closed(ran.code == 20, f"the notes there do not show it: {ran}")


DRILLS: Final[tuple[Callable[[Far], None], ...]] = (
    a_note_arrives_and_is_a_new_file,
    growth_that_is_proved_is_said_to_be,
    what_does_not_extend_is_refused_and_said,
    nothing_else_runs_whatever_is_asked_for,
    nothing_is_forwarded,
    the_sealers_key_is_nobody_elses,
    a_cut_line_leaves_nothing_half,
    of_two_at_once_both_are_whole_or_refused,
    a_full_disk_leaves_what_was_there,
    a_folder_that_the_file_system_keeps_takes_notes_and_gives_none_up,
    the_log_is_held_against_what_was_received,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every drill; say each one's name and whether it held."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(prog="python -m tests.drills.receive_over_ssh", description=__doc__)
    parser.add_argument("--without", metavar="WORD", action="append", default=[])
    parser.add_argument("--only", metavar="WORD", default="")
    options = parser.parse_args(given)
    try:
        code = enter_namespace("tests.drills.receive_over_ssh", given, SSH)
        return _all(options.without, options.only) if code is None else code
    except CannotRun as error:
        sys.stderr.write(f"This drill could not run, so nothing is proved: {error}\n")
        return 2


def _all(without: Sequence[str], only: str) -> int:
    failed = 0
    with far_folder(without) as at:
        for drill in (each for each in DRILLS if only in each.__name__):
            began = time.monotonic()
            try:
                drill(at)
                held = "held"
            except Open as error:
                failed += 1
                held = f"FAILED: {error}"
            name = drill.__name__.replace("_", " ")
            sys.stdout.write(f"{name}: {held} ({time.monotonic() - began:.1f} s)\n")
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
