from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecksConfig(AppConfig):
    name = "taizhang.checks"
    verbose_name = _("Proofreading")

    def ready(self) -> None:
        from taizhang.goto import destinations as goto

        from . import destinations

        goto.sources.append(destinations.of_the_checks)
