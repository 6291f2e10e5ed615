"""Nothing is written about somebody's health, belief, politics, origin or sex life, and what only sounds like it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.errors import Misconfigured
from staffdesk.domain.screening import FieldKind, screen
from staffdesk.domain.special_categories import Remarks, SpecialCategories
from staffdesk.parameters import load, read, shaped

REMARKS = {
    "health": [
        *("He is ill until Monday", "She's on sick leave", "his wife has had a stroke", "they broke her leg", "HIV"),
        *(
            "elle est enceinte de six mois",
            "il est en arrêt maladie",
            "il souffre d\u2019asthme",
            "Il est à l\u2019hôpital",
        ),
        *("hij is nog ziek", "klant ligt in het ziekenhuis", "zij is zwanger", "heeft een hernia"),
        *("er ist leider krank", "sie liegt im Krankenhaus", "er hat Krebs", "nach einem Schlaganfall"),
        *("In a wheelchair since May", "the operator is hard of hearing", "nach Herz-OP zu Hause"),
        *(
            "recovering alcoholic",
            "Enceinte, rappeler en mai",
            "Mevr. Peeters is ziek, mailen",
            "bras cassé, revient en mai",
        ),
        *("he had\ncancer", "HE IS VERY ILL", "on sick-leave", "the caller is in the hospital"),
    ],
    "belief": [
        *("he is a devout Catholic", "she is Jewish", "because of his religion", "il est musulman", "sa foi"),
        *("Muslim, please call after noon", "Ruth is Jewish, not on Friday", "klant bidt elke vrijdag", "mange halal"),
        *("strenggläubig", "geht jeden Sonntag in die Kirche", "va à la messe le dimanche", "houdt sabbat"),
        *("hij is moslim", "getuige van Jehova", "sie ist evangelisch", "converted to Islam"),
    ],
    "politics": [
        *("he votes for the N-VA", "a union member", "délégué syndical", "membre du syndicat", "lid van de vakbond"),
        *("CDU-Mitglied", "active in the FGTB", "hij staakt morgen", "carte du PTB", "very right-wing, no jokes"),
        *("stapte uit de PVDA", "kandidiert für die Grünen", "customer: communist, and proud of it"),
        *("er wählt die AfD", "Gewerkschaftsmitglied", "member of the Labour party", "il est communiste"),
    ],
    "origin": [
        *("of Moroccan origin", "il est d'origine marocaine", "van Turkse afkomst", "she is a refugee"),
        *("he is Polish, call his colleague", "Italian roots", "née à Dakar", "der Inhaber ist Türke, ruft an"),
        *("Marokkaan, spreekt Frans", "fled from Syria", "double nationalité", "a black woman at the stand"),
        *("nationality: Belgian", "türkischer Abstammung", "asylum seeker"),
    ],
    "sex_life": [
        *(
            "his boyfriend answers",
            "the cameraman is gay",
            "Queer, nice on the phone",
            "trompe sa femme",
            "valt op mannen",
        ),
        "he is gay",
        "elle est lesbienne",
        "hij is homo",
        "er ist schwul",
        "sexual orientation",
        "transgender",
    ],
}
MAY_BE_WRITTEN = [
    *("the output is disabled", "H.264/AVC", "deux enceintes de monitoring", "the stream died after an hour"),
    *(
        "installed in the hospital",
        "Gay TV records all day",
        "the parish of St. Mary",
        "the National Union of Students",
    ),
    *("the National Union of Students", "transitions"),
    *("paramètres d'origine", "video of unknown origin", "the customer is right", "klant is links op het scherm"),
    *("wheelchair basketball, two cameras", "HIV Association renews", "gala against cancer", "a rack in the closet"),
    *("Subtitles in Polish, Dutch and French", "French, German and Dutch", "the customer is a German broadcaster"),
    *("it keeps both roots in its folder", "roots in XML"),
    *(
        "streams the Mass on Sunday",
        "the CSC wants three licences",
        "Halal TV renews",
        "licence invalide",
        "on the left, red",
    ),
    *(
        "Screen is black, audio is fine",
        "Output is blind, no preview",
        "a film on homosexuality",
        "the Mac sleeps with the lid closed",
    ),
    *("healthy disk, 2 TB free", "stroke width 2 px", "a sick looking picture: green lines", "the party on Friday"),
    *("American Cancer Society", "the union of both lists", "er ist zurück", "Sie hat die neue Version", "he is blond"),
    *("the black frames", "white balance", "the customer was cut off", "the church service starts at ten"),
    *("il est en congé jusqu'à lundi", "hij is afwezig tot maandag", "he cannot be reached until Monday"),
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REMARKS.items() for text in texts])
def test_a_remark_about_somebody_is_refused_in_a_note_and_says_nothing_of_the_text(kind: str, text: str) -> None:
    found = screen(text, FieldKind.NOTE)
    assert found is not None
    assert found.name == kind
    assert "Art. 9" in found.reason
    assert text not in f"{found.what} {found.reason} {found.next}"


@pytest.mark.parametrize("text", MAY_BE_WRITTEN)
def test_what_only_sounds_like_a_remark_may_be_written(text: str) -> None:
    assert screen(text, FieldKind.NOTE) is None


@pytest.mark.parametrize("name", ["Gay TV", "Cancer Research UK", "HIV Plattform", "Union Member Services"])
def test_a_name_may_hold_what_a_note_may_not(name: str) -> None:
    assert screen(name) is None
    assert screen(f"{name} is his own illness: he has cancer", FieldKind.NOTE) is not None


@given(before=st.sampled_from(["", "Note. ", "\n", "(", "— "]), after=st.sampled_from(["", ".", "\nbye", ")", ", so"]))
def test_where_a_remark_stands_in_a_text_makes_no_difference(before: str, after: str) -> None:
    assert screen(f"{before}she is pregnant{after}", FieldKind.NOTE) is not None


def test_a_remark_hidden_by_signs_that_show_nothing_is_found() -> None:
    assert screen("she is preg\u200bnant", FieldKind.NOTE) is not None


def test_a_language_nobody_can_be_said_of_in_and_a_bad_pattern_are_refused() -> None:
    table = load("special_categories")
    categories = table["categories"]
    assert isinstance(categories, list)
    first = dict(categories[0])
    for changed in ({"being": {"es": ["enfermo"]}}, {"patterns": ["("]}):
        with pytest.raises(Misconfigured, match="health"):
            shaped("special_categories", {**table, "categories": [{**first, **changed}]}, SpecialCategories)


def test_a_word_of_the_rules_is_found_as_it_stands() -> None:
    rules = read("special_categories", SpecialCategories)
    remarks = Remarks(rules)
    missed = [
        word
        for category in rules.categories
        for word in category.words
        if remarks.find(f"Note: {word.rstrip('*')}.") is None
    ]
    assert missed == []
