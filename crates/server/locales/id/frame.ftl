# Words around every page.

frame-skip = Langsung ke isi
frame-demo = Mode peraga.
frame-demo-note = Anggota, unggahan, dan lembaga bertanda “(peraga)” di sini rekaan; cek fakta berasal dari arsip terbuka.
frame-places = Bagian utama
frame-more = Lainnya
frame-fact-checks = Cek fakta
frame-method = Cara kami bekerja
frame-desk = Meja
frame-admin = Pengaturan
frame-sign-in = Masuk untuk anggota
frame-sign-out = Keluar
frame-signed-in-as = Masuk sebagai { $name }
frame-foot = Kentongan mencari jawaban di cek fakta media. Keputusan atas pelanggaran pemilu ada pada Bawaslu; informasi tahapan ada pada KPU.
frame-times-in = Waktu ditampilkan dalam

error-to-start = Ke halaman depan
error-to-fact-checks = Lihat cek fakta
error-not-found-title = Halaman ini tidak ada
error-not-found-mend = Mungkin alamatnya terpotong saat disalin, atau halamannya sudah dipindah. Coba cari dari halaman depan.
error-forbidden-title = Tidak dapat dilakukan dari sini
error-forbidden-mend = Permintaan ini datang dari situs lain atau dari halaman yang sudah lama terbuka. Buka lagi halamannya di sini, lalu ulangi.
error-too-many-title = Terlalu banyak permintaan
error-too-many-mend = Tunggu sebentar, lalu coba lagi. Isian Anda tidak hilang bila Anda kembali ke halaman sebelumnya.
error-unavailable-title = Sedang tidak dapat menjawab
error-unavailable-mend = Ada bagian yang sedang tidak menjawab. Coba lagi dalam setengah menit; tidak ada yang hilang.
error-conflict-title = Sudah diubah orang lain
error-conflict-mend = Buka lagi halamannya untuk melihat isi terbaru, lalu ulangi perubahan Anda.
error-too-large-title = Terlalu besar
error-too-large-mend = Kirim lebih sedikit sekaligus: salin bagian pesan yang memuat klaimnya saja.
error-bad-request-title = Permintaan tidak terbaca
error-bad-request-mend = Ada isian yang kurang atau tidak terbaca. Kembali ke halaman sebelumnya dan coba lagi.
error-internal-title = Kesalahan di pihak kami
error-internal-mend = Kejadian ini sudah dicatat. Coba lagi; bila tetap terjadi, beri tahu pengelola.
