"""What follows a decision: commands to the register through the exchange, then documents."""
