"""Signing in and out, and what a user sets for themselves."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from .models import Membership, User

DEMO_YEAR = "2021"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; in the demo three accounts open with one click."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    if request.method == "POST" and "account" in request.POST:
        return _sign_in_to_demo(request, target)
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect(target)
    context = {
        "form": form,
        "next": target,
        "accounts": User.objects.exclude(demo_role="").order_by("pk") if settings.DEMO else [],
    }
    return render(request, "accounts/sign_in.html", context, status=422 if form.errors else 200)


def _sign_in_to_demo(request: HttpRequest, target: str) -> HttpResponse:
    """Open a demo account: only in a demo, where the server listens to this machine alone."""
    if not settings.DEMO:
        raise Http404
    user = User.objects.exclude(demo_role="").filter(username=request.POST["account"]).first()
    if user is None:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session["period"] = DEMO_YEAR
    return HttpResponseRedirect(target)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))


@login_not_required
def locked_out(
    request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Too many wrong passwords: say so, and how long it lasts."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    """Language, appearance, keys and password of the signed-in user, and where they may do what."""
    user = request.user
    assert isinstance(user, User)
    password = PasswordChangeForm(user, request.POST if "old_password" in request.POST else None)
    if request.method == "POST" and "old_password" in request.POST:
        if user.demo_role:
            messages.error(request, _("A demo account keeps its password."))
            return HttpResponseRedirect(request.path)
        if password.is_valid():
            update_session_auth_hash(request, password.save())
            messages.success(request, _("The password has been changed."))
            return HttpResponseRedirect(request.path)
    elif request.method == "POST":
        _save_preferences(user, request)
        messages.success(request, _("The settings have been saved."))
        response = HttpResponseRedirect(request.path)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response
    context = {
        "password": password,
        "themes": User._meta.get_field("theme").choices,
        "languages": User._meta.get_field("language").choices,
        "memberships": Membership.objects.filter(user=user).select_related("unit"),
    }
    return render(
        request, "accounts/settings.html", context, status=422 if password.errors else 200
    )


def _save_preferences(user: User, request: HttpRequest) -> None:
    for name in ("theme", "language"):
        given = request.POST.get(name, "")
        field: Any = User._meta.get_field(name)
        if given in dict(field.choices):
            setattr(user, name, given)
    user.single_keys = request.POST.get("single_keys") == "1"
    user.save(update_fields=["theme", "language", "single_keys"])
