"""The addresses of the seals."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/history/", views.index, name="history_seals"),
    path("settings/history/check/", views.check, name="history_check"),
]
