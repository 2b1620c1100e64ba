"""``make soak``: kill -9 of server and worker at random moments, a hundred times.

Each round lets a server with its worker run, asks for work, kills one of them or both in the middle
of it, and starts again. Then every job must have come to its end and everything must have been
written wholly and once, or not at all. The seed is printed; ``--seed`` chooses the same moments
again, as far as a machine repeats itself.

On SQLite; on PostgreSQL too when TEST_DATABASE_URL names one, or only there with DATABASE_URL.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.demo_server import _free_port

if TYPE_CHECKING:
    from tests.soak.office import Office

VICTIMS = ("both", "worker", "server")
WINDOW = 0.5
"""Seconds after a worker began within which somebody dies."""
PATIENCE = 60


def main() -> int:
    """Run the rounds on each database, one process for each."""
    top = argparse.ArgumentParser(prog="soak", description=__doc__)
    top.add_argument("--rounds", type=int, default=100)
    top.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    top.add_argument("--victims", nargs="+", choices=VICTIMS, default=VICTIMS)
    top.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = top.parse_args()
    if asked.here:
        return _soak(asked.rounds, asked.seed, asked.victims)
    only, also = os.environ.get("DATABASE_URL", ""), os.environ.get("TEST_DATABASE_URL", "")
    codes = [_elsewhere(url, asked) for url in dict.fromkeys([only] if only else ["", also or ""])]
    return max(codes)


def _elsewhere(url: str, asked: argparse.Namespace) -> int:
    """Soak one database in a process whose settings know nothing else."""
    from tests.soak.office import founded, removed

    folder = Path(tempfile.mkdtemp(prefix="taizhang-soak-"))
    office = founded(folder / "data", url)
    print(f"soak on {'PostgreSQL' if url else 'SQLite'}", flush=True)
    try:
        words = (
            "--here",
            "--rounds",
            str(asked.rounds),
            "--seed",
            str(asked.seed),
            "--victims",
            *asked.victims,
        )
        code = subprocess.call(  # noqa: S603  (our own program)
            [sys.executable, "-m", "tools.soak", *words],
            env=office.environment | {"TAIZHANG_POOL": "0"},
        )
        if code:
            print(office.log()[-8000:])
        return code
    finally:
        removed(office)
        shutil.rmtree(folder, ignore_errors=True)


def _soak(rounds: int, seed: int, victims: Sequence[str]) -> int:
    from taizhang import prepare

    prepare.django()
    from django.conf import settings

    from tests.factories import found_cast
    from tests.soak.office import Office, until
    from tests.soak.scenarios import SCENARIOS, at_work

    office = Office(settings.HOME, os.environ["DATABASE_URL"])
    actor = found_cast().lin
    luck = random.Random(seed)  # noqa: S311
    running = Running(office)
    scenarios: list[Any] = [scenario() for scenario in SCENARIOS]
    started, deaths = time.monotonic(), dict.fromkeys(victims, 0)
    try:
        for number in range(rounds):
            url = running.begin()
            found = _judge(scenarios)
            if found:
                print(f"seed {seed}, round {number}:", *found, sep="\n  ")
                return 1
            for scenario in scenarios:
                scenario.begin(number, luck, actor, url)
            until(at_work, "a worker is at work", PATIENCE)
            time.sleep(luck.uniform(0, WINDOW))
            victim = luck.choice(victims)
            deaths[victim] += 1
            running.kill(victim)
            for scenario in scenarios:
                scenario.stop()
            if number % 25 == 24:
                print(f"  {number + 1} rounds", flush=True)
        running.begin()
        found = _judge(scenarios)
    finally:
        office.kill_all()
    took = time.monotonic() - started
    told = ", ".join(f"{victim} {count}" for victim, count in deaths.items())
    print(f"seed {seed}: {rounds} rounds in {took:.0f} s ({told}); {_summary()}")
    if found:
        print(*found, sep="\n  ")
    return 1 if found else 0


class Running:
    """The server of a round, and the worker that it keeps."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.server: subprocess.Popen[bytes] | None = None
        self.url = ""

    def begin(self) -> str:
        """Have a server that answers; one that survived the last round goes on."""
        from tests.soak.office import until

        if self.server is None:
            port = _free_port()
            self.url = f"http://127.0.0.1:{port}"
            self.server = self.office.start("serve", "--port", str(port))
        until(self._answers, "the server answers", PATIENCE)
        return self.url

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/", timeout=5):  # noqa: S310
                return True
        except OSError:
            return False

    def kill(self, victim: str) -> None:
        """Kill at once; what loses its server has to end by itself."""
        from tests.soak.office import children, is_there, until

        assert self.server is not None
        workers = children(self.server.pid, b"work")
        if victim == "worker":
            for number in workers:
                os.kill(number, signal.SIGKILL)
            return
        if victim == "server":
            os.kill(self.server.pid, signal.SIGKILL)
            try:
                until(lambda: not any(map(is_there, workers)), "the worker ended", PATIENCE)
            except AssertionError:
                for number in filter(is_there, workers):
                    os.kill(number, signal.SIGABRT)  # says in the log where it stands
                time.sleep(1)
                raise
        self.office.kill_all()
        self.server = None


def _judge(scenarios: list[Any]) -> list[str]:
    """Wait until every job is over, and say what is wrong then."""
    from tests.soak.office import until
    from tests.soak.scenarios import all_over, job_faults

    try:
        until(all_over, "all jobs are over", PATIENCE)
    except AssertionError as error:
        return [str(error), *job_faults()]
    return [*job_faults(), *(fault for scenario in scenarios for fault in scenario.faults())]


def _summary() -> str:
    from taizhang.activities.models import Activity
    from taizhang.jobs.models import Job, State

    jobs = Job.objects.all()
    again = jobs.filter(attempts__gt=1).count()
    lost = jobs.filter(state=State.FAILED).count()
    return (
        f"{jobs.count()} jobs, {again} taken up again, {lost} lost three times, "
        f"{Activity.objects.count()} records"
    )


if __name__ == "__main__":
    sys.exit(main())
