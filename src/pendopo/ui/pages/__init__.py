"""Pages of the design system: the chosen colours, the manifest, and the gallery of components."""
