"""Password rules in the languages of the product."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """At least so many characters; Django's own sentence has no Chinese."""

    def get_error_message(self) -> str:
        """The refusal, with the cure."""
        return _("The password is too short; use at least {number} characters.").format(
            number=self.min_length
        )

    def get_help_text(self) -> str:
        """The rule beside the field."""
        return _("At least {number} characters.").format(number=self.min_length)
