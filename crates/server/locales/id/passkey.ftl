# Passkeys (kunci sandi): coming in with one, and one's own.

passkey-sign-in = Masuk dengan kunci sandi
passkey-none = Masuk dengan kunci sandi tidak tersedia: peramban ini belum mendukungnya, atau skripnya dimatikan. Pakai kata sandi.
passkey-none-make = Kunci sandi tidak bisa dibuat di sini: peramban ini belum mendukungnya, atau skripnya dimatikan.
passkey-cancelled = Dibatalkan, atau waktunya habis. Coba lagi.
passkey-known = Perangkat ini sudah menyimpan kunci sandi untuk akun Anda.
passkey-elsewhere = Kunci sandi hanya berlaku di { $origin }. Buka alamat itu, lalu coba lagi.
passkey-wait = Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi.
passkey-failed = Kunci sandi tidak bisa dipakai sekarang. Muat ulang halaman ini, lalu coba lagi.
passkey-refused-title = Kunci sandi tidak diterima
passkey-back = Kembali ke halaman masuk
passkey-late = Sudah terlalu lama, sudah pernah dijawab, atau dimulai di peramban lain. Mulai lagi.
passkey-unknown = Kunci sandi ini tidak membuka akun apa pun di sini. Mungkin sudah dihapus, atau akunnya ditutup. Masuklah dengan kata sandi.
passkey-other-member = Kunci sandi ini milik akun lain. Pakai kunci sandi dari akun yang kata sandinya baru Anda ketik.
passkey-other-site = Kunci sandi ini dipakai di alamat lain. Periksa alamat di peramban Anda: mungkin itu situs tiruan.
passkey-unverified = Perangkat belum memastikan bahwa ini Anda. Pasang kunci layar, sidik jari, atau PIN di perangkat itu, lalu coba lagi.
passkey-copied = Kunci sandi ini ditolak karena mungkin ada salinannya. Masuklah dengan cara lain, hapus kunci sandi ini, lalu tambahkan yang baru.
passkey-taken = Kunci sandi ini sudah terdaftar, atau jumlah kunci sandi Anda sudah penuh.
passkey-unproven = Jawaban perangkat tidak bisa dibuktikan. Coba lagi, atau masuk dengan kata sandi.
passkey-unfit-address = Kunci sandi belum bisa dipakai: pengelola server ini belum menetapkan alamat situs (KENTONGAN_ORIGIN).
passkey-unfit-ip = Kunci sandi tidak bisa dipakai di sini: alamat situs ini berupa angka (alamat IP). Kunci sandi terikat pada nama, misalnya cek.example; di komputer ini sendiri pakai localhost.
passkey-unfit-https = Kunci sandi tidak bisa dipakai di sini: alamat situs ini belum memakai https.

