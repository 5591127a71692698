"""Addresses of the provider's back channel. They have no language."""

from django.urls import path

from pendopo.identity.rest import oidc

app_name = "identity-oidc"

urlpatterns = [
    path("id/.well-known/openid-configuration", oidc.metadata, name="metadata"),
    path(".well-known/oauth-authorization-server/id", oidc.metadata, name="server-metadata"),
    path("id/jwks", oidc.jwks, name="jwks"),
    path("id/token", oidc.token, name="token"),
    path("id/userinfo", oidc.userinfo, name="userinfo"),
]
