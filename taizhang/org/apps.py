from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgConfig(AppConfig):
    name = "taizhang.org"
    verbose_name = _("Units and people")

    def ready(self) -> None:
        from taizhang.ledger import access, catalogue

        from .panel import BelowPanel
        from .provider import OrgProvider

        access.set_provider(OrgProvider())
        catalogue.panels["below"] = BelowPanel()
