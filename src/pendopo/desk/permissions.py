"""The permissions that the desk's pages ask for; ``casework`` checks them again at its door."""

READ = "casework:case:read"
VERIFY = "casework:case:verify"
RETURN = "casework:case:return"
DECIDE = "casework:case:decide"
ASSURANCE = 2
"""Officers sign in with two factors or a passkey."""
