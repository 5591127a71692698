"""What can go wrong on the portal's own pages."""

from typing import ClassVar

from pendopo.kernel.errors import NotFound


class PageNotFound(NotFound):
    """The address asks for a page of a list that is not there."""

    code: ClassVar[str] = "portal.page_not_found"
    text_key: ClassVar[str] = "portal.errors.page_not_found"
