"""What may be told when few people spoke: never under a name that fewer than five stand behind. Pure.

Taking one name out of a sum that is told would tell it by subtraction: as many others go with it as it takes.
"""

from collections.abc import Mapping

LEAST = 5


def kept[Name](counts: Mapping[Name, int], least: int = LEAST) -> frozenset[Name]:
    """Return the names that may be told beside the sum of all.

    Names with no answers say nothing and are kept out; they hide nobody. Of the others those below ``least``
    go, and then the next smallest until what is missing is nobody or at least ``least`` people.
    """
    told = {name: count for name, count in counts.items() if count}
    hidden: set[Name] = set()
    missing = 0
    for name, count in sorted(told.items(), key=lambda one: (one[1], str(one[0]))):
        if count >= least and (not hidden or missing >= least):
            break
        hidden.add(name)
        missing += count
    return frozenset(told) - hidden
