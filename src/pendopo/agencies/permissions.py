"""Every permission that a post can carry, named ``scope:resource:action``.

One list, so that an appointment cannot carry a word that no code checks. A permission opens nothing by
itself across bodies: rows are additionally limited to the body of the post.
"""

from enum import StrEnum


class Permission(StrEnum):
    """What an officer may do in a post."""

    CASE_READ = "casework:case:read"
    CASE_VERIFY = "casework:case:verify"
    CASE_RETURN = "casework:case:return"
    CASE_DECIDE = "casework:case:decide"
    ACTIVATION_PERFORM = "identity:activation:perform"
    DOCUMENT_REVOKE = "documents:document:revoke"
    BODY_MANAGE = "agencies:body:manage"
    HALL_MANAGE = "agencies:hall:manage"
    MATURITY_READ = "maturity:assessment:read"
    MATURITY_COORDINATE = "maturity:cycle:coordinate"
    MATURITY_ANSWER = "maturity:answer:give"
    MATURITY_CHECK = "maturity:answer:check"
    MATURITY_ASSESS = "maturity:answer:assess"
    MATURITY_OBJECT = "maturity:answer:object"
    MATURITY_PUBLISH = "maturity:results:publish"


ALL = frozenset(Permission)
