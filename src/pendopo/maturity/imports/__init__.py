"""Tables that come in: read whole or not at all; what is wrong is named by row and column."""
