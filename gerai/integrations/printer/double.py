"""A ticket printer to try Gerai with: speaks ESC/POS on GERAI_PORT + 5, this machine only.

It keeps what was printed as text in GERAI_DATA/printer/, one file a ticket, and answers DLE EOT like a real one.
Write "out" or "low" into GERAI_DATA/printer/paper and it has no paper, or little; without paper it prints nothing.
"""

import os
import re
import socketserver
from pathlib import Path

FOLDER = Path(os.environ.get("GERAI_DATA", ".")) / "printer"
PORT = int(os.environ.get("GERAI_PORT", "8000")) + 5
ANSWERS = {"": 0x12, "low": 0x1E, "out": 0x7E}  # to DLE EOT 4: the bits of the paper sensor
STATUS = re.compile(rb"\x10\x04([\x01-\x04])")
CUT = re.compile(rb"\x1dV[\x00\x01\x30\x31]|\x1dV[\x41\x42].", re.DOTALL)
CODE_PAGES = {0: "cp437", 2: "cp850", 16: "cp1252"}


def paper() -> str:
    """How much there is: "" (enough), "low" or "out"."""
    told = FOLDER / "paper"
    return told.read_text().strip() if told.exists() else ""


def readable(data: bytes) -> str:
    """The text of a ticket, with the link of its QR code in angle brackets."""
    text, page, place = "", "cp437", 0
    while place < len(data):
        start, command = data[place], data[place + 1 : place + 2]
        if start == 0x1B:
            if command == b"t":
                page = CODE_PAGES.get(data[place + 2], "cp437")
            place += 2 if command in b"@2" else 3
        elif data[place : place + 3] == b"\x1d(k":
            length = int.from_bytes(data[place + 3 : place + 5], "little")
            body = data[place + 5 : place + 5 + length]
            if body.startswith(b"1P0"):
                text += f"<{body[3:].decode('latin-1')}>\n"
            place += 5 + length
        elif start == 0x1D:
            place += 3
        else:
            text += data[place : place + 1].decode(page)
            place += 1
    return text.strip() + "\n"


class Handler(socketserver.BaseRequestHandler):
    """One connection."""

    def handle(self) -> None:
        """Answer questions at once, also without paper; print at the cut."""
        waiting = b""
        while data := self.request.recv(4096):
            for question in STATUS.finditer(data):
                self.request.sendall(bytes([self._answer(question[1])]))
            waiting += STATUS.sub(b"", data)
            while paper() != "out" and (cut := CUT.search(waiting)):
                self._print(waiting[: cut.start()])
                waiting = waiting[cut.end() :]

    def _answer(self, question: bytes) -> int:
        if question == b"\x04":
            return ANSWERS.get(paper(), 0x12)
        out = paper() == "out"
        if question == b"\x01":
            return 0x1A if out else 0x12
        return 0x32 if out and question == b"\x02" else 0x12

    def _print(self, data: bytes) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        number = len(list(FOLDER.glob("*.txt"))) + 1
        (FOLDER / f"{number:04d}.txt").write_text(readable(data))


class Server(socketserver.ThreadingTCPServer):
    """The printer."""

    allow_reuse_address = True
    daemon_threads = True


def main() -> None:
    """Serve until ended."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    Server(("127.0.0.1", PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
