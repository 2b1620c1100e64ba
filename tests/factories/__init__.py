"""Records for tests: every register has its values here, one module for each domain."""

from tests.factories.cast import found_cast
from tests.factories.making import DAY, act, factory, make, terms, values, verified

__all__ = ["DAY", "act", "factory", "found_cast", "make", "terms", "values", "verified"]
