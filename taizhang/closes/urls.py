"""The addresses of closed periods."""

from django.urls import path

from . import views

urlpatterns = [
    path("settings/closes/", views.index, name="closes"),
    path("settings/closes/close/", views.close, name="close_period"),
    path("settings/closes/<int:pk>/reopen/", views.reopen, name="reopen_period"),
]
