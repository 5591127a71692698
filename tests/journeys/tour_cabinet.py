"""The pages on which a session is prepared, as the demonstration's clerk sees them."""

from tests.journeys.inspection import Inspector


def clerks_pages(clerk: Inspector) -> None:
    """Lists, forms that cannot be right, the planning desk, one dossier and all its pages."""
    page = clerk.page
    clerk.visit("cabinet, home", "/cabinet/")
    clerk.visit("cabinet, sessions", "/cabinet/sessions/")
    plan = clerk.page.locator("main a[href$='/plan/']").first.get_attribute("href") or ""
    clerk.visit("cabinet, planning desk", plan)
    clerk.visit("cabinet, versions of an agenda", plan.replace("/plan/", "/versions/"))
    clerk.visit("cabinet, change a plan", f"{plan}edit/")
    page.locator("input[name=place]").fill("")
    clerk.refused("cabinet, a plan without a place", "main form[method=post] button")
    clerk.visit("cabinet, plan a session", "/cabinet/sessions/new/")
    clerk.refused("cabinet, a session without a day", "main form[method=post] button")
    clerk.visit("cabinet, dossiers", "/cabinet/dossiers/")
    clerk.visit("cabinet, dossiers that are ready", "/cabinet/dossiers/?view=ready")
    clerk.visit("cabinet, open a dossier", "/cabinet/dossiers/new/")
    clerk.refused("cabinet, a dossier without words", "main form[method=post] button[value=save]")
    page.goto(f"{clerk.base}/cabinet/dossiers/")
    work = page.locator("main a[href$='/work/']").first.get_attribute("href") or ""
    base = work.removesuffix("work/")
    clerk.visit("cabinet, work on a dossier", work)
    clerk.refused("cabinet, no file chosen", "main form[enctype] button")
    clerk.visit("cabinet, work on a dossier", work)
    clerk.visit("cabinet, replace a paper", _first(clerk, work, "/replace/"))
    clerk.refused("cabinet, no new version chosen")
    clerk.visit("cabinet, take out a paper", _first(clerk, work, "/remove/"))
    clerk.visit("cabinet, return a dossier", f"{base}return/")
    clerk.refused("cabinet, returned without a reason")
    clerk.visit("cabinet, withdraw a dossier", f"{base}withdraw/")
    clerk.visit("cabinet, history", f"{base}history/")
    clerk.visit("cabinet, nobody was asked", f"{base}coordination/")
    clerk.visit("cabinet, coordination with points", _with_points(clerk))
    clerk.language = "en"
    clerk.visit("cabinet, planning desk, English", f"/en{plan}")


def members_pages(member: Inspector) -> None:
    """What a member of the demonstration's meeting opens before the session, and the pages around it."""
    member.visit("cabinet, what waits for a member", "/cabinet/")
    agenda = member.page.locator("main a[href$='/agenda/']").first.get_attribute("href") or ""
    member.visit("cabinet, agenda", agenda)
    dossier = member.page.locator("main a[href*='/dossiers/']").first.get_attribute("href") or ""
    before, member.audience = member.audience, "dossier"
    member.visit("cabinet, a dossier", dossier)
    member.audience = before
    for name in ("deputies", "register", "follow-up", "outlook", "measure", "simulation", "calendar"):
        member.visit(f"cabinet, {name}", f"/cabinet/{name}/")
    member.language = "en"
    member.visit("cabinet, agenda, English", f"/en{agenda}")


def _first(clerk: Inspector, path: str, ending: str) -> str:
    clerk.page.goto(clerk.base + path)
    return clerk.page.locator(f"main a[href$='{ending}']").first.get_attribute("href") or ""


def _with_points(clerk: Inspector) -> str:
    """Return the board of the dossier of the demonstration on which a seat agreed on a condition."""
    page = clerk.page
    page.goto(f"{clerk.base}/cabinet/dossiers/?view=all")
    link = page.locator("main li").filter(has_text="belum selesai").locator("h2 a").first
    return (link.get_attribute("href") or "").replace("/work/", "/coordination/")
