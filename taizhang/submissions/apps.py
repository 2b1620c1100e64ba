from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "taizhang.submissions"
    verbose_name = _("Submissions")

    def ready(self) -> None:
        from taizhang.seals import history

        from . import heads

        history.kept_heads.append(heads.of_signed_reports)
