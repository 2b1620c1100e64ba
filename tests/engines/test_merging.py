"""Two people at one record: nothing is lost and nothing is overwritten unseen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.merging import Cell, Merge, merge

texts = st.text(alphabet="甲乙丙 1", max_size=2)
words = st.frozensets(st.sampled_from("abcde"))
FIELDS = ("title", "place", "views", "themes", "audiences")


def records() -> st.SearchStrategy[dict[str, Cell]]:
    return st.fixed_dictionaries(
        {name: words if name in ("themes", "audiences") else texts for name in FIELDS}
    )


def conflicts(found: Merge) -> list[str]:
    return [difference.name for difference in found.conflicts]


def test_what_only_one_of_the_two_changed_is_taken() -> None:
    base = {"title": "讲座", "attendance": "100", "place": "广场"}
    found = merge(base, base | {"attendance": "120"}, base | {"title": "培训"})
    assert found.cells == {"title": "培训", "attendance": "120", "place": "广场"}
    (told,) = found.differences
    assert (told.name, told.base, told.theirs, told.mine) == ("attendance", "100", "120", "100")
    assert not told.conflict


def test_what_both_changed_differently_is_for_a_person_to_choose() -> None:
    base = {"attendance": "100"}
    found = merge(base, {"attendance": "120"}, {"attendance": "130"})
    assert conflicts(found) == ["attendance"]
    assert found.cells == {"attendance": "130"}, "until then what was typed stands"


def test_what_both_changed_to_the_same_is_told_and_no_conflict() -> None:
    found = merge({"place": ""}, {"place": "广场"}, {"place": "广场"})
    assert found.cells == {"place": "广场"}
    assert [(d.name, d.conflict) for d in found.differences] == [("place", False)]


def test_words_are_added_and_taken_away_one_by_one() -> None:
    base = {"themes": frozenset("ab")}
    found = merge(base, {"themes": frozenset("abc")}, {"themes": frozenset("bd")})
    assert found.cells == {"themes": frozenset("bcd")}
    assert not found.conflicts


def test_without_a_base_every_difference_is_a_conflict() -> None:
    found = merge({}, {"title": "甲", "place": "丙"}, {"title": "乙", "place": "丙"})
    assert conflicts(found) == ["title"]
    assert [difference.name for difference in found.differences] == ["title"]


def test_a_field_that_the_record_does_not_have_is_mine() -> None:
    assert merge({}, {}, {"reason": "看错"}) == Merge({"reason": "看错"}, ())


@given(records(), records(), records())
def test_every_field_has_one_outcome_and_every_foreign_change_is_told(
    base: dict[str, Cell], theirs: dict[str, Cell], mine: dict[str, Cell]
) -> None:
    found = merge(base, theirs, mine)
    assert list(found.cells) == list(mine)
    assert {d.name for d in found.differences} == {n for n in mine if theirs[n] != base[n]}
    for name in mine:
        if isinstance(mine[name], frozenset):
            continue
        both = theirs[name] != base[name] and mine[name] != base[name]
        assert (name in conflicts(found)) is (both and theirs[name] != mine[name])
        assert found.cells[name] == (theirs[name] if mine[name] == base[name] else mine[name])


@given(records(), records())
def test_whoever_changed_nothing_gets_what_the_other_wrote(
    base: dict[str, Cell], other: dict[str, Cell]
) -> None:
    assert merge(base, other, base).cells == other
    assert merge(base, base, other) == Merge(other, ())


@given(records(), records(), records())
def test_without_conflicts_it_does_not_matter_who_was_first(
    base: dict[str, Cell], one: dict[str, Cell], two: dict[str, Cell]
) -> None:
    there, back = merge(base, one, two), merge(base, two, one)
    assert set(conflicts(there)) == set(conflicts(back))
    settled = [name for name in base if name not in conflicts(there)]
    assert [there.cells[name] for name in settled] == [back.cells[name] for name in settled]


@given(words, words, words)
def test_a_word_added_is_there_and_a_word_taken_away_is_not(
    base: frozenset[str], theirs: frozenset[str], mine: frozenset[str]
) -> None:
    (outcome,) = merge({"w": base}, {"w": theirs}, {"w": mine}).cells.values()
    assert isinstance(outcome, frozenset)
    assert (theirs - base) | (mine - base) <= outcome
    assert not ((base - theirs) | (base - mine)) & outcome


@given(records(), records(), records())
def test_a_merge_that_was_shown_and_sent_again_changes_nothing_more(
    base: dict[str, Cell], theirs: dict[str, Cell], mine: dict[str, Cell]
) -> None:
    shown = merge(base, theirs, mine)
    assert merge(theirs, theirs, shown.cells) == Merge(shown.cells, ())
