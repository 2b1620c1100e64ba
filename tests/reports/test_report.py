"""The annual report of the demo year: written three ways, and every number in it found again."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from taizhang.accounts.models import Membership, User
from taizhang.documents.docx_facts import *  # noqa: F403
from taizhang.documents import docx_facts, docx_reader
from taizhang.engines.findings import Refused
from taizhang.engines.periods import Period
from taizhang.org.models import Unit
from taizhang.reports import catalogue, compile
from tests.steps import body, links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_years")]
