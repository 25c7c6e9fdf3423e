# One's own account, and the links in mails.

account-title = Akun
account-password = Kata sandi
account-password-change = Ganti kata sandi
account-second-factor = Masuk dua langkah
account-on = aktif
account-second-factor-off = Belum dipasang. Dengan masuk dua langkah, orang yang mengetahui kata sandi Anda tetap tidak bisa masuk.
account-second-factor-add = Pasang
account-second-factor-manage = Kelola
account-second-factor-wanted = Untuk tugas ini masuk dua langkah wajib: Anda menjawab atau menyetujui atas nama lembaga.
account-codes-left = { $n ->
    [0] Kode cadangan sudah habis.
   *[other] Sisa { $count } kode cadangan.
}
account-sessions = Sesi yang terbuka
account-this-session = sesi ini
account-new-device = perangkat baru
account-device-unknown = Perangkat tidak dikenal
account-used = Dipakai
account-began = dibuka { $at }
account-end = Akhiri
account-end-of = Akhiri sesi { $device }
account-end-others = Akhiri semua sesi lain
account-end-all = Keluar di semua perangkat
account-session-limits = Sesi berakhir sendiri setelah { $idle } tidak dipakai, dan paling lama { $life } sejak dibuka.
account-proof-password = dengan kata sandi
account-proof-provider = lewat penyedia identitas
account-proof-second-factor = dengan dua langkah
account-proof-demonstration = pintu peraga
account-news-password = Kata sandi sudah diganti. Semua sesi lain diakhiri.
account-news-session = Sesi itu sudah diakhiri.
account-news-others = Semua sesi lain sudah diakhiri.
account-news-factor-removed = Masuk dua langkah sudah dilepas.

password-now = Kata sandi sekarang
password-new = Kata sandi baru
password-again = Ulangi kata sandi baru
password-hint = Paling sedikit { $least } karakter. Beberapa kata yang mudah Anda ingat lebih baik daripada satu kata dengan tanda-tanda.
password-too-short = Kata sandi itu terlalu pendek. Pakai paling sedikit { $least } karakter, misalnya beberapa kata.
password-too-long = Kata sandi itu terlalu panjang. Pakai paling banyak { $most } karakter.
password-common = Kata sandi itu termasuk yang pertama ditebak orang. Pilih yang lain, misalnya beberapa kata yang tidak berhubungan.
password-own-name = Kata sandi itu terbuat dari nama, surel, atau lembaga Anda. Pilih yang lain.
password-breached = Kata sandi itu pernah bocor di tempat lain. Pilih yang lain.
password-not-twice = Kedua isian kata sandi baru tidak sama. Ketik lagi keduanya.
password-wrong-now = Kata sandi tidak cocok.
password-ends-others = Sesi lain akan berakhir; sesi ini tetap.

second-step-title = Satu langkah lagi
second-step-lead = { $name }, ketik kode dari aplikasi pembuat kode di ponsel Anda.
second-step-code = Kode enam angka, atau kode cadangan
second-step-submit = Lanjutkan
second-step-cancel = Batal dan keluar
second-step-lost = Ponsel hilang? Pakai salah satu kode cadangan. Kalau habis, pengelola lembaga Anda perlu menutup akun ini dan mengundang Anda lagi, dengan alamat surel lain.
code-wrong = Kode tidak cocok. Ketik kode yang sedang tampil.
code-used = Kode itu sudah dipakai. Tunggu kode berikutnya, paling lama 30 detik.
code-clock-slow = Kode itu dari { $off } yang lalu: jam ponsel Anda lambat. Setel jam ponsel ke otomatis, lalu coba lagi.
code-clock-fast = Kode itu untuk { $off } lagi: jam ponsel Anda cepat. Setel jam ponsel ke otomatis, lalu coba lagi.

factor-lead = Selain kata sandi, Anda nanti mengetik kode enam angka dari ponsel.
factor-lead-wanted = Untuk tugas Anda, masuk dua langkah wajib. Pasang sekarang; sebelum itu tidak ada halaman lain yang terbuka.
factor-step-app = Buka aplikasi pembuat kode di ponsel: Aegis, Google Authenticator, atau pengelola kata sandi Anda.
factor-step-scan = Pindai gambar ini dengan aplikasi itu.
factor-step-type = Tidak bisa memindai? Ketik kunci ini:
factor-open-app = Buka di aplikasi pada perangkat ini
factor-picture = Gambar kode QR untuk aplikasi pembuat kode
factor-step-code = Ketik kode enam angka yang ditampilkan aplikasi
factor-confirm = Pasang
factor-is-on = Masuk dua langkah aktif. Setiap kali masuk, Anda diminta kode dari ponsel.
factor-codes = Kode cadangan
factor-codes-lead = Masing-masing berlaku satu kali, saat ponsel tidak ada.
factor-codes-renew = Buat sepuluh kode baru
factor-codes-once = Simpan sepuluh kode ini di tempat aman, misalnya dicetak. Kode hanya ditampilkan sekali, dan masing-masing berlaku satu kali.
factor-codes-kept = Sudah saya simpan
factor-code-now = Kode dari ponsel, atau kode cadangan
factor-remove = Lepas masuk dua langkah
factor-password-short = Kata sandi Anda terlalu pendek untuk berdiri sendiri. Ganti dulu dengan yang lebih panjang.

