"""A day of simulated people, played through the real services on a clock of its own. For demos, benches and tests."""
