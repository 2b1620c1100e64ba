from django.urls import path

from . import views

urlpatterns = [
    path("jobs/", views.index, name="jobs"),
    path("jobs/<int:pk>/", views.page, name="job"),
    path("jobs/<int:pk>/progress/", views.progress, name="job_progress"),
    path("jobs/<int:pk>/cancel/", views.cancel, name="job_cancel"),
    path("jobs/<int:pk>/retry/", views.retry, name="job_retry"),
    path("jobs/<int:pk>/file/", views.output, name="job_file"),
]
