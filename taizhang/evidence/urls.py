from django.urls import path

from . import views

urlpatterns = [
    path("evidence/<int:pk>/", views.original, name="evidence"),
    path("evidence/<int:pk>/thumb/", views.thumb, name="evidence_thumb"),
    path("evidence/<int:pk>/preview/", views.preview, name="evidence_preview"),
    path("evidence/<int:pk>/filing/", views.filing, name="evidence_filing"),
    path("evidence/<int:pk>/remove/", views.remove, name="evidence_remove"),
    path("evidence/<int:pk>/restore/", views.restore, name="evidence_restore"),
    path("<slug:app>/<slug:kind>/evidence-pack/", views.pack_of_list, name="evidence_pack"),
    path("<slug:app>/<slug:kind>/<int:pk>/evidence/", views.proofs, name="attach"),
    path("<slug:app>/<slug:kind>/<int:pk>/evidence/gallery/", views.gallery, name="gallery"),
    path("<slug:app>/<slug:kind>/<int:pk>/evidence.json", views.proof, name="attach_one"),
]
