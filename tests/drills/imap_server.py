"""A real Dovecot as Debian ships it, in a mount namespace that is thrown away, with one account."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imap_tools import MailBox, MailBoxUnencrypted

from tests.drills.network import free_port
from tests.drills.server import INSIDE, ROOT, CannotRun, must, run

USER: Final = "privacy"
PASSWORD: Final = "drill-of-an-invented-mailbox"
_DOVECOT: Final = Path("/usr/sbin/dovecot")
_CONFIG: Final = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = user={user} password={password}
}}
userdb {{
  driver = static
  args = uid=vmail gid=vmail home={folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True)
class Mailserver:
    """The server that runs: where it listens, and the authority that says who it is."""

    folder: Path
    tls: int
    plain: int

    @property
    def authority(self) -> Path:
        return self.folder / "cert.pem"

    def open(self) -> MailBoxUnencrypted | MailBox:
        """Return the mailbox as a mail program sees it."""
        import ssl  # noqa: PLC0415 - with the authority above

        context = ssl.create_default_context(cafile=str(self.authority))
        return MailBox("127.0.0.1", self.tls, ssl_context=context).login(USER, PASSWORD)

    def deliver(self, *mails: bytes) -> None:
        with self.open() as box:
            for mail in mails:
                box.append(mail, "INBOX", dt=dt.datetime.now(dt.UTC), flag_set=())

    def flags(self, folder: str = "INBOX") -> list[tuple[str, ...]]:
        """Return the flags of every mail of a folder, the oldest first."""
        with self.open() as box:
            box.folder.set(folder, readonly=True)
            return [
                tuple(sorted(set(each.flags) - {"\\Recent"})) for each in box.fetch(mark_seen=False, headers_only=True)
            ]


def enter_namespace(module: str, arguments: Sequence[str]) -> int | None:
    """Run this module again in mounts of its own; return its exit code, or None inside it.

    Raises :class:`CannotRun` where this machine cannot give them.
    """
    if INSIDE in os.environ:
        return None
    if sys.platform != "linux" or os.geteuid() != 0:
        raise CannotRun("It needs root on Linux: it puts Debian's Dovecot in place, in a namespace of its own.")
    folder = Path("/tmp") / f"staffdesk-mail-{os.getpid()}"  # noqa: S108 - root's own, closed below
    folder.mkdir(mode=0o711)
    try:
        return subprocess.run(
            ["unshare", "--mount", "--propagation", "private", sys.executable, "-m", module, *arguments],
            env={**os.environ, INSIDE: str(folder)},
            cwd=ROOT,
            check=False,
        ).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def mailserver() -> Iterator[Mailserver]:
    """Run the server; only inside the namespace."""
    folder = Path(os.environ[INSIDE])
    if not _DOVECOT.exists():
        _install(folder)
    _accounts(folder)
    certificate(folder)
    (folder / "run").mkdir()
    (folder / "mail").mkdir()
    must("chown", "vmail:vmail", str(folder / "mail"))
    at = Mailserver(folder, free_port(), free_port())
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(folder=folder, user=USER, password=PASSWORD, plain=at.plain, tls=at.tls), encoding="utf-8"
    )
    with subprocess.Popen([str(_DOVECOT), "-F", "-c", str(config)]) as dovecot:
        try:
            _wait_for(at, dovecot)
            yield at
        finally:
            dovecot.send_signal(signal.SIGTERM)


def _install(folder: Path) -> None:
    """Take Debian's own packages apart into a folder and lay them over /usr, for this namespace alone."""
    packages = folder / "packages"
    packages.mkdir()
    planned = run("apt-get", "install", "-s", "--no-install-recommends", "dovecot-imapd", patience=120)
    names = [line.split()[1] for line in planned.out.splitlines() if line.startswith("Inst ")]
    if planned.code != 0 or not names:
        raise CannotRun(f"dovecot-imapd cannot be installed: {planned.err or planned.out}")
    must("sh", "-euc", f'cd "{packages}" && apt-get download {" ".join(names)}')
    for package in sorted(packages.glob("*.deb")):
        must("dpkg", "-x", str(package), str(packages / "root"))
    must("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={packages}/root/usr:/usr", "/usr")
    if not _DOVECOT.exists():
        raise CannotRun("Debian's package has no dovecot where it is looked for.")


def _accounts(folder: Path) -> None:
    """Add the accounts the package would add, in a copy of /etc."""
    must("cp", "-a", "/etc", str(folder / "etc"))
    must("mount", "--bind", str(folder / "etc"), "/etc")
    for name in ("dovecot", "dovenull", "vmail"):
        if run("id", name).code != 0:
            must("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name)


def certificate(folder: Path) -> None:
    """Write the certificate of a server at 127.0.0.1, its own authority, and its key into ``folder``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of a drill")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _wait_for(at: Mailserver, dovecot: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 15
    while time.monotonic() < until and dovecot.poll() is None:
        with suppress(OSError), at.open():
            return
        time.sleep(0.1)
    log = at.folder / "dovecot.log"
    raise CannotRun(f"dovecot does not answer: {log.read_text(encoding='utf-8') if log.exists() else 'no log'}")
