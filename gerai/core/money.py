"""Money is an exact whole number of rupiah. Never a float."""


def rupiah(amount: int, language: str = "id") -> str:
    """The amount as people of this language write it: 30000 -> "Rp30.000", in English "Rp30,000"."""
    sign, grouped = "-" if amount < 0 else "", f"{abs(amount):,}"
    return f"{sign}Rp{grouped}" if language.startswith("en") else f"{sign}Rp{grouped.replace(',', '.')}"


def in_both(amount: int) -> dict[str, str]:
    """The same in both languages, for messages."""
    return {language: rupiah(amount, language) for language in ("id", "en")}
