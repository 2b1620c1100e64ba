"""What several engine tests need."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from taizhang.engines.findings import Finding, Refused


def refusal(action: Callable[[], object]) -> tuple[Finding, ...]:
    """Return the findings with which ``action`` is refused."""
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.findings


def codes(action: Callable[[], object]) -> list[str]:
    """Return the codes with which ``action`` is refused."""
    return [finding.code for finding in refusal(action)]
