from django.urls import path

from . import views

urlpatterns = [
    path("evidence/<int:pk>/", views.original, name="evidence"),
    path("evidence/<int:pk>/thumb/", views.thumb, name="evidence_thumb"),
    path("evidence/<int:pk>/preview/", views.preview, name="evidence_preview"),
    path("evidence/<int:pk>/remove/", views.remove, name="evidence_remove"),
    path("<slug:app>/<slug:kind>/<int:pk>/evidence/", views.attach, name="attach"),
]
