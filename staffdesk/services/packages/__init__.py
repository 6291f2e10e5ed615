"""The package that answers a request for access or portability (GDPR Art. 15 and 20; privacy policy, H).

:func:`collect` reads everything inside a look that was logged; what it returns holds each place that may be about
somebody else, to be decided one by one. :class:`Packages` makes the files, seals them and keeps them until they are
sent. Neither moves a request: the workflow does.
"""

from staffdesk.services.packages.collecting import collect
from staffdesk.services.packages.making import Packages

__all__ = ["Packages", "collect"]
