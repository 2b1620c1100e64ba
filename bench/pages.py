"""Twenty-odd pages as the manager of the city sees them: every row of the ledger is theirs."""

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
    from taizhang.ledger import paging

    # PostgreSQL goes on numbering where the last ledger of a test ended.
    first, last = (
        Activity.objects.order_by(o).values_list("pk", flat=True)[0] for o in ("pk", "-pk")
    )
    dice = random.Random(7)
    some = [dice.randrange(first, last) for _number in range(12)]
    furthest = paging.FURTHEST // paging.PER_PAGE
    figures = ("volunteering.events", "minority.beneficiaries", "museum.visits")
    return {
        "workbench": ["/"],
        "findings": ["/findings/"],
        "registers": ["/registers/"],
        "list": [LIST],
        "list, page 50": [f"{LIST}?page=50"],
        "list, furthest page": [f"{LIST}?page={furthest}"],
        "list, theme and year": [f"{LIST}?{YEAR}&themes={t}" for t in ("volunteering", "rural")],
        "list, form and setting": [f"{LIST}?form={f}&setting=school" for f in ("lecture", "show")],
        "list, one county": [f"{LIST}?unit=banner", f"{LIST}?unit=county-07&state=submitted"],
        "list, two-character search": [f"{LIST}?q={quote(w)}" for w in ("急救", "牲畜", "航天")],
        "list by attendance": [f"{LIST}?sort=-attendance", f"{LIST}?sort=attendance"],
        "list by title": [f"{LIST}?sort=title", f"{LIST}?sort=-title"],
        "list by location": [f"{LIST}?sort=location"],
        "list by unit": [f"{LIST}?sort=unit"],
        "counts of the tabs": [f"{LIST}tabs/"],
        "record": [f"{LIST}{key}/" for key in some],
        "form": [f"{LIST}add/", *(f"{LIST}{key}/edit/" for key in some[:3])],
        "figure": [f"/figures/{code}/?period=2021" for code in figures],
        "figures": ["/figures/?period=2021"],
        "report": ["/reports/county-annual/?period=2021"],
        "go anywhere": [f"/goto/?q={quote(w)}" for w in ("急救", "hdtz", "东升")],
        "batches": ["/batches/"],
        "bin": ["/bin/"],
        "jobs": ["/jobs/"],
        "API, a page of rows": ["/api/v1/activities/activity/?limit=100"],
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


def measure(user: Any, size: Size, at_most: float) -> list[Measure]:
    """The 95th percentile of each page; the median, the slowest first view, and the queries."""
    client = browser(user)
    found = []
    for name, addresses in tqdm(pages().items(), desc="pages", leave=False):
        first = max(timed(lambda: fetch(client, address))[0] for address in addresses)  # noqa: B023
        with CaptureQueriesContext(connection) as queries:
            fetch(client, addresses[0])
        asked = len(queries)  # before the next request empties the log
        times = [
            timed(lambda: fetch(client, addresses[number % len(addresses)]))[0]  # noqa: B023
            for number in range(size.rounds)
        ]
        note = f"p50 {percentile(times, 0.5):.3f} s, first {first:.3f} s, {asked} queries"
        p95 = percentile(times, 0.95)
        found.append(Measure("pages, p95", name, p95, "s", at_most=at_most, note=note))
    return found
