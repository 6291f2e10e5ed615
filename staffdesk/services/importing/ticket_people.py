"""Who stands behind the numbers of a support service: contacts, agents, companies, products and fields of one's own.

They are looked up where a ticket names them; nobody is made a record for standing in one of these lists.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from staffdesk.domain.imported import ImportedParty
from staffdesk.services.importing.fields import NAME, Fields


@dataclass(slots=True, repr=False)
class Directory:
    """What the files of one import tell besides tickets, by the service's own numbers."""

    people: dict[str, ImportedParty] = field(default_factory=dict)
    agents: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    own_fields: dict[str, str] = field(default_factory=dict)
    company_of: dict[str, str] = field(default_factory=dict)

    def party(self, number: str | None, told: ImportedParty | None, company: str | None) -> ImportedParty | None:
        """Return who asked: what stands in the ticket, filled from the list of contacts; None where nothing tells."""
        listed = self.people.get(number or "")
        party = told or ImportedParty()
        if listed is not None:
            names = ("family_name", "email", "phone", "job_title", "language")
            party = replace(party, **{name: getattr(party, name) or getattr(listed, name) for name in names})
        if not (party.family_name or party.email or party.phone):
            return None
        name = party.family_name
        if name is not None and party.email and name.casefold() in _made_of(party.email):
            party = replace(party, family_name=None)
        company = company or self.companies.get(self.company_of.get(number or "", ""))
        return replace(party, account_id=number, company=company)


def person(fields: Fields) -> ImportedParty:
    """Read somebody; raises :class:`BadInput` for what may not be held. A name in one piece is never cut by guess."""
    mobile, phone = fields.phone("mobile"), fields.phone("phone")
    return ImportedParty(
        family_name=fields.name("name"),
        email=fields.email("email"),
        phone=phone or mobile,
        job_title=fields.words("job_title", NAME),
        language=fields.language("language"),
    )


def _made_of(email: str) -> set[str]:
    """Return the names that a service makes up of an address where nobody told one."""
    local = email.casefold().partition("@")[0]
    return {email.casefold(), local, local.replace(".", " "), local.replace("_", " ")}
