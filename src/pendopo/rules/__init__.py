"""The expression language: conditions, checks and computed values of service definitions.

The syntax is a closed subset of CEL (Common Expression Language); the semantics is ours and is defined by
the typed tree in ``ir`` and by ``scalar``, which ``program`` (quick, without reasons) and every later back
end must equal bit by bit. Three-valued: what is not known is *unknown*, never a default. Pure Python: no
Django, no input or output, no clock. What may come in: the parser, the tree, type rules and back ends;
nothing that knows what a service or a person is.
"""
