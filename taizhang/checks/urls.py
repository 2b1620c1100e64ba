from django.urls import path

from . import views

urlpatterns = [
    path("checks/", views.index, name="checks"),
    path("checks/<int:pk>/", views.show, name="check"),
    path("checks/<int:pk>/compare/", views.compare, name="check_compare"),
    path("checks/<int:pk>/dismiss/", views.dismiss, name="check_dismiss"),
    path("checks/<int:pk>/again/", views.ask_again, name="check_again"),
    path("checks/<int:pk>/remove/", views.remove, name="check_remove"),
    path("checks/<int:pk>/commented.docx", views.commented, name="check_commented"),
]
