"""All measures on one database; run by ``python -m bench`` in a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from .measures import Measure, stopwatch, table

STEPS = ("pages", "figures", "export", "worker", "import")


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

    from . import figures, imports, pages, worker, world

    size = world.SMALL if asked.small else world.FULL
    folder = Path(os.environ["TAIZHANG_HOME"])
    with stopwatch() as spent:
        made = world.build(size)
    prepare.ledger()  # as every start does: SQLite looks at its tables
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # What autovacuum does within minutes of real use; SQLite gets no such help.
            cursor.execute("VACUUM ANALYZE")
    found = [Measure("ledger", "generated in", spent[0], "s")]
    steps = {
        "pages": lambda: pages.measure(made.manager, size),
        "figures": lambda: figures.measure(size),
        "export": lambda: worker.measure_export(folder),
        "worker": lambda: worker.measure(made, size, folder),
        "import": lambda: imports.measure(made, size, folder),
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


if __name__ == "__main__":
    sys.exit(main())
