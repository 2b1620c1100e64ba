"""What is wrong with a page as it looks: to axe, wide and narrow, light and dark; and to its width."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe

WIDTHS = (320, 390, 768, 1024, 1440, 1920)
LOOKED_AT = (390, 1440)
EVERYTHING = {"resultTypes": ["violations"]}
COLOURS = EVERYTHING | {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}
"""In the dark a page has the same elements in other colours."""


def faults(page: Any) -> list[str]:
    """Everything that is wrong with what the page shows now; its window is 1440 wide afterwards."""
    page.evaluate(Axe().axe_script)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            found.append(f"{width}: scrolls sideways, {needed}")
        if width in LOOKED_AT:
            for scheme, rules in (("dark", COLOURS), ("light", EVERYTHING)):
                page.emulate_media(color_scheme=scheme)
                told = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
                found += [
                    f"{width} {scheme}: {fault['id']} {node['html'][:160]}"
                    for fault in told
                    for node in fault["nodes"][:3]
                ]
    page.set_viewport_size({"width": 1440, "height": 900})
    return found