invitation-title = Undangan
invitation-lead = { $organisation } mengundang Anda bergabung. Buat kata sandi untuk memulai.
invitation-accept = Bergabung
invitation-used = Undangan ini sudah dipakai
invitation-used-mend = Akunnya sudah ada. Masuklah dengan surel dan kata sandi Anda. Kalau bukan Anda yang memakainya, segera beri tahu pengelola lembaga.
invitation-withdrawn = Undangan ini sudah ditarik
invitation-withdrawn-mend = Pengelola lembaga menariknya kembali. Tanyakan kepadanya bila Anda mengira ini keliru.
invitation-expired = Undangan ini sudah kedaluwarsa
invitation-expired-mend = Undangan berlaku tujuh hari. Mintalah undangan baru kepada pengelola lembaga.

forgotten-title = Lupa kata sandi
forgotten-lead = Ketik surel Anda. Kami mengirim tautan untuk membuat kata sandi baru.
forgotten-send = Kirim tautan
forgotten-sent = Kalau surel itu punya akun, tautan sedang dikirim. Tautan berlaku 30 menit. Periksa juga map spam.
forgotten-no-mail = Server ini belum bisa mengirim tautan. Hubungi pengelola lembaga Anda.
reset-title = Kata sandi baru
reset-set = Simpan kata sandi
reset-done = Kata sandi sudah diganti, dan semua sesi diakhiri. Masuklah dengan kata sandi baru.
reset-ends-all = Semua sesi yang terbuka akan berakhir.
reset-dead = Tautan ini tidak berlaku lagi
reset-dead-mend = Tautan berlaku 30 menit dan hanya satu kali; yang lebih baru menggantikan yang lama. Minta tautan baru.

provider-sign-in = Masuk lewat { $name }
provider-tie = Hubungkan { $name }
provider-tie-lead = Anda akan masuk di { $name }, lalu kembali ke sini. Sesudah itu Anda bisa masuk lewat { $name }; peran dan lembaga Anda tidak berubah.
provider-go = Lanjut ke { $name }
provider-late-title = Masuk ini tidak bisa diselesaikan
provider-late-mend = Sudah terlalu lama, sudah pernah dipakai, atau dimulai di peramban lain. Mulai lagi dari halaman masuk.
provider-refused-title = Penyedia tidak mengesahkan masuk ini
provider-refused-mend = Coba sekali lagi, atau masuk dengan kata sandi.
provider-unknown-title = Akun itu belum dihubungkan
provider-unknown-mend = Masuk dulu dengan kata sandi, lalu hubungkan akun itu di halaman Akun. Akun baru hanya dibuat lewat undangan.
provider-taken-title = Akun itu sudah dihubungkan
provider-taken-mend = Akun penyedia itu sudah terhubung dengan anggota lain, atau akun Anda sudah punya hubungan. Lepas dulu yang lama.
account-provider-since = Terhubung sejak { $at }. Anda bisa masuk lewat penyedia ini.
account-provider-off = Belum dihubungkan. Sesudah dihubungkan, Anda bisa masuk lewat penyedia ini.
account-provider-tie = Hubungkan
account-provider-cut = Lepas hubungan
account-news-provider = Akun penyedia sudah dihubungkan.
account-news-provider-cut = Hubungan dengan penyedia sudah dilepas.

# Entries of the audit log.
audit-invitation_sent = Undangan dikirim
audit-invitation_withdrawn = Undangan ditarik
audit-invitation_accepted = Undangan diterima
audit-first_proof_given = Bukti pertama diberikan
audit-password_changed = Kata sandi diganti
audit-password_reset_asked = Kata sandi baru diminta
audit-second_factor_added = Masuk dua langkah dipasang
audit-second_factor_removed = Masuk dua langkah dilepas
audit-recovery_code_used = Kode cadangan dipakai
audit-recovery_codes_renewed = Kode cadangan diperbarui
audit-sessions_ended = Sesi diakhiri
audit-role_changed = Peran diganti
audit-member_closed = Akun ditutup
audit-member_reopened = Akun dibuka lagi
audit-provider_linked = Penyedia identitas dihubungkan
audit-provider_unlinked = Penyedia identitas dilepas
