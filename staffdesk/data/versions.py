"""The version of what the encrypted file is read with."""

from sqlcipher3 import dbapi2


def cipher_version() -> str:
    """Return SQLCipher's version and that of the SQLite in it."""
    connection = dbapi2.connect(":memory:")
    try:
        found = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    return f"{found[0] if found else 'none'} on SQLite {dbapi2.sqlite_version}"
