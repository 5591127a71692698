"""What programs call: the provider's back channel."""
