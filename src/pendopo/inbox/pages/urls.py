"""Addresses of the inbox."""

from django.urls import path

from pendopo.inbox.pages import views

app_name = "inbox"
urlpatterns = [
    path("my/inbox/", views.messages, name="messages"),
    path("my/inbox/<uuid:message_id>/", views.message, name="message"),
]
