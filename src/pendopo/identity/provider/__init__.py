"""The OpenID Provider: authorization code with PKCE S256 only, exact return addresses, pairwise subjects.

OpenID Connect Core 1.0 and Discovery 1.0, RFC 6749, 7636, 7523, 8414, 9207, RP-Initiated Logout 1.0, and
the parts of RFC 9700 that apply. Not offered: implicit and hybrid flows, refresh tokens, PAR, DPoP,
request objects.
"""
