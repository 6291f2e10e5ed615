"""Words that read as Latin ones and are written with letters of another script, with figures, or letter by letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from staffdesk.domain.errors import Misconfigured
from staffdesk.parameters import Dated, read


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlikes(Dated):
    """The letters that look like each Latin one, and the ranges of their scripts, with both ends in them.

    ``words`` are read where ``figures`` stand in them for letters, as in p4ssw0rd.
    """

    scripts: tuple[tuple[int, int], ...]
    letters: Mapping[str, str]
    figures: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a letter that would stand for two."""
        every = "".join(self.letters.values())
        if len(set(every)) != len(every):
            raise Misconfigured("look_alikes.toml: letters: one of them stands for two letters.")


class LatinLetters:
    """The letters made ready: build once."""

    __slots__ = ("_any", "_figured", "_figures", "_latin", "_other")

    def __init__(self, rules: LookAlikes) -> None:
        """Take which letter is read as which."""
        self._latin = str.maketrans({like: letter for letter, likes in rules.letters.items() for like in likes})
        likes = "".join(map(re.escape, "".join(rules.letters.values())))
        scripts = "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in rules.scripts)
        self._any = re.compile(rf"[{likes}]")
        self._other = re.compile(rf"(?![{likes}])[{scripts}]")
        self._figures = str.maketrans({sign: letter for letter, signs in rules.figures.items() for sign in signs})
        written = {letter: f"[{re.escape(letter + signs)}]" for letter, signs in rules.figures.items()}
        # By its first sign, which is looked for before what stands in front of it: twenty times faster.
        words = "|".join(
            rf"{written.get(word[0], word[0])}(?<![^\W_].){''.join(written.get(letter, letter) for letter in word[1:])}"
            for word in rules.words
        )
        self._figured = re.compile(rf"(?:{words or '(?!)'})(?=s?(?![^\W_]))", re.DOTALL)

    def read(self, text: str) -> str:
        """Return the text with each word in Latin letters that reads as one."""
        return _WORD.sub(self._word, text) if self._any.search(text) else text

    def without_figures(self, text: str) -> str:
        """Return the text in small letters, its words without figures, where one is written with such; else itself."""
        if not _FIGURE_IN_A_WORD.search(text):
            return text
        low = text.lower()
        read = self._figured.sub(lambda found: found[0].translate(self._figures), low)
        return text if read == low else read

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        return word if word.isascii() or self._other.search(word) else word.translate(self._latin)


@cache
def shipped() -> LatinLetters:
    """Return the shipped letters made ready."""
    return LatinLetters(read("look_alikes", LookAlikes))


def spelled_together(text: str) -> str:
    """Return the text with words as one whose letters were set apart, by the same sign each time."""
    if not _APART.search(text):
        return text
    return _SPELLED.sub(lambda found: found[0].replace(found[1], ""), text)


_WORD = re.compile(r"[^\W\d_]+")
_FIGURE_IN_A_WORD = re.compile(r"[A-Za-z][0345@$]")
_APART = re.compile(r"[ .\-_*·/|][^\W\d_][ .\-_*·/|][^\W\d_](?![^\W_])")
_SPELLED = re.compile(r"(?<![^\W_])[^\W\d_]([ .\-_*·/|])[^\W\d_](?:\1[^\W\d_])+(?![^\W_])")
"""At least three letters: two of them are a pair of outputs or initials."""
