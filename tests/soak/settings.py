"""The product's settings with the tasks of the tests: for processes that tests start and kill."""

from taizhang.settings import *  # noqa: F403
from taizhang.settings import INSTALLED_APPS as PRODUCT

INSTALLED_APPS = [*PRODUCT, "tests.soak"]
JOB_GRACE_SECONDS = 2
