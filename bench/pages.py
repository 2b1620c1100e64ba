"""Ten pages as the manager of the city sees them: every row of the ledger is theirs."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tqdm import tqdm

from .measures import Measure, percentile, timed
from .world import Size

LIST = "/activities/activity/"
YEAR = "held_on=2021-01-01..2021-12-31"


def pages() -> dict[str, list[str]]:
    """The addresses of each page; where a page has many faces, several of them."""
    from taizhang.activities.models import Activity

    keys = list(Activity.objects.order_by("pk").values_list("pk", flat=True))
    some = random.Random(7).sample(keys, 12)
    return {
        "list": [LIST],
        "list, theme and year": [f"{LIST}?{YEAR}&themes={t}" for t in ("volunteering", "rural")],
        "list, two-character search": [f"{LIST}?q={quote(w)}" for w in ("急救", "牲畜", "航天")],
        "list by attendance": [f"{LIST}?sort=-attendance", f"{LIST}?sort=attendance"],
        "list, page 50": [f"{LIST}?page=50"],
        "record": [f"{LIST}{key}/" for key in some],
        "figure": [
            f"/figures/{code}/?period=2021"
            for code in ("volunteering.events", "minority.beneficiaries", "museum.visits")
        ],
        "figures": ["/figures/?period=2021"],
        "report": ["/reports/county-annual/?period=2021"],
        "workbench": ["/"],
    }


def browser(user: Any) -> Client:
    """A browser signed in, looking at 2021."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["period"] = "2021"
    session.save()
    return client


def fetch(client: Client, address: str) -> None:
    """Fetch a page; anything but a page is a fault of the bench."""
    response = client.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    response.getvalue() if response.streaming else response.content


def measure(user: Any, size: Size) -> list[Measure]:
    """The 95th percentile of each page, with the median and the number of queries."""
    client = browser(user)
    found = []
    for name, addresses in tqdm(pages().items(), desc="pages", leave=False):
        fetch(client, addresses[0])
        with CaptureQueriesContext(connection) as queries:
            fetch(client, addresses[0])
        asked = len(queries)  # before the next request empties the log
        times = [
            timed(lambda: fetch(client, addresses[number % len(addresses)]))[0]  # noqa: B023
            for number in range(size.rounds)
        ]
        note = f"p50 {percentile(times, 0.5):.3f} s, {asked} queries"
        p95 = percentile(times, 0.95)
        found.append(Measure("pages, p95", name, p95, "s", at_most=0.3, note=note))
    return found
