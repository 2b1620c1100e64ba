from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealsConfig(AppConfig):
    name = "taizhang.seals"
    verbose_name = _("Seals")

    def ready(self) -> None:
        from taizhang.jobs import sweep

        from . import history

        sweep.others.append(history.seal_days)
