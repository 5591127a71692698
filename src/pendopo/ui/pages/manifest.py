"""The web manifest: the hall's name, colours and icons for whoever keeps it on a phone's first screen."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from pendopo.foundation.http import Audience, access, language_of
from pendopo.foundation.static import address
from pendopo.foundation.text import t

ICONS = (
    ("ui/mark.svg", "any", "image/svg+xml", "any"),
    ("ui/touch.png", "180x180", "image/png", "any"),
    ("ui/maskable.png", "512x512", "image/png", "maskable"),
)


@access(Audience.PUBLIC, reason="name and icons of the hall")
def manifest(request: HttpRequest) -> HttpResponse:
    """Answer the manifest (W3C Web Application Manifest); nothing is kept offline."""
    language = language_of(request)
    name = f"{t('ui.name', language)} {t('foundation.instance_name', language)}"
    icons = [
        {"src": address(asset), "sizes": sizes, "type": media, "purpose": purpose}
        for asset, sizes, media, purpose in ICONS
    ]
    body = {
        "name": name,
        "short_name": t("ui.name", language),
        "lang": language,
        "start_url": "/en/" if language == "en" else "/",
        "display": "browser",
        "theme_color": "#083575",
        "background_color": "#ffffff",
        "icons": icons,
    }
    response = JsonResponse(body, content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=86400"
    return response
