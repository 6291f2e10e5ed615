"""What a desk is told in its settings: every key known, a mail server named whole."""

from __future__ import annotations

import tomllib

import pytest

from staffdesk.domain.errors import Misconfigured, StorageUnavailable
from staffdesk.services.home import Home
from staffdesk.services.settings import Settings, Smtp, read_settings
from tests.services.test_bootstrap import made

pytestmark = pytest.mark.usefixtures("migrated_once")


def test_settings_with_an_unknown_key_or_none_at_all_are_refused(home: Home) -> None:
    with pytest.raises(StorageUnavailable, match="no desk here yet"):
        read_settings(home)
    made(home)
    assert tomllib.loads(home.settings_file.read_text(encoding="utf-8")) == {"database": "sqlite"}
    for wrong in ('database = "sqlite"\ncolour = 1', "database = 3", "x", 'database = "other"'):
        home.settings_file.write_text(wrong, encoding="utf-8")
        with pytest.raises(Misconfigured):
            read_settings(home)
    assert Settings("postgresql://me:@/desk?host=/tmp").postgres_url


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("port = 0", "smtp.port is no port"),
        ("security = 'none'", "smtp.security"),
        ("password = 'x'", "smtp.password is not a known key"),
        ("user = 'desk'", "go together"),
        ("host = 'mail example'", "smtp.host is no name"),
        ("sender = 'Softron'", "smtp.sender is no e-mail address"),
    ],
)
def test_a_mail_server_is_named_whole_without_its_password_and_never_without_tls(
    home: Home, wrong: str, sentence: str
) -> None:
    made(home)
    right = {"host": "host = 'mail.example'", "sender": "sender = 'privacy@softron.example'"}
    for given in ("", wrong):
        lines = ["database = 'sqlite'", "[smtp]", *({**right, given.partition(" ")[0]: given}).values()]
        home.settings_file.write_text("\n".join(lines), encoding="utf-8")
        if given:
            with pytest.raises(Misconfigured, match=sentence):
                read_settings(home)
        else:
            assert read_settings(home).smtp == Smtp(host="mail.example", sender="privacy@softron.example")
