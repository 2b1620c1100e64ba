"""All measures on one database; run by ``python -m bench`` in a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from .measures import Measure, stopwatch, table

STEPS = (
    "pages",
    "search",
    "outlines",
    "figures",
    "export",
    "worker",
    "import",
    "bulk",
    "signing",
    "large",
)


def main() -> int:
    """Generate the ledger, measure, print; results as JSON into the ledger's folder."""
    asker = argparse.ArgumentParser()
    asker.add_argument("--small", action="store_true")
    asker.add_argument("--only", nargs="*", choices=STEPS, default=STEPS)
    asked = asker.parse_args()

    from taizhang import prepare

    prepare.django()
    prepare.ledger()
    from django.db import connection

    from . import bulk, figures, imports, outlines, pages, search, submissions, worker, world

    size = world.SMALL if asked.small else world.FULL
    folder = Path(os.environ["TAIZHANG_HOME"])
    with stopwatch() as spent:
        made = world.build(size)
    _settle()
    found = [Measure("ledger", "generated in", spent[0], "s")]
    steps = {
        "pages": lambda: pages.measure(made.manager, size, 0.3),
        "search": lambda: search.measure(made.manager, size),
        "outlines": lambda: outlines.measure(made.manager, size),
        "figures": lambda: figures.measure(size),
        "export": lambda: worker.measure_export(folder),
        "worker": lambda: worker.measure(made, size, folder),
        "import": lambda: imports.measure(made, size, folder),
        "bulk": lambda: bulk.measure(made, size),
        "signing": lambda: submissions.measure(made.manager, size),
        "large": lambda: _large(made, size),
    }
    for name in STEPS:
        if name in asked.only:
            print(f"{time.strftime('%H:%M:%S')} {connection.vendor}: {name}", file=sys.stderr)
            found += steps[name]()
    print(f"\n== {connection.vendor}, {size.units} units, {size.activities:,} activities")
    print(table(found), flush=True)
    document = {"database": connection.vendor, "measures": [one.as_json() for one in found]}
    (folder / "bench.json").write_text(json.dumps(document, ensure_ascii=False, indent=1))
    return 0


def _settle() -> None:
    """Do what a start and some minutes of use would have done: rows were inserted past the ledger."""
    from django.db import connection

    from taizhang import prepare
    from taizhang.search.models import Built

    Built.objects.all().delete()
    prepare.ledger()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _large(made: Any, size: Any) -> list[Measure]:
    """A million activities: pages, search, bulk work and figures once more."""
    from taizhang.activities.models import Activity

    from . import bulk, figures, growth, outlines, pages, search, submissions

    with stopwatch() as spent:
        growth.grow(-(-size.large // Activity.objects.count()))
    with stopwatch() as indexing:
        _settle()
    count = Activity.objects.count()
    found = [
        Measure("ledger", "copied in", spent[0], "s"),
        Measure("ledger", "words indexed in", indexing[0], "s"),
    ]
    found += pages.measure(made.manager, size, 0.5)
    found += search.measure(made.manager, size)
    found += outlines.measure(made.manager, size)
    found += bulk.measure(made, size)
    found += figures.measure(size)
    found += submissions.measure(made.manager, size, submissions.SOME)
    large = [replace(one, group=f"{count:,} activities: {one.group}") for one in found]
    # Figures were promised for a hundred thousand activities; here they only inform.
    return [replace(one, at_most=None) if "figures of" in one.group else one for one in large]


if __name__ == "__main__":
    sys.exit(main())
