"""Reference pages that the code writes: ``./pendopo docs reference`` runs this package."""
