"""Packed data of the registers, with their licences and the script that made them."""
