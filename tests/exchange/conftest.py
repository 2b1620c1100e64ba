"""A second manager for the stories that need one."""

from __future__ import annotations

from typing import Any

import pytest

from taizhang.accounts.models import Membership, User
from tests.conftest import Cast


@pytest.fixture
def wen(cast: Cast) -> Any:
    """A second manager, who writes the records that the cast then handles."""
    user = User.objects.create(username="wen", display_name="文")
    Membership.objects.create(user=user, unit=cast.association, role="manager")
    return user
