"""Money is an exact whole number of rupiah. Never a float."""


def rupiah(amount: int) -> str:
    """The amount as Indonesians write it: 30000 -> "Rp30.000"."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")
