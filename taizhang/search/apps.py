"""The index of words, below the ledger: it knows numbers and texts, not registers."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "taizhang.search"
    label = "search"
