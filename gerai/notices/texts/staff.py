"""What officers and heads read."""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "tasks_due": {
        "id": (
            "Tugas Anda hari ini: {today} jatuh tempo, {late} lewat batas",
            "Di daftar tugas Anda: {late} lewat batas, {today} jatuh tempo hari ini, {later} sesudahnya.\n"
            "Baru dibagikan kepada Anda: {given}.\nBuka yang paling mendesak: {url}",
        ),
        "en": (
            "Your tasks today: {today} due, {late} late",
            "On your list: {late} late, {today} due today, {later} later.\nNewly given to you: {given}.\n"
            "Open the most urgent one: {url}",
        ),
    },
    "agency_late": {
        "id": (
            "{agency}: {late} tugas lewat batas",
            "Pagi ini {late} tugas petugas {agency} sudah lewat batasnya, juga yang untuk instansi lain. "
            "Lihat pada siapa, dan bagikan: {url}",
        ),
        "en": (
            "{agency}: {late} tasks are late",
            "This morning {late} tasks of officers of {agency} are past their limit, also those for other agencies. "
            "See with whom, and share them out: {url}",
        ),
    },
    "case_late": {
        "id": (
            "Permohonan {number} lewat batas waktu",
            "Janji kepada pemohon {service} lewat dan permohonan {number} belum selesai. "
            "Yang masih memegang: {holding}.\nLihat: {url}",
        ),
        "en": (
            "Application {number} is past its deadline",
            "The promise to the applicant for {service} has passed and application {number} is not finished. "
            "Still with: {holding}.\nSee: {url}",
        ),
    },
    "payment_past": {
        "id": (
            "Permohonan {number} dikabulkan menurut undang-undang dan belum dibayar",
            "Hari terakhir membayar {amount}, {pay_by}, sudah lewat. Permohonan {service} dikabulkan menurut "
            "undang-undang, jadi tidak berakhir karena itu. Pemohonnya sudah diingatkan.\nLihat: {url}",
        ),
        "en": (
            "Application {number} is granted by law and not paid",
            "The last day to pay {amount}, {pay_by}, has passed. The application for {service} is granted by law, so "
            "it does not end for that. Its applicant has been reminded.\nSee: {url}",
        ),
    },
    "outside_to_tell": {
        "id": (
            "Batalkan {number} juga di {system}",
            "{number} ({service}) berakhir di sini: pemohon membatalkannya atau tidak memperbaikinya sampai batasnya. "
            "Di {system} permohonan itu masih berjalan. Batalkan juga di sana, lalu catat di sini: {url}",
        ),
        "en": (
            "Take {number} back in {system} too",
            "{number} ({service}) has ended here: its applicant took it back, or did not mend it in time. "
            "It is still at work in {system}. Take it back there too, then note it here: {url}",
        ),
    },
    "stood_aside": {
        "id": (
            "{number}: seorang petugas menyerahkannya kepada rekan",
            "Seorang petugas menyatakan punya kepentingan dalam {number} ({service}) dan tidak mengerjakannya lagi. "
            "Pastikan ada rekan yang mengerjakannya: {url}",
        ),
        "en": (
            "{number}: an officer has left it to colleagues",
            "An officer has said that they have an interest in {number} ({service}) and no longer work on it. "
            "Make sure that a colleague does: {url}",
        ),
    },
    "substitute_named": {
        "id": (
            "Anda ditunjuk sebagai pengganti di {agency}",
            "Anda ditunjuk sebagai pengganti {role} di {agency}, mulai {day} sampai {until}.\n"
            "Pada hari-hari itu tugasnya ada di daftar tugas Anda. Di situ tertulis untuk siapa dan menurut "
            "surat mana: {url}",
        ),
        "en": (
            "You were named as a substitute at {agency}",
            "You were named to stand in for a {role} of {agency}, from {day} to {until}.\n"
            "On these days the tasks are on your list, which says for whom and by which letter: {url}",
        ),
    },
    "officer_left": {
        "id": (
            "{agency}: seorang petugas sudah tidak memegang perannya",
            "Yang ia tinggalkan: {given} tugas sudah kembali ke daftar, dan {waiting} keputusan belum ditandatangani. "
            "Bagikan tugasnya di sini: {url}\n"
            "Keputusan yang belum ditandatangani diambil alih penanda tangan yang sekarang, di halaman tanda tangan.",
        ),
        "en": (
            "{agency}: an officer no longer holds their role",
            "What they left: {given} tasks are back on the list, and {waiting} decisions are not signed. "
            "Share the tasks out here: {url}\n"
            "Unsigned decisions are taken over by the present signing official, on the page for signing.",
        ),
    },
    "role_given": {
        "id": (
            "Anda kini {role} di {place}",
            "Peran Anda: {role}, {place}. Tempat kerja Anda ada di sini: {url}",
        ),
        "en": (
            "You are now {role} at {place}",
            "Your role: {role}, {place}. Your place of work is here: {url}",
        ),
    },
    "role_taken": {
        "id": (
            "Anda tidak lagi {role} di {place}",
            "Peran {role} di {place} sudah berakhir. Tugas yang Anda pegang kembali ke daftar. "
            "Bila ini keliru, hubungi admin Anda. Halaman Anda: {url}",
        ),
        "en": (
            "You are no longer {role} at {place}",
            "The role {role} at {place} has ended. Tasks that you held are back on the list. "
            "If this is a mistake, ask your administrator. Your page: {url}",
        ),
    },
    "no_signer": {
        "id": (
            "{agency} tidak punya pejabat penanda tangan",
            "Sejak saat ini tidak ada yang dapat memutuskan dan menandatangani izin di {agency}. "
            "Yang menunggu sekarang: {waiting}. Beri seseorang peran itu, atau tunjuk Plt. dengan surat: {url}",
        ),
        "en": (
            "{agency} has no signing official",
            "From this moment nobody can decide and sign permits at {agency}. "
            "Waiting now: {waiting}. Give somebody the role, or name an acting official by letter: {url}",
        ),
    },
    "opinion_answered": {
        "id": (
            "{agency} menjawab tentang {number}",
            "{agency} menjawab pertanyaan Anda tentang {number}: {url}",
        ),
        "en": (
            "{agency} has answered about {number}",
            "{agency} has answered your question about {number}: {url}",
        ),
    },
    "opinion_silent": {
        "id": (
            "{agency} belum menjawab tentang {number}",
            "Pertanyaan kepada {agency} tentang permohonan {number} lewat batasnya tanpa jawaban. "
            "Pemeriksaan tidak menunggu: lanjutkan, atau hubungi mereka.\nLihat: {url}",
        ),
        "en": (
            "{agency} has not answered about {number}",
            "The question to {agency} about application {number} is past its day without an answer. "
            "The review does not wait: go on, or call them.\nSee: {url}",
        ),
    },
    "come_to_counter": {
        "id": (
            "{agency} perlu satu loket lagi",
            "{agency} perlu satu loket lagi: {waiting} orang menunggu. Bisa datang sekarang? Jawab di sini: {url}",
        ),
        "en": (
            "{agency} needs one more counter",
            "{agency} needs one more counter: {waiting} people are waiting. Can you come now? Answer here: {url}",
        ),
    },
}
