"""Every command as one object, from which come key bindings, key line, palette, help and ``staffdesk keys``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from staffdesk.domain.access import Act
from staffdesk.tui.command import DESK, Command, Place

_ANYWHERE: Final = frozenset(Place) - {Place.LIST}
_SIGNED_IN: Final = _ANYWHERE - {Place.SIGN_IN, Place.LOCKED, Place.PASSWORD}
_READING: Final = frozenset({Place.READING, Place.VERIFY})
_AMONG_RECORDS: Final = frozenset({Place.CASES, Place.SEARCH, Place.RECORD})
_LOOKING: Final = frozenset({Place.CASES, Place.SEARCH, Place.RECORD, Place.REQUESTS})
_CALLED: Final = _LOOKING | {Place.REQUEST, Place.OWN}
"""Where somebody is who may be called."""


def _at(*places: Place) -> frozenset[Place]:
    return frozenset(places)


COMMANDS: Final = (
    Command("record.reveal", ("v", "ctrl+r"), "Reveal", "Show the masked value under the cursor a while; one entry.",
            "reveal", _at(Place.RECORD), foot=1, act=Act.CUSTOMER_REVEALED),
    Command("record.copy", ("y",), "Copy", "Send the value under the cursor to the terminal's clipboard; one entry.",
            "copy_value", _at(Place.RECORD), foot=2, act=Act.CUSTOMER_COPIED),
    Command("record.correct", ("e",), "Correct", "Start a request to correct this person's data.",
            "correct", _at(Place.RECORD), foot=3, act=Act.REQUEST_RECEIVED, also="rectify change wrong"),
    Command("record.erase", ("d",), "Delete", "Start a request to delete this person's data.",
            "erase", _at(Place.RECORD), foot=4, act=Act.REQUEST_RECEIVED, also="erase forget remove gdpr"),
    Command("record.request", ("a",), "Request", "Start a request of any type: access, restriction, objection, others.",
            "request", _at(Place.RECORD), act=Act.REQUEST_RECEIVED),
    Command("record.unsubscribe", ("u",), "Stop mail", "Stop all mail to this person at once.",
            "unsubscribe", _at(Place.RECORD), act=Act.REQUEST_RECEIVED, also="marketing newsletter unsubscribe object"),
    Command("record.who", ("w",), "Who looked", "Read who looked at this person, and under which reference; one entry.",
            "who_looked", _at(Place.RECORD), foot=5, act=Act.CUSTOMER_HISTORY, also="history audit log"),
    Command("request.who", ("w",), "Who looked", "Open the record of who asks, and read who looked at it; two entries.",
            "who_looked", _at(Place.REQUEST), foot=3, act=Act.CUSTOMER_HISTORY, also="history audit log"),
    Command("record.repair", ("f",), "Repair", "Set the field under the cursor right, against evidence on file.",
            "repair", _at(Place.RECORD), act=Act.CUSTOMER_CHANGED, also="fix mend typo edit change"),
    Command("record.confirm", ("m",), "Confirmed",
            "Note that the customer confirmed this field today, or all that are shown.",
            "confirm", _at(Place.RECORD), act=Act.CUSTOMER_CONFIRMED, also="verify check right"),
    Command("record.caller", ("b",), "Caller", "Say that this person called: the case in hand names him from then on.",
            "tie", _at(Place.RECORD), act=Act.CASE_TIED, also="called name tie"),
    Command("record.colleagues", ("c",), "Colleagues", "List the others of this person's organisation; logged.",
            "colleagues", _at(Place.RECORD), act=Act.CUSTOMER_LISTED),
    Command("record.close-case", ("x",), "Close case", "Close the case in hand, with how it ended.",
            "close_case", _at(Place.RECORD), act=Act.CASE_CLOSED, also="end hang up finish done"),
    Command("record.hide", ("V",), "Hide", "Hide every revealed value now.", "hide", _at(Place.RECORD)),
    Command("record.pane-1", ("1", "ampersand"), "Person", "Go to the person.", "pane(0)", _at(Place.RECORD)),
    Command("record.pane-2", ("2", "é"), "Licences", "Go to licences and activations.", "pane(1)", _at(Place.RECORD)),
    Command("record.pane-3", ("3", "quotation_mark"), "Orders", "Go to orders, invoices and shipments.",
            "pane(2)", _at(Place.RECORD)),
    Command("record.pane-4", ("4", "apostrophe"), "Cases", "Go to cases and reports.", "pane(3)", _at(Place.RECORD)),
    Command("record.pane-5", ("5", "left_parenthesis"), "Looks", "Go to who looked.", "pane(4)", _at(Place.RECORD)),
    Command("request.go-on", ("m",), "Go on", "Make the next move of this request, or see why one is closed.", "go_on",
            _at(Place.REQUEST), foot=1, also="move next approve verify decide extend"),
    Command("request.send", ("e",), "Send", "Read the answer that waits over, and send it.", "send",
            _at(Place.REQUEST), foot=2, act=Act.REQUEST_MOVED, also="letter reply answer mail"),
    Command("request.correct", ("c",), "Correct", "Note which field is wrong and what it is to be.", "correct",
            _at(Place.REQUEST), foot=2, act=Act.REQUEST_MOVED, also="rectify field wrong change"),
    Command("request.plan", ("l",), "Plan", "Show what is decided and by whom, and then the certificate; one entry.",
            "plan", _at(Place.REQUEST), foot=6, act=Act.REQUEST_OPENED, also="erasure decided approve rows"),
    Command("request.searched", ("k",), "Searched", "Say who else he may be, and where his data was looked for.",
            "searched", _at(Place.REQUEST), foot=4, act=Act.REQUEST_MOVED, also="checklist places mailbox paper"),
    Command("request.told", ("i",), "Told", "Note who outside the house was told, or need not be.", "told",
            _at(Place.REQUEST), foot=5, act=Act.REQUEST_MOVED, also="recipient art 19 notify"),
    Command("request.same", (), "Same person", "Say of each who may be the same person whether he is; logged.",
            "duplicates", _at(Place.REQUEST), act=Act.REQUEST_MOVED, also="duplicates twins likely merge"),
    Command("request.others", ("h",), "Others",
            "Hide or show each place in a package that names somebody else; one entry.",
            "others", _at(Place.REQUEST), act=Act.REQUEST_MOVED, also="redact third parties hide package"),
    Command("request.name", (), "Name employee", "Ask that a package name who looked; a second person approves it.",
            "name_employee", _at(Place.REQUEST), act=Act.REQUEST_MOVED, also="reveal actor consultation who"),
    Command("request.customer", ("o",), "Customer", "Open the record of who asks; one entry.", "open_customer",
            _at(Place.REQUEST), foot=2, act=Act.CUSTOMER_OPENED),
    Command("request.copy", ("y",), "Copy letter", "Send the letter to the terminal's clipboard; one entry.",
            "copy_letter", _at(Place.REQUEST), foot=3, act=Act.REQUEST_OPENED),
    Command("request.add", ("a",), "Request", "Start a request of whoever asks, also of nobody on file.", "add",
            _at(Place.REQUESTS), foot=1, act=Act.REQUEST_RECEIVED, also="new register start intake"),
    Command("request.card", (), "Card rule", "Say whether the front of the identity card is demanded, or change that.",
            "card_rule", _at(Place.REQUESTS), act=Act.REQUEST_RULE, also="identity proof front setting policy"),
    Command("record.pane-6", ("6", "section_sign"), "Privacy", "Go to where data came from and went, and to rights.",
            "pane(5)", _at(Place.RECORD)),
    Command("record.earlier", ("comma",), "Earlier record", "Open again the record that was open before; one entry.",
            "app.earlier_record", _AMONG_RECORDS, act=Act.CUSTOMER_OPENED),
    Command("record.later", ("semicolon",), "Later record", "Open again the record that came after; one entry.",
            "app.later_record", _AMONG_RECORDS, act=Act.CUSTOMER_OPENED),
    Command("record.break-glass", ("B",), "Break-glass",
            "Open what your role may not see, for a reason, on the admin's list.",
            "break_glass", _at(Place.RECORD), act=Act.CUSTOMER_BREAK_GLASS, also="emergency more see"),
    Command("record.declare", ("K",), "Declare", "Declare that you are close to this person, or to the company.",
            "declare", _at(Place.RECORD), act=Act.STAFF_DECLARED, also="conflict interest family neighbour friend"),
    Command("search.edit", ("slash",), "Search box", "Go to the search box.", "edit", _at(Place.SEARCH), foot=2),
    Command("log.filter", ("f", "slash"), "Filter", "Say who, act, whom, out, level, ref, since and the other words.",
            "edit", _at(Place.LOG), foot=1),
    Command("log.older", ("o",), "Older", "Show the next older entries.", "older", _at(Place.LOG, Place.OWN),
            foot=2),
    Command("log.newer", ("b",), "Newer", "Go back to the newer entries.", "newer",
            _at(Place.LOG, Place.OWN), foot=3),
    Command("log.verify", ("v",), "Verify", "Check every entry, opening and checkpoint of the log.",
            "verify", _at(Place.LOG), foot=4, act=Act.AUDIT_VERIFIED),
    Command("log.names", ("n",), "Names", "Choose a filter by its name, keep the one in force, or forget one.",
            "names", _at(Place.LOG), foot=5, act=Act.AUDIT_LISTED),
    Command("log.whom", ("w",), "Whom", "Show every entry about the person of this one.",
            "whom", _at(Place.LOG, Place.ENTRY), foot=13, act=Act.AUDIT_LISTED),
    Command("log.who", ("e",), "Employee", "Show every entry of this one's employee.",
            "who", _at(Place.LOG, Place.ENTRY), foot=14, act=Act.AUDIT_LISTED),
    Command("log.session", ("t",), "Session", "Show every entry of this one's session.",
            "session", _at(Place.LOG, Place.ENTRY), foot=15, act=Act.AUDIT_LISTED),
    Command("log.reference", ("c",), "Reference", "Show every entry under the reference of this one.",
            "reference", _at(Place.LOG, Place.ENTRY), foot=17, act=Act.AUDIT_LISTED, also="case order request number"),
    Command("log.export", ("x",), "Export", "Write the whole log to a file that can be verified elsewhere.",
            "export", _at(Place.LOG), act=Act.AUDIT_EXPORTED),
    Command("log.pictures", ("i",), "Pictures", "Show a month of the log in pictures: hours, employees, team, flags.",
            "pictures", _at(Place.LOG), act=Act.AUDIT_LISTED, also="heat map chart statistics figures report month"),
    Command("pictures.earlier", ("o",), "Earlier", "Show the month before; one entry.", "earlier",
            _at(Place.PICTURES), foot=2, act=Act.AUDIT_LISTED, also="month older previous"),
    Command("pictures.later", ("b",), "Later", "Show the month after; one entry.", "later",
            _at(Place.PICTURES), foot=3, act=Act.AUDIT_LISTED, also="month newer next"),
    Command("pictures.report", ("x",), "Report", "Write the month's report into new files: a page, and its pictures.",
            "report", _at(Place.PICTURES), foot=4, act=Act.AUDIT_EXPORTED, also="export svg monthly certificate"),
    Command("names.forget", ("x",), "Forget", "Forget the filter of your own under the cursor.",
            "forget", _at(Place.NAMES)),
    Command("review.filter", ("f", "slash"), "Filter", "Say which: asked rule:own who:anna month:2026-11.",
            "edit", _at(Place.REVIEW), foot=2, also="todo answered decided all random"),
    Command("review.months", ("m",), "Months", "List the months, what is left of each, and its certificate.",
            "months", _at(Place.REVIEW), foot=3, also="close certificate"),
    Command("review.breaches", ("b",), "Breaches", "List the register of breaches and what is due when.",
            "breaches", _at(Place.REVIEW), foot=4, also="hours authority"),
    Command("item.decide", ("d",), "Decide", "Sign this access off: justified, not justified or unclear.",
            "decide", _at(Place.ITEM), foot=2, act=Act.AUDIT_REVIEWED, also="sign off justified unclear"),
    Command("item.ask", ("a",), "Ask", "Put it into the inbox of its employee, who answers in a sentence.",
            "ask_employee", _at(Place.ITEM), foot=3, act=Act.AUDIT_ASKED, also="inbox question"),
    Command("item.next", ("n",), "Next", "Open the next item that is not decided; one entry.",
            "next", _at(Place.ITEM), foot=4, act=Act.AUDIT_LISTED),
    Command("breach.close", ("x",), "Close", "Close the breach under the cursor with what became of it.",
            "close_breach", _at(Place.BREACHES), foot=2, act=Act.AUDIT_BREACH, also="notified authority"),
    Command("month.close", ("x",), "Close", "Close the month under the cursor, and read its certificate.",
            "close_month", _at(Place.MONTHS), foot=2, act=Act.AUDIT_CLOSED, also="certificate sign off"),
    Command("certificate.save", ("s",), "Save", "Save the certificate to a file whose SHA-256 stands in the log.",
            "save", _at(Place.CERTIFICATE), foot=1, act=Act.AUDIT_LISTED, also="file export json"),
    Command("staff.add", ("n",), "Add", "Add an account; it waits for an approver.", "add_account", _at(Place.STAFF),
            foot=4, act=Act.STAFF_ADDED),
    Command("staff.change", ("e",), "Roles", "Ask for other roles of the account under the cursor.",
            "change_roles", _at(Place.STAFF), foot=5, act=Act.STAFF_ROLE),
    Command("staff.disable", ("d",), "Close", "Close the account under the cursor for good.",
            "disable", _at(Place.STAFF), foot=6, act=Act.STAFF_DISABLED),
    Command("staff.end", ("s",), "End sessions", "End every session of the account under the cursor.",
            "end_sessions", _at(Place.STAFF), foot=7, act=Act.STAFF_DISABLED),
    Command("staff.deputy", (), "Deputy", "Let the account under the cursor stand in for the officer, or no more.",
            "name_deputy", _at(Place.STAFF), act=Act.STAFF_DEPUTY, also="officer privacy alarm due stand in"),
    Command("staff.approve", ("a",), "Approve", "Put in force what waits for the account under the cursor.",
            "approve", _at(Place.STAFF), foot=2, act=Act.STAFF_APPROVED),
    Command("staff.refuse", ("x",), "Refuse", "Refuse what waits for the account under the cursor.",
            "refuse", _at(Place.STAFF), foot=3, act=Act.STAFF_REFUSED),
    Command("own.end", ("s",), "End session", "End your session under the cursor, but for the one here.",
            "end_session", _at(Place.OWN), foot=4, act=Act.SESSION_ENDED),
    Command("own.declared", ("d",), "Declared", "List whom you declared to be close to, and take one back; one entry.",
            "declared", _at(Place.OWN), foot=5, act=Act.STAFF_WITHDREW, also="conflict interest family withdraw"),
    Command("case.close", ("x",), "Close case", "Close the case under the cursor.", "close_case", _at(Place.CASES),
            foot=3, act=Act.CASE_CLOSED, also="end hang up finish done"),
    Command("case.note", ("i",), "Note", "Report in the case what was said.",
            "note", _at(Place.CASES, Place.RECORD), act=Act.CASE_NOTED, also="write report said contact"),
    Command("customer.new", ("P",), "New person", "Take down somebody new, or a company, under the case in hand.",
            "app.new_person", _at(Place.CASES, Place.SEARCH, Place.RECORD), act=Act.CUSTOMER_ADDED,
            also="add customer create company"),
    Command("case.new", ("ctrl+n", "n"), "New case", "Start a case in one line; its number is the reference.",
            "app.new_case", _CALLED | {Place.PURPOSE}, foot=6, act=Act.CASE_OPENED, also="call ticket phone mail"),
    Command("case.switch", ("ctrl+t", "t"), "Other call", "Go on with the call that waits, where it was.",
            "app.other_case", _CALLED, foot=7, act=Act.CASE_OPENED),
    Command("go.search", ("S", "f2"), "Search", "Go to the search.",
            "app.go('search')", DESK - {Place.SEARCH}, foot=8, act=Act.CUSTOMER_SEARCH, also="find look up customer"),
    Command("go.cases", ("C", "f5"), "My cases", "Go to my open cases.", "app.go('cases')", DESK - {Place.CASES},
            act=Act.CASE_LISTED),
    Command("go.requests", ("R", "f4"), "Requests", "Go to the requests by due date.",
            "app.go('requests')", DESK - {Place.REQUESTS}, foot=11, act=Act.REQUEST_LISTED),
    Command("go.log", ("ctrl+g", "A", "f3"), "Log", "Go to the log of who looked at what.",
            "app.go('log')", DESK - {Place.LOG}, foot=12, act=Act.AUDIT_LISTED, also="audit trail"),
    Command("go.staff", ("U", "f6"), "Staff", "Go to the employees' accounts.",
            "app.go('staff')", DESK - {Place.STAFF}, foot=16, act=Act.STAFF_LISTED, also="users employees roles"),
    Command("go.review", ("W",), "Review", "Go to what is to be signed off: flags, break-glass, a random share.",
            "app.go('review')", DESK - {Place.REVIEW}, foot=5, act=Act.AUDIT_LISTED, also="work-list flags month"),
    Command("go.inbox", ("I",), "Inbox", "Go to what you are asked about looks of yours, and answer.",
            "app.go('inbox')", DESK - {Place.INBOX}, act=Act.AUDIT_ANSWERED, also="asked answer question review"),
    Command("go.policy", ("E",), "Policy", "Go to the privacy policy and what proves each clause of it now.",
            "app.go('policy')", DESK - {Place.POLICY}, act=Act.AUDIT_EVIDENCE, also="evidence proof figures inspector"),
    Command("go.own", ("O",), "Own entries", "Read what the log holds about you, and where you are signed in.",
            "app.go('own')", DESK - {Place.OWN}, act=Act.AUDIT_OWN),
    Command("desk.purpose", ("p",), "Purpose", "Say for which purpose and under which reference you look.",
            "app.change_purpose", _LOOKING, act=Act.CUSTOMER_SEARCH, also="why reference number reason"),
    Command("app.help", ("f1", "question_mark"), "Help", "Say what can be done here.", "app.help",
            _ANYWHERE - _READING, foot=9),
    Command("app.commands", ("ctrl+p", "colon"), "Commands", "List the commands; typing narrows the list.",
            "app.commands", DESK, foot=10),
    Command("app.retry", ("r",), "Retry", "Do again what just failed.", "retry", DESK, foot=2),
    Command("app.back", ("escape",), "Back", "Go back one level.", "back", _SIGNED_IN, foot=20),
    Command("app.lock", ("ctrl+l", "f12"), "Lock", "Lock the terminal; the password opens it.", "app.lock", _SIGNED_IN),
    Command("app.theme", (), "Light or dark", "Change between the dark and the light theme.", "app.other_theme", DESK),
    Command("app.own-colours", (), "Own colours", "Take the terminal's own colours, or those of the desk again.",
            "app.own_colours", DESK),
    Command("app.quit", ("ctrl+q", "Q"), "Quit", "Sign out and leave.", "app.leave", _ANYWHERE, foot=21),
    Command("focus.next", ("tab",), "Next", "Go to the next pane or field.", "next_field", _ANYWHERE),
    Command("focus.previous", ("shift+tab",), "Previous", "Go to the pane or field before.", "previous_field",
            _ANYWHERE),
    Command("list.open", ("enter",), "Open", "Open the row under the cursor, or fold it up again.", "select",
            _at(Place.LIST), foot=1),
    Command("list.down", ("down", "j"), "Down", "One row down.", "cursor_down", _at(Place.LIST)),
    Command("list.up", ("up", "k"), "Up", "One row up.", "cursor_up", _at(Place.LIST)),
    Command("list.first", ("home", "g"), "First", "To the first row.", "first", _at(Place.LIST)),
    Command("list.last", ("end", "G"), "Last", "To the last row.", "last", _at(Place.LIST)),
    Command("list.page-down", ("pagedown",), "Page down", "One page down.", "page_down", _at(Place.LIST)),
    Command("list.page-up", ("pageup",), "Page up", "One page up.", "page_up", _at(Place.LIST)),
)  # fmt: skip
"""All of them, in the order in which help and palette list them."""

SHOWN_AT_MOST: Final = 6


def at(place: Place) -> Iterator[Command]:
    """Yield the commands of a place."""
    return (command for command in COMMANDS if place in command.places)


def given_by(action: str, parameters: tuple[object, ...]) -> Iterator[Command]:
    """Yield the commands that an action of the framework carries out; ``action`` has no namespace and no parameters."""
    written = f"({', '.join(map(repr, parameters))})" if parameters else ""
    return (command for command in COMMANDS if command.action.removeprefix("app.") == action + written)


def by_id(command_id: str) -> Command:
    """Return the command with this id; raises KeyError."""
    return _BY_ID[command_id]


_BY_ID: Final = {command.id: command for command in COMMANDS}
