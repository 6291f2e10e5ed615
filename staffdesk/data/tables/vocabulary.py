"""The words there are, each once: for a part of a word, and for the word somebody meant when nothing was found.

Triggers write them with the rows whose words they are, and take a word out with the last row that had it. Where there
are many, the trigrams of each are kept beside them: others of the word's own triggers write these and take them out.
"""

from staffdesk.data.tables.declaration import Record, derived, not_personal
from staffdesk.data.tables.types import FoldedText
from staffdesk.domain.classes import PrivacyClass


class PersonVocabulary(Record, table=True):
    """A word of somebody's name."""

    __tablename__ = "person_vocabulary"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"keep": "person"}},)

    word: str = derived(PrivacyClass.IDENTITY, default=..., sa_type=FoldedText, key=True)


class OrganisationVocabulary(Record, table=True):
    """A word of an organisation's name."""

    __tablename__ = "organisation_vocabulary"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"keep": "company"}},)

    word: str = derived(PrivacyClass.COMPANY, default=..., sa_type=FoldedText, key=True)


class PersonTrigram(Record, table=True):
    """Three characters that stand together in a word of somebody's name further on than at its beginning."""

    __tablename__ = "person_trigram"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"keep": "person"}},)

    trigram: str = derived(PrivacyClass.IDENTITY, default=..., sa_type=FoldedText, key=True)
    word: str = derived(PrivacyClass.IDENTITY, default=..., sa_type=FoldedText, key=True)


class OrganisationTrigram(Record, table=True):
    """As :class:`PersonTrigram`, in a word of an organisation's name."""

    __tablename__ = "organisation_trigram"
    __table_args__ = ({"sqlite_with_rowid": False, "info": {"keep": "company"}},)

    trigram: str = derived(PrivacyClass.COMPANY, default=..., sa_type=FoldedText, key=True)
    word: str = derived(PrivacyClass.COMPANY, default=..., sa_type=FoldedText, key=True)


class BuiltIndex(Record, table=True):
    """An index that is kept because there is much to search; without a row here its triggers write nothing."""

    __tablename__ = "built_index"
    __table_args__ = ({"info": {"keep": "policy"}},)

    name: str = not_personal("Index", key=True)
    complete: bool = not_personal("Complete")
