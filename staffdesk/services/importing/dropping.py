"""Under which reason a field that the allow-list does not name is counted (privacy policy, B and C.6).

The names only sort the count: a field that no table knows is dropped too, as *other*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from staffdesk.domain.imported import Dropped

_NAMES: Mapping[Dropped, str] = {
    Dropped.PAYMENT: (
        "payment paymentdetails paymentmethod paymentgatewaynames paymentid paymentreference paymentreferences"
        " paymentterms paymenttermsname paymentinstrument gateway processingmethod creditcard creditcardbin"
        " creditcardcompany creditcardnumber creditcardname creditcardexpirationmonth creditcardexpirationyear"
        " creditcardwallet cardending cardtype bank iban bic billdescriptor receipt receiptnumber receiptjson"
        " authorization authorizationcode transaction transactions avsresultcode cvvresultcode nextpaymentdueat"
        " transactionid payments methoddetails paymentmethodid storedpaymentmethodid paymentattemptid"
    ),
    Dropped.BROWSER: (
        "browserip clientdetails useragent ip ipaddress customeripaddress customeruseragent acceptlanguage"
        " browserheight browserwidth sessionhash deviceid"
    ),
    Dropped.TOKEN: (
        "token orderkey carttoken checkouttoken checkoutid orderstatusurl landingsite landingsiteref referringsite"
        " sourceurl abandonedcheckouturl invoiceurl multipassidentifier lookup url file"
    ),
    Dropped.TAX: "taxidentifier taxid taxnumber vatnumber vatid companynumber",
    Dropped.LOCATION: "latitude longitude lat lng lon coordinates geolocation",
}
_REASON: Mapping[str, Dropped] = {name: reason for reason, names in _NAMES.items() for name in names.split()}


_NAMES_REMEMBERED = 4096


@lru_cache(maxsize=_NAMES_REMEMBERED)
def reason_for(name: str) -> Dropped:
    """Say why a field of this name is left out; ``card_ending``, ``cardEnding`` and ``Card Ending`` are one name."""
    folded = "".join(letter for letter in name.casefold() if letter.isalnum())
    return _REASON.get(folded, Dropped.OTHER)


def count_dropped(name: str, value: object, into: Counter[Dropped], within: Dropped = Dropped.OTHER) -> None:
    """Count the filled values under ``name``; the outermost name that has a reason decides for all below it."""
    if value is None or value == "":
        return
    reason = reason_for(name) if within is Dropped.OTHER else within
    if isinstance(value, dict):
        for key, below in value.items():
            count_dropped(str(key), below, into, reason)
    elif isinstance(value, list):
        for below in value:
            count_dropped("", below, into, reason)
    else:
        into[reason] += 1
