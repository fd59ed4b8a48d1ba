"""The catalogue of indicators as data: what each figure means and which entries of the ledger make it."""

from dataclasses import dataclass

from gerai.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure. `target` is met from above, or from below where `low_is_good`; None has no target."""

    key: str
    name: dict[str, str]
    definition: dict[str, str]
    unit: str  # count | minutes | percent | days | score
    target: float | None
    kinds: tuple[str, ...]
    low_is_good: bool = False


INDICATORS = (
    Indicator(
        "wait",
        {"id": "Tunggu", "en": "Wait"},
        {
            "id": "Rata-rata dari masuk antrean (janji temu: paling awal dari jamnya) sampai dipanggil.",
            "en": "Mean time from joining the queue (an appointment: from its time at the earliest) to the call.",
        },
        "minutes",
        15,
        ("floor.called", "floor.called_out_of_order"),
        low_is_good=True,
    ),
    Indicator(
        "served",
        {"id": "Dilayani", "en": "Served"},
        {"id": "Banyaknya keperluan yang selesai di loket.", "en": "Errands finished at a counter."},
        "count",
        None,
        ("floor.finished",),
    ),
    Indicator(
        "on_time",
        {"id": "Tepat waktu", "en": "On time"},
        {
            "id": "Bagian keputusan yang diambil sebelum batas waktu standar pelayanan lewat.",
            "en": "Share of decisions made before the deadline of the service standard.",
        },
        "percent",
        95,
        ("reviews.decided",),
    ),
    Indicator(
        "days",
        {"id": "Lama proses, nilai tengah", "en": "Time taken, median"},
        {
            "id": "Nilai tengah hari kerja dari berkas lengkap sampai keputusan. Setengahnya lebih cepat.",
            "en": "Median working days from a complete file to the decision. Half of them were faster.",
        },
        "days",
        5,
        ("reviews.decided",),
        low_is_good=True,
    ),
    Indicator(
        "whole_days",
        {"id": "Hari kalender sejak dikirim", "en": "Calendar days since sent"},
        {
            "id": "Nilai tengah hari kalender dari pertama dikirim sampai keputusan, dengan waktu pemohon memperbaiki.",
            "en": "Median calendar days from the first sending to the decision, with the applicant's time to mend.",
        },
        "days",
        None,
        ("reviews.decided",),
        low_is_good=True,
    ),
    Indicator(
        "returned",
        {"id": "Dikembalikan", "en": "Returned"},
        {
            "id": "Dari permohonan yang masuk atau dikembalikan dalam masa itu, bagian yang dikembalikan.",
            "en": "Of the applications sent in or returned in the period, the share that was returned.",
        },
        "percent",
        15,
        ("applications.submitted", "reviews.returned"),
        low_is_good=True,
    ),
    Indicator(
        "late",
        {"id": "Terlambat sekarang", "en": "Late now"},
        {
            "id": "Tugas terbuka, dan permohonan yang janjinya lewat, pada saat ini.",
            "en": "Open tasks that are past their deadline, and applications past their promise, at this moment.",
        },
        "count",
        0,
        ("reviews.task_late", "reviews.case_late"),
        low_is_good=True,
    ),
    Indicator(
        "online",
        {"id": "Daring", "en": "Online"},
        {
            "id": "Bagian permohonan yang dikirim sendiri oleh pemohon, bukan lewat meja bantuan.",
            "en": "Share of applications that people sent in themselves, not through the help desk.",
        },
        "percent",
        60,
        ("applications.submitted",),
    ),
    Indicator(
        "satisfaction",
        {"id": "Kepuasan", "en": "Satisfaction"},
        {
            "id": "Rata-rata penilaian warga dari 1 (tidak puas) sampai 4 (sangat puas).",
            "en": "Mean of people's ratings, from 1 (not satisfied) to 4 (very satisfied).",
        },
        "score",
        3.5,
        ("feedback.rated",),
    ),
    Indicator(
        "complaints",
        {"id": "Pengaduan terjawab", "en": "Complaints answered"},
        {
            "id": "Dari pengaduan yang masuk atau dijawab dalam masa itu, bagian yang sudah dijawab.",
            "en": "Of the complaints received or answered in the period, the share that has been answered.",
        },
        "percent",
        100,
        ("feedback.complained", "feedback.answered"),
    ),
)
BY_KEY = {indicator.key: indicator for indicator in INDICATORS}
# The entries behind the figures, in words.
EVENTS = {
    "floor.called": "Nomor dipanggil",
    "floor.called_out_of_order": "Nomor pilihan dipanggil",
    "floor.finished": "Selesai di loket",
    "reviews.decided": "Permohonan diputuskan",
    "reviews.returned": "Dikembalikan untuk diperbaiki",
    "reviews.task_late": "Tugas lewat batas",
    "applications.submitted": "Permohonan dikirim",
    "feedback.rated": "Penilaian warga",
    "feedback.complained": "Pengaduan masuk",
    "feedback.answered": "Pengaduan dijawab",
}
ALL_KINDS = sorted({kind for indicator in INDICATORS for kind in indicator.kinds})


def indicator(key: str) -> Indicator:
    """
    One indicator.

    :raises NotFound: if there is none of that key
    """
    found = BY_KEY.get(key)
    if found is None:
        raise NotFound
    return found
