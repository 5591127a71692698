"""The provider against openid-client, a certified relying-party library for Node."""
