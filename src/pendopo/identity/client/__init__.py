"""The hall as a client of an OpenID Provider: its own today, a national one by configuration later."""
