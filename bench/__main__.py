"""``python -m bench``: the targets of speed and memory, measured on a generated ledger.

SQLite always, PostgreSQL when one answers; each in a process and a folder of its own, both removed
afterwards. Exit code 0 whether or not a target is met: these are measurements, not tests.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from .one import STEPS

DEFAULT_SERVER = "postgresql://root@127.0.0.1/test"


def main() -> int:
    """Run the command line."""
    asker = argparse.ArgumentParser(prog="bench", description=__doc__)
    asker.add_argument("--small", action="store_true", help="30 units, 5,000 activities: smoke run")
    asker.add_argument("--only", nargs="*", choices=STEPS, default=list(STEPS))
    asker.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    asker.add_argument("--output", type=Path, help="write the results here as JSON")
    asked = asker.parse_args()
    results = []
    with tempfile.TemporaryDirectory(prefix="taizhang-bench-") as folder:
        if asked.database != "postgresql":
            results.append(_run(asked, Path(folder) / "sqlite", ""))
        if asked.database != "sqlite":
            with _postgresql() as url:
                if url:
                    results.append(_run(asked, Path(folder) / "postgresql", url))
    missed = [
        f"{one['database']}: {m['group']}: {m['name']}"
        for one in results
        for m in one["measures"]  # type: ignore[attr-defined]
        if m["verdict"] == "MISSES"
    ]
    print("\n" + ("\n".join(["Targets missed:", *missed]) if missed else "Every target is met."))
    if asked.output:
        asked.output.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    return 0


def _run(asked: argparse.Namespace, home: Path, url: str) -> dict[str, object]:
    home.mkdir()
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "TAIZHANG_DEMO")
    }
    environment["TAIZHANG_HOME"] = str(home)
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-m", "bench.one", *(["--small"] if asked.small else [])]
    subprocess.run([*command, "--only", *asked.only], env=environment, check=True)
    found: dict[str, object] = json.loads((home / "bench.json").read_text())
    return found


@contextmanager
def _postgresql() -> Iterator[str]:
    """The address of a fresh database on the server, dropped afterwards; blank without a server."""
    server = os.environ.get("BENCH_DATABASE_URL") or DEFAULT_SERVER
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        print(f"\nNo PostgreSQL at {urlsplit(server).hostname}: {str(error).splitlines()[0]}")
        yield ""
        return
    name = f"taizhang_bench_{os.getpid()}"
    with connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main())
