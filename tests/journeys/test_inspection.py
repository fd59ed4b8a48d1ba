"""An inspection: the applicant picks the time, the officer reports from where there is no network; it comes once."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.steps import SARI
from tests.journeys.walk import Walk, clean

pytestmark = pytest.mark.slow
ACUPUNCTURE = (
    "/layanan/DPMPTSP/DPMPTSP-25/"  # its route looks at the place, with an appointment and a checklist
)
ANSWERS = {
    "purpose": "Praktik akupunktur di rumah",
    "location": "Jalan Suprapto nomor 12, Bengkulu",
    "contact_address": "Jalan Melati 3, Bengkulu",
}
OFFICER = "dinkes@mpp.example"


def the_visit(walk: Walk, page: Page, number: str) -> None:
    """The officer's task of going and looking, not the recommendation beside it."""

    def there() -> bool:
        page.goto("/tugas/")
        return page.locator("tr", has_text=number).filter(has_text="Tinjauan").count() > 0

    walk.until(there, f"an inspection of {number}")
    page.locator("tr", has_text=number).filter(has_text="Tinjauan").locator("a").first.click()


def kept(page: Page, kind: str) -> int:
    """How many rows of a kind the phone keeps."""
    found: int = page.evaluate(
        """async (kind) => {
            const store = await new FieldStore().open();
            return (await store.all()).filter((one) => one.kind === kind).length;
        }""",
        kind,
    )
    return found


def test_a_report_from_a_place_without_a_network_arrives_once(walk: Walk) -> None:
    with walk.person(SARI) as page:
        address, number = steps.apply(page, ACUPUNCTURE, ANSWERS)
    steps.complete(walk, number)
    with walk.person(OFFICER) as officer:
        the_visit(walk, officer, number)
        clean(officer)
        options = officer.locator("#day1 option").evaluate_all("(all) => all.map((one) => one.value)")
        day = next(one for one in options if one > f"{datetime.now(ZoneInfo('Asia/Jakarta')):%Y-%m-%d}")
        for n in (1, 2):
            officer.select_option(f"#day{n}", day)
            officer.select_option(f"#hour{n}", str(8 + n))
        officer.click("button[value=propose]")
        expect(officer.locator("main")).to_contain_text("Menunggu pemohon memilih")

    walk.told(SARI, "Pilih waktu peninjauan")
    with walk.person(SARI) as page:
        page.goto(address)
        page.click("text=Pilih waktu peninjauan")
        clean(page)
        page.locator("button[name=starts_at]").last.click()
        expect(page.locator("main")).to_contain_text("Pastikan ada orang di sana")
        clean(page)

    walk.told(OFFICER, "pemohon memilih")
    with walk.person(OFFICER) as phone:
        phone.set_viewport_size({"width": 390, "height": 844})
        phone.goto("/tugas/lapangan/")
        phone.wait_for_function("() => !!navigator.serviceWorker.controller")
        card = phone.locator("article", has_text=number)
        expect(card).to_contain_text("Jalan Suprapto nomor 12")
        phone.context.set_offline(True)
        phone.reload()
        expect(card).to_contain_text("belum diisi")
        clean(phone)
        card.locator(".open").click()
        for box in phone.locator("#points input[value=yes]").all():
            box.check()
        phone.locator("#points input[inputmode=decimal]").fill("12,5")
        for slot in phone.locator("#points input[type=file]").all():
            slot.set_input_files(steps.photo())  # type: ignore[arg-type]
            expect(slot.locator("xpath=ancestor::section").locator("li")).to_have_count(1)
        clean(phone)
        phone.reload()  # the browser was closed in between: nothing is lost
        expect(card).to_contain_text("belum selesai")
        card.locator(".open").click()
        expect(phone.locator("#points li")).to_have_count(4)
        phone.locator("[name=finding][value=fits]").check()
        phone.fill("#text", "Ruang praktik sesuai.")
        phone.get_by_role("button", name="Selesai, kirim").click()
        expect(card).to_contain_text("tersimpan di ponsel, belum terkirim")
        assert (kept(phone, "report"), kept(phone, "photo")) == (1, 4)

        phone.context.set_offline(False)
        expect(card).to_contain_text("terkirim", timeout=60_000)
        expect(phone.locator("#line")).to_contain_text("Semua sudah terkirim")
        assert kept(phone, "photo") == 0
        the_visit(walk, phone, number)
        assert len(re.findall("Buka laporan lengkap dengan 4 foto", phone.content())) == 1
        phone.click("text=Buka laporan lengkap")
        expect(phone.locator("main")).to_contain_text("12,5 m²")
        clean(phone)

        phone.goto("/saya/")  # signing out takes the key along
        phone.get_by_role("button", name="Keluar").click()
        expect(phone.locator("header")).to_contain_text("Masuk")
        walk.sessions.pop(OFFICER, None)

    walk.told(SARI, "Hasil peninjauan")
    with walk.person(SARI) as page:
        page.goto(address)
        page.click("text=Peninjauan lapangan: waktu dan hasil")
        clean(page)
        page.click("text=Buka laporan lengkap")
        expect(page.locator("main")).to_contain_text("Ruang praktik sesuai.")
        shown = page.locator("main img").first
        assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
