"""Electronic signatures. `software` signs with the mall's own test key; a certified service gets its own file."""
