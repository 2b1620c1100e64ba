from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "taizhang.exchange"
    verbose_name = _("Files in and out")

    def ready(self) -> None:
        from taizhang.ledger import catalogue

        from .export import FORMATS

        catalogue.formats = FORMATS
