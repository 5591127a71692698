"""QR codes as inline SVG: no image to fetch, nothing for a cache to keep."""

import io

import segno
from markupsafe import Markup

from pendopo.foundation.text import t
from pendopo.identity import totp


def svg(content: str, *, title: str) -> Markup:
    """Return an inline SVG of a QR code at error level M, with a title for screen readers."""
    buffer = io.BytesIO()
    code = segno.make(content, error="m", micro=False)
    style = {"border": 4, "light": "#ffffff", "svgclass": "identity-qr", "omitsize": True}
    code.save(buffer, kind="svg", xmldecl=False, svgns=False, title=title, **style)
    drawn = buffer.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)
    return Markup(drawn)  # noqa: S704  # made by the library from our own text


def for_authenticator(secret: bytes, language: str) -> dict[str, Markup | str]:
    """Return the QR code and link by which an app takes the secret. No name or NIK is in them."""
    issuer = f"Pendopo {t('foundation.instance_name', language)}"
    address = totp.address(
        secret, issuer=issuer, account=t("identity.activate.authenticator.account", language)
    )
    title = t("identity.activate.authenticator.qr", language)
    return {"qr": svg(address, title=title), "otpauth": address}
