"""The words there are, each once: for a part of a word, and for the word somebody meant when nothing was found.

Triggers write them with the rows whose words they are, and take a word out with the last row that had it.
"""

from staffdesk.data.tables.declaration import Record, derived
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
