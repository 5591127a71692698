"""Addresses of this room's pages."""

from django.urls import path

from pendopo.identity.pages import activation, counter, provider, security, sign_in

app_name = "identity"

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/callback", sign_in.callback, name="callback"),
    path("sign-in/post/", sign_in.choose_post, name="choose-post"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("id/authorize", provider.authorize, name="authorize"),
    path("id/sign-in/", provider.sign_in, name="provider-sign-in"),
    path("id/passkey/challenge/", provider.passkey_challenge, name="provider-passkey-challenge"),
    path("id/passkey/", provider.passkey, name="provider-passkey"),
    path("id/continue/", provider.proceed, name="proceed"),
    path("id/consent/", provider.consent, name="consent"),
    path("id/end-session", provider.end_session, name="end-session"),
    path("id/end-session/confirm/", provider.confirm_end_session, name="confirm-end-session"),
    path("activate/", activation.start, name="activate"),
    path("activate/email/", activation.email, name="activate-email"),
    path("activate/method/", activation.method, name="activate-method"),
    path("activate/passkey/", activation.passkey, name="activate-passkey"),
    path("activate/passkey/challenge/", activation.passkey_challenge, name="activate-passkey-challenge"),
    path("activate/password/", activation.password, name="activate-password"),
    path("activate/authenticator/", activation.authenticator, name="activate-authenticator"),
    path("activate/done/", activation.done, name="activate-done"),
    path("counter/activation/", counter.start, name="counter"),
    path("counter/activation/<uuid:visit_id>/", counter.visit, name="counter-visit"),
    path("my/security/", security.overview, name="security"),
    path("my/security/passkey/", security.add_passkey, name="security-passkey"),
    path("my/security/passkey/challenge/", security.passkey_challenge, name="security-passkey-challenge"),
    path("my/security/passkey/<uuid:passkey_id>/remove/", security.remove_passkey, name="security-remove"),
    path("my/security/password/", security.password, name="security-password"),
    path("my/security/authenticator/", security.authenticator, name="security-authenticator"),
    path("my/security/recovery/", security.recovery_codes, name="security-recovery"),
    path("my/security/session/<uuid:session_id>/end/", security.end_session, name="security-end-session"),
    path("my/contact/", security.contact, name="contact"),
]
