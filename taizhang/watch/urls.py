"""The addresses of what there is to look at."""

from django.urls import path

from . import views

urlpatterns = [
    path("findings/", views.show, name="findings"),
    path("findings/part/", views.part, name="findings_part"),
]
