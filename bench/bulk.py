"""One deed done to many records, as the job does it, and taken back again."""

from __future__ import annotations

from django.utils import translation

from taizhang.desk import bulk
from taizhang.ledger import catalogue, undo

from .measures import Measure, stopwatch
from .world import Size, World

AT_MOST = 20


def measure(world: World, size: Size) -> list[Measure]:
    """Verify records of others, up to as many as a decision may cover in the bench, and undo it."""
    register = catalogue.get("activities.activity")
    keys = bulk.rows_of(register, "state=submitted", world.verifier)[: size.verified]
    told: list[int] = []
    group = f"bulk, {len(keys):,} records"
    with translation.override("zh-hans"):
        with stopwatch() as doing:
            done = bulk.carry_out(
                register,
                keys,
                bulk.Deed("move", "verify"),
                actor=world.verifier,
                progress=told.append,
            )
        assert done.done == len(keys) == sum(told), done.refused[:3]
        assert done.batch is not None
        with stopwatch() as undoing:
            undo.undo(done.batch, actor=world.verifier)
    note = f"progress told {len(told)} times"
    return [
        Measure(group, "verify", doing[0], "s", at_most=AT_MOST, note=note),
        Measure(group, "undo it", undoing[0], "s"),
    ]
