# Signing in.

sign-in-title = Masuk
sign-in-lead = Untuk anggota lembaga yang bergabung: redaksi, asosiasi media, KPU, dan Bawaslu.
sign-in-email = Surel
sign-in-password = Kata sandi
sign-in-submit = Masuk
sign-in-wrong = Surel atau kata sandi tidak cocok. Periksa lagi keduanya, termasuk huruf besar dan kecil.
sign-in-wait = Terlalu banyak percobaan. Tunggu { $wait }, lalu coba lagi.
sign-in-busy = Sedang banyak yang masuk. Coba lagi sebentar lagi.
sign-in-no-account = Belum punya akun? Mintalah kepada pengelola lembaga Anda. Untuk memeriksa pesan, akun tidak diperlukan.
sign-in-demo-title = Masuk sebagai anggota peraga
sign-in-demo-lead = Satu klik, tanpa kata sandi. Hanya ada dalam mode peraga di komputer ini.
sign-in-with-password = Masuk dengan kata sandi

role-reader = Pembaca meja
role-reporter = Wartawan
role-editor = Redaktur
role-reviewer = Peninjau
role-officer = Petugas
role-coordinator = Koordinator
role-auditor = Auditor
role-administrator = Administrator
