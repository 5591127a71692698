"""Who acted, in words: the post, never the person."""

from collections.abc import Iterable
from uuid import UUID

from pendopo.agencies import api as agencies
from pendopo.foundation.text import t


class Names:
    """The posts of these acts by name; two queries for all of them."""

    def __init__(self, post_ids: Iterable[UUID | None], language: str) -> None:
        """Read the posts and their bodies."""
        self._posts = agencies.posts_by_id({one for one in post_ids if one is not None})
        self._language = language

    def of(self, post_id: UUID | None) -> str:
        """Return the title of a post, and which body it belongs to."""
        post = self._posts.get(post_id) if post_id else None
        if post is None:
            return t("maturity.assess.by_system", self._language)
        return f"{post.title(self._language)} ({post.body_code})"


def bodies(language: str) -> dict[UUID, str]:
    """Return every body of the hall by name; one query."""
    return {one.id: one.name(language) for one in agencies.bodies()}
