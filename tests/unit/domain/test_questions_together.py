"""Items that share an entry are one question: exactly those, one through another."""

from hypothesis import given
from hypothesis import strategies as st

from staffdesk.domain.reviews import together

RESTING = st.dictionaries(st.integers(1, 99), st.frozensets(st.integers(1, 30), min_size=1, max_size=4), max_size=12)


@given(RESTING)
def test_no_entry_stands_in_two_questions_and_each_item_in_one(resting: dict[int, frozenset[int]]) -> None:
    groups = together(resting)
    assert sorted(item for group in groups for item in group) == sorted(resting)
    entries = [frozenset[int]().union(*(resting[item] for item in group)) for group in groups]
    assert sum(map(len, entries)) == len(frozenset[int]().union(*entries))


@given(RESTING)
def test_what_is_asked_together_hangs_together(resting: dict[int, frozenset[int]]) -> None:
    for group in together(resting):
        reached, seqs, more = {group[0]}, set(resting[group[0]]), True
        while more:
            new = {item for item in group if item not in reached and not seqs.isdisjoint(resting[item])}
            reached |= new
            seqs.update(*(resting[item] for item in new))
            more = bool(new)
        assert reached == set(group)
