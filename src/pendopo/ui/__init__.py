"""ui: the design system of the hall: tokens, components, layouts, assets.

What may come in: a mark-up macro, a layout, a style, an icon, or the code that serves built assets.
What may not: a business word, a model, a page of a room. Every room may import this one, so it imports
only `foundation` and below.
"""
