from django.urls import path

from . import views

urlpatterns = [path("goto/", views.goto, name="goto")]
