"""What `./start` says about the demo's accounts. A password is shown once (ruling "Privacy and security")."""

import json
from pathlib import Path

from gerai.core import private


def tell(listed: Path, command: str) -> str:
    """
    The accounts as aligned lines; the passwords that nobody has seen yet are shown and marked as shown.

    `command` is how to run `gerai` on this data folder, without its arguments.
    """
    everybody = json.loads(listed.read_text())
    rows = [row for row in everybody if not row.get("quiet")]
    fresh = [row for row in rows if row["password"] and not row.get("shown")]
    said = ["\nAkun demo / demo accounts:", _lines(rows, fresh)]
    if fresh:
        said.append(
            "Kata sandi di atas hanya ditampilkan sekali ini. / The passwords above are shown this once."
        )
        seen = json.dumps([{**row, "shown": True} for row in everybody], ensure_ascii=False, indent=1)
        private.write(listed, seen.encode())
    said += [
        f"Petugas lain / other officers:         {len(everybody) - len(rows)}, di berkas ini / in this file",
        f"Kata sandi ada di / passwords are in:  {listed}",
        f"Kata sandi baru / new passwords:       {command} demo --new-passwords",
    ]
    return "\n".join(said)


def _lines(rows: list[dict[str, str]], fresh: list[dict[str, str]]) -> str:
    names = ("role", "email", "password", "url") if fresh else ("role", "email", "url")
    table = [[("" if n == "password" and row not in fresh else row[n]) for n in names] for row in rows]
    widths = [max((len(cell) for cell in column), default=0) for column in zip(*table, strict=True)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )
