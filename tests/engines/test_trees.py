from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.engines.findings import Refused
from taizhang.engines.trees import Path, Placement, closure

from .helpers import refusal

START = date(2021, 1, 1)
DAYS = [START + timedelta(days=n) for n in range(8)]
NODES = [1, 2, 3, 4]


def day(number: int) -> date:
    return START + timedelta(days=number)


placements = st.builds(
    lambda child, parent, first, length: Placement(
        child, parent, day(first), None if length is None else day(first + length)
    ),
    st.sampled_from(NODES),
    st.none() | st.sampled_from(NODES),
    st.integers(0, 6),
    st.none() | st.integers(0, 5),
)


def covers(placement: Placement | Path, when: date) -> bool:
    return placement.first <= when and (placement.last is None or when <= placement.last)


def day_by_day(given_: list[Placement]) -> set[tuple[int, int, int, date]] | str:
    found = set()
    for when in DAYS:
        parents: dict[int, int | None] = {}
        for placement in given_:
            if covers(placement, when):
                if parents.get(placement.child, placement.parent) != placement.parent:
                    return "tree.two-parents"
                parents[placement.child] = placement.parent
        for node in parents:
            current: int | None = node
            depth = 0
            while current in parents:
                assert current is not None
                found.add((current, node, depth, when))
                current = parents[current]
                depth += 1
                if depth > len(NODES):
                    return "tree.cycle"
    return found


@given(st.lists(placements, max_size=6))
def test_the_closure_is_what_one_finds_by_walking_up_on_every_day(given_: list[Placement]) -> None:
    expected = day_by_day(given_)
    if isinstance(expected, str):
        with pytest.raises(Refused, match="tree"):
            closure(given_)
        return
    found = closure(given_)
    assert expected == {
        (p.ancestor, p.descendant, p.depth, when) for p in found for when in DAYS if covers(p, when)
    }
    for one in found:
        for other in found:
            same = (one.ancestor, one.descendant, one.depth) == (
                (other.ancestor, other.descendant, other.depth)
            )
            if same and one is not other and one.last is not None and one.first < other.first:
                assert one.last + timedelta(days=1) < other.first, "touching spans are joined"


def test_a_unit_that_moves_belongs_to_each_parent_in_its_time() -> None:
    found = closure(
        [
            Placement(1, None, START),
            Placement(2, None, START),
            Placement(3, 1, START, day(9)),
            Placement(3, 2, day(10)),
        ]
    )
    assert found == [
        Path(1, 1, START, None, 0),
        Path(1, 3, START, day(9), 1),
        Path(2, 2, START, None, 0),
        Path(2, 3, day(10), None, 1),
        Path(3, 3, START, None, 0),
    ]


def test_a_unit_that_has_ended_is_nobodys_ancestor() -> None:
    found = closure([Placement(1, None, START, day(4)), Placement(2, 1, START)])
    assert Path(1, 2, START, day(4), 1) in found
    assert Path(2, 2, START, None, 0) in found


def test_an_unplaced_parent_is_no_ancestor() -> None:
    assert closure([Placement(2, 1, START)]) == [Path(2, 2, START, None, 0)]


def test_two_parents_on_one_day_are_refused_with_the_day() -> None:
    (finding,) = refusal(lambda: closure([Placement(3, 1, START, day(5)), Placement(3, 2, day(5))]))
    assert finding.code == "tree.two-parents"
    assert finding.params == {"child": 3, "day": day(5)}


def test_a_long_placement_is_compared_with_all_it_covers() -> None:
    spans = [
        Placement(3, 1, START, day(9)),
        Placement(3, 1, day(1), day(2)),
        Placement(3, 2, day(5), day(6)),
    ]
    assert refusal(lambda: closure(spans))[0].code == "tree.two-parents"


def test_a_cycle_is_refused_with_its_nodes() -> None:
    (finding,) = refusal(lambda: closure([Placement(1, 2, START), Placement(2, 1, day(3))]))
    assert (finding.code, finding.params["nodes"]) == ("tree.cycle", (1, 2, 1))


def test_parent_and_child_may_change_places_when_not_on_the_same_day() -> None:
    found = closure(
        [
            Placement(1, None, START, day(1)),
            Placement(2, 1, START, day(1)),
            Placement(2, None, day(2)),
            Placement(1, 2, day(2)),
        ]
    )
    assert Path(1, 2, START, day(1), 1) in found
    assert Path(2, 1, day(2), None, 1) in found


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    (finding,) = refusal(lambda: closure([Placement(1, None, day(3), day(2))]))
    assert finding.code == "tree.backwards"
