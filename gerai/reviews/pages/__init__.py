"""Pages of the verifier, the technical reviewer and the signing official."""
