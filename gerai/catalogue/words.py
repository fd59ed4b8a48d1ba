"""What the codes of an agency's file are called, in both languages."""

Line = dict[str, str]


def _table(**words: tuple[str, str]) -> dict[str, Line]:
    return {name: {"id": one, "en": two} for name, (one, two) in words.items()}


KINDS = _table(
    licence=("perizinan", "licence"),
    consultation=("konsultasi", "consultation"),
    payment=("pembayaran", "payment"),
    opd=("perangkat daerah", "city office"),
    vertical=("instansi pusat", "national agency"),
    bumn=("BUMN", "state company"),
    bumd=("BUMD", "city company"),
    private=("swasta", "private"),
) | {
    "non-licence": {"id": "nonperizinan", "en": "non-licence"},
    "civil-registration": {"id": "kependudukan", "en": "civil registration"},
}
FORMS = _table(
    generic=("formulir umum: disiapkan dari rumah, selesai di loket", "generic form: prepared from home")
)
PROOFS = _table(
    optional=("boleh tanpa dokumen: hasil diserahkan di loket", "may be without: handed over at the counter"),
    needed=("hasil dicatat dengan dokumennya", "a result is recorded with its document"),
)
# The components of UU 25/2009 art. 21 that an agency states once for all its services.
COMPONENTS = _table(
    facilities=("Sarana dan fasilitas", "Facilities"),
    competence=("Kompetensi pelaksana", "Competence of staff"),
    supervision=("Pengawasan internal", "Internal supervision"),
    staffing=("Jumlah pelaksana", "Number of staff"),
    service_guarantee=("Jaminan pelayanan", "Service guarantee"),
    safety_guarantee=("Jaminan keamanan dan keselamatan", "Safety guarantee"),
    evaluation=("Evaluasi kinerja", "Performance evaluation"),
)
STANDARD = _table(
    product=("Hasil", "Result"),
    validity=("Masa berlaku", "Validity"),
    complaints=("Pengaduan", "Complaints"),
)
TYPES = _table(
    text=("teks pendek", "short text"),
    textarea=("teks panjang", "long text"),
    integer=("angka bulat", "whole number"),
    date=("tanggal", "date"),
    choice=("pilihan", "choice"),
    yes_no=("ya atau tidak", "yes or no"),
    address=("alamat", "address"),
    point=("titik peta", "point on the map"),
    file=("foto atau PDF", "photo or PDF"),
    group=("baris berulang", "repeating rows"),
    computed=("dihitung", "computed"),
)
LIMITS = {
    "minimum": ("paling sedikit {}", "at least {}"),
    "maximum": ("paling banyak {}", "at most {}"),
    "minLength": ("paling sedikit {} huruf", "at least {} characters"),
    "maxLength": ("paling banyak {} huruf", "at most {} characters"),
}
WORK = _table(
    recommend=("rekomendasi", "recommendation"),
    inspect=("peninjauan lapangan", "inspection"),
    verify=("pemeriksaan", "verification"),
)
TIMES = _table(
    working=("hari kerja", "working days"),
    calendar=("hari kalender", "calendar days"),
    hours=("jam", "hours"),
)
DAYS = _table(
    mon=("Senin", "Monday"),
    tue=("Selasa", "Tuesday"),
    wed=("Rabu", "Wednesday"),
    thu=("Kamis", "Thursday"),
    fri=("Jumat", "Friday"),
    sat=("Sabtu", "Saturday"),
    sun=("Minggu", "Sunday"),
)