passkeys-title = Kunci sandi
passkeys-lead = Dengan kunci sandi Anda masuk memakai sidik jari, wajah, atau kunci layar perangkat, tanpa mengetik kata sandi. Kunci sandi tidak bisa ditebak, dan tidak bisa dipakai di situs tiruan.
passkeys-list = Kunci sandi Anda
passkeys-added = Ditambahkan { $at }
passkeys-used = Terakhir dipakai
passkeys-unused = Belum pernah dipakai untuk masuk
passkeys-add = Tambah kunci sandi
passkeys-full = Anda sudah punya { $most } kunci sandi, paling banyak untuk satu akun. Hapus satu yang tidak dipakai lagi untuk menambah yang baru.
passkeys-first = Sesudah ini kata sandi saja tidak cukup lagi untuk masuk: Anda juga diminta kunci sandi. Kami memberi sepuluh kode cadangan untuk saat perangkat Anda hilang.
passkeys-name = Nama kunci sandi
passkeys-name-hint = Supaya nanti Anda tahu di mana ia disimpan, misalnya “Ponsel kantor”.
passkeys-unnamed = Tanpa nama
passkeys-continue = Lanjutkan
passkeys-make = Buat kunci sandi
passkeys-make-lead = Peramban akan meminta sidik jari, wajah, atau kunci layar Anda, lalu menyimpan kunci sandi “{ $name }”. Selesaikan dalam sepuluh menit.
passkeys-make-go = Buat sekarang
passkeys-make-cancel = Batal
passkeys-codes-lead = Masing-masing berlaku satu kali, saat perangkat dengan kunci sandi tidak ada.
passkeys-codes-elsewhere = Anda punya kode dari ponsel. Buat kode cadangan baru di halaman Masuk dua langkah, dengan kode itu.
passkeys-rather-codes = Lebih suka kode dari aplikasi di ponsel? Pasang itu saja.
passkeys-wanted = Untuk tugas Anda bukti kedua wajib. Kunci sandi memenuhinya; kode dari ponsel juga.
passkeys-remove = Hapus
passkeys-remove-of = Hapus kunci sandi { $name }
passkeys-remove-title = Hapus kunci sandi
passkeys-remove-lead = Kunci sandi ini tidak akan membuka akun Anda lagi, dan sesi lain yang dibuka dengan kunci sandi berakhir. Hapus juga dari perangkatnya.
passkeys-remove-last = Ini bukti kedua Anda yang terakhir: sesudahnya kata sandi saja cukup untuk masuk, dan kode cadangan tidak berlaku lagi.
passkeys-remove-confirm = Hapus kunci sandi ini
passkeys-last-wanted = Untuk tugas Anda bukti kedua wajib, dan ini yang terakhir. Tambahkan dulu kunci sandi lain atau kode dari ponsel, lalu hapus yang ini.
passkeys-back = Kembali ke daftar kunci sandi
passkeys-news-added = Kunci sandi sudah ditambahkan.
passkeys-news-removed = Kunci sandi sudah dihapus. Sesi lain yang dibuka dengan kunci sandi diakhiri.

account-passkeys = { $count } kunci sandi.
account-passkeys-none = Belum ada. Masuk dengan sidik jari, wajah, atau kunci layar, tanpa mengetik kata sandi.
account-passkeys-manage = Kelola
account-second-factor-beside = Kunci sandi Anda sudah menjadi bukti kedua. Kode dari ponsel bisa ditambahkan, untuk perangkat yang tidak mengenal kunci sandi.
account-proof-passkey = dengan kunci sandi
factor-rather-passkey = Lebih suka sidik jari atau kunci layar? Tambah kunci sandi saja.
second-step-lead-both = { $name }, pakai kunci sandi Anda, atau ketik kode dari aplikasi pembuat kode di ponsel.
second-step-lead-passkey = { $name }, pakai kunci sandi Anda.
second-step-lead-recovery = { $name }, kunci sandi Anda tidak bisa dipakai di alamat ini. Ketik kode cadangan.
second-step-code-recovery = Atau ketik kode cadangan
second-step-lost-passkey = Perangkat dengan kunci sandi hilang? Pakai salah satu kode cadangan. Kalau habis, pengelola lembaga Anda perlu menutup akun ini dan mengundang Anda lagi, dengan alamat surel lain.

audit-passkey_added = Kunci sandi ditambahkan
audit-passkey_removed = Kunci sandi dihapus
audit-passkey_refused = Kunci sandi ditolak, mungkin ada salinannya

letter-passkey-added-subject = Kunci sandi ditambahkan
letter-passkey-added-body =
    Halo { $name },

    Kunci sandi “{ $passkey }” ditambahkan pada akun Kentongan Anda pada { $now }. Dengan kunci sandi itu orang bisa masuk tanpa kata sandi.

    Kalau bukan Anda yang menambahkannya, segera hapus kunci sandi itu, ganti kata sandi, dan beri tahu pengelola lembaga Anda. { $account }
letter-passkey-removed-subject = Kunci sandi dihapus
letter-passkey-removed-body =
    Halo { $name },

    Kunci sandi “{ $passkey }” dihapus dari akun Kentongan Anda pada { $now }.

    Kalau bukan Anda yang menghapusnya, segera ganti kata sandi dan beri tahu pengelola lembaga Anda. { $account }
letter-passkey-refused-subject = Kunci sandi Anda ditolak
letter-passkey-refused-body =
    Halo { $name },

    Seseorang mencoba masuk dengan kunci sandi “{ $passkey }” pada { $now }. Kami menolaknya, karena penghitung di dalamnya mundur: mungkin ada salinan dari kunci sandi itu.

    Masuklah dengan cara lain, hapus kunci sandi itu, tambahkan yang baru, dan beri tahu pengelola lembaga Anda. { $account }
