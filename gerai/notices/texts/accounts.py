"""What people read when they sign in, and of businesses and mandates. Nobody is named: addresses are mistyped."""

TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "code": {
        "id": (
            "Kode Anda {digits}",
            "Kode Anda: {digits}. Berlaku 10 menit. Jangan berikan kepada siapa pun.",
        ),
        "en": ("Your code {digits}", "Your code: {digits}. Valid for 10 minutes. Do not give it to anybody."),
    },
    "account_changed": {
        "id": (
            "{what} di akun Anda",
            "{what} di akun Anda. Bukan Anda? Ubah kata sandi sekarang juga, lalu hubungi meja informasi: {url}",
        ),
        "en": (
            "{what} on your account",
            "{what} on your account. Was it not you? Change your password now, then ask the information desk: {url}",
        ),
    },
    "business_invited": {
        "id": (
            "Undangan mengurus sebuah usaha",
            "Anda diundang ikut mengurus perizinan sebuah usaha. Lihat usaha mana, lalu terima atau tolak: {url}",
        ),
        "en": (
            "Invitation to act for a business",
            "You are invited to act for a business. See which one, then accept or decline: {url}",
        ),
    },
    "business_invited_new": {
        "id": (
            "Undangan mengurus sebuah usaha",
            "Alamat ini diundang ikut mengurus perizinan sebuah usaha di Mal Pelayanan Publik.\n"
            "Untuk melihat dan menjawabnya, daftar dengan alamat ini: {url}\nTidak mengenalnya? Abaikan pesan ini.",
        ),
        "en": (
            "Invitation to act for a business",
            "This address is invited to act for a business at the public service mall.\n"
            "To see and answer it, sign up with this address: {url}\nYou know nothing of it? Ignore this message.",
        ),
    },
    "business_invite_over": {
        "id": (
            "Undangan usaha ditarik",
            "Undangan untuk ikut mengurus sebuah usaha ditarik kembali. Anda tidak perlu berbuat apa-apa. "
            "Usaha Anda: {url}",
        ),
        "en": (
            "An invitation was taken back",
            "An invitation to act for a business was taken back. You need not do anything. Your businesses: {url}",
        ),
    },
    "business_joined": {
        "id": (
            "Usaha Anda punya pengurus baru",
            "Seseorang kini ikut mengurus usaha Anda. Lihat siapa, dan keluarkan bila keliru: {url}",
        ),
        "en": (
            "Somebody new acts for your business",
            "Somebody now acts for your business. See who it is, and remove them if that is wrong: {url}",
        ),
    },
    "business_you_joined": {
        "id": ("Anda kini ikut mengurus usaha", "Anda kini ikut mengurus sebuah usaha. Lihat di sini: {url}"),
        "en": ("You now act for a business", "You now act for a business. See it here: {url}"),
    },
    "business_declined": {
        "id": (
            "Undangan usaha Anda ditolak",
            "Sebuah undangan untuk ikut mengurus usaha Anda ditolak. Lihat yang masih terbuka: {url}",
        ),
        "en": (
            "Your invitation was declined",
            "An invitation to act for your business was declined. See what is still open: {url}",
        ),
    },
    "business_left": {
        "id": (
            "Seorang pengurus usaha Anda berhenti",
            "Seseorang tidak lagi mengurus usaha Anda. Lihat siapa yang masih: {url}",
        ),
        "en": (
            "Somebody no longer acts for your business",
            "Somebody no longer acts for your business. See who still does: {url}",
        ),
    },
    "business_you_left": {
        "id": (
            "Anda tidak lagi mengurus usaha",
            "Anda tidak lagi mengurus sebuah usaha, dan tidak melihat permohonannya. Usaha Anda: {url}",
        ),
        "en": (
            "You no longer act for a business",
            "You no longer act for a business and do not see its applications. Your businesses: {url}",
        ),
    },
    "mandate_given": {
        "id": (
            "Anda diberi kuasa",
            "Seseorang memberi Anda kuasa mengajukan permohonan baginya, sampai {until}. "
            "Lihat siapa dan untuk apa, lalu terima: {url}",
        ),
        "en": (
            "You are given a mandate",
            "Somebody lets you apply for them, until {until}. See who and for what, then take it up: {url}",
        ),
    },
    "mandate_given_new": {
        "id": (
            "Alamat ini diberi kuasa",
            "Seseorang memberi alamat ini kuasa mengajukan permohonan di Mal Pelayanan Publik, sampai {until}.\n"
            "Untuk melihat dan menerimanya, daftar dengan alamat ini: {url}\nTidak mengenalnya? Abaikan pesan ini.",
        ),
        "en": (
            "This address is given a mandate",
            "Somebody lets the owner of this address apply for them at the public service mall, until {until}.\n"
            "To see and take it up, sign up with this address: {url}\nYou know nothing of it? Ignore this message.",
        ),
    },
    "mandate_taken": {
        "id": (
            "Kuasa Anda diterima",
            "Orang yang Anda beri kuasa kini dapat mengajukan permohonan untuk Anda, sampai {until}. "
            "Lihat atau akhiri: {url}",
        ),
        "en": (
            "Your mandate was taken up",
            "Whom you gave a mandate can now apply for you, until {until}. See or end it: {url}",
        ),
    },
    "mandate_yours": {
        "id": (
            "Anda memegang kuasa",
            "Anda kini dapat mengajukan permohonan untuk orang lain, sampai {until}. Mulai atau kembalikan: {url}",
        ),
        "en": (
            "You hold a mandate",
            "You can now apply for somebody else, until {until}. Begin, or give it back: {url}",
        ),
    },
    "mandate_ended": {
        "id": (
            "Sebuah kuasa berakhir",
            "Sebuah kuasa yang Anda beri atau pegang berakhir sekarang. Lihat yang masih berlaku: {url}",
        ),
        "en": (
            "A mandate has ended",
            "A mandate that you gave or held has ended now. See those that are still open: {url}",
        ),
    },
}
