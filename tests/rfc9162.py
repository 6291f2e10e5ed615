"""RFC 9162 and C2SP tlog-proof, signed-note and tlog-cosignature read a second time, from their texts alone.

Nothing of the program under test is imported here: what it writes is checked as somebody else's checker would. The
algorithms are those that the RFC gives for verifiers (2.1.3.2 and 2.1.4.2), which go by bits and not by ranges.
"""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def _pair(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def included(entry: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """2.1.3.2: the root that the path gives, None where it is of another length."""
    if index >= size:
        return None
    fn, sn, r = index, size - 1, sha256(b"\x00" + entry).digest()
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = _pair(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = _pair(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


def consistent(first: int, second: int, first_root: bytes, second_root: bytes, path: list[bytes]) -> bool:
    """2.1.4.2, for 0 < first < second."""
    if not path:
        return False
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = steps[0]
    for c in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = _pair(c, fr), _pair(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = _pair(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_root and sr == second_root and sn == 0


def opened(note: str, vkey: str) -> tuple[str, int, bytes, int | None]:
    """Open a note by a key of type 1, or 4 with its time; raises where the key did not sign it."""
    text, _, under = note.rpartition("\n\n")
    text += "\n"
    name, _, rest = vkey.partition("+")
    key_id, _, material = rest.partition("+")
    kind, public = b64decode(material)[0], b64decode(material)[1:]
    assert sha256(name.encode() + b"\n" + bytes((kind,)) + public).digest()[:4].hex() == key_id
    for line in under.splitlines():
        dash, signer, data = line.split(" ")
        raw = b64decode(data)
        if dash == "\u2014" and signer == name and raw[:4].hex() == key_id:
            seconds = int.from_bytes(raw[4:12], "big") if kind == 4 else None
            signed = f"cosignature/v1\ntime {seconds}\n{text}" if kind == 4 else text
            Ed25519PublicKey.from_public_bytes(public).verify(raw[12:] if kind == 4 else raw[4:], signed.encode())
            origin, size, root = text.splitlines()[:3]
            return origin, int(size), b64decode(root), seconds
    raise AssertionError("not signed by this key")


def proved(file: str, vkey: str, entry: bytes) -> bool:
    """Check a file of the format tlog-proof@v1 against the bytes of an entry."""
    head, _, note = file.partition("\n\n")
    lines = head.split("\n")
    assert lines.pop(0) == "c2sp.org/tlog-proof@v1"
    if lines[0].startswith("extra "):
        lines.pop(0)
    word, index = lines.pop(0).split(" ")
    assert word == "index"
    _, size, root, _ = opened(note, vkey)
    return included(entry, int(index), size, [b64decode(each) for each in lines]) == root
