"""What happens in the catalogue that other rooms may want to know."""

from typing import Final

PUBLISHED: Final = "catalogue.published"
"""A version became current. Payload: ``service`` (``agency/code``), ``version``, ``hash``, ``version_id``."""
