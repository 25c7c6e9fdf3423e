# The words of the public pages.

home-page-title = Kentongan: periksa pesan
home-title = Dapat pesan meragukan?
home-lead = Tempelkan di sini. Kami cari jawabannya di cek fakta media.
home-latest = Terbaru diperiksa
home-all = Semua cek fakta
home-feeds = Ikuti lewat

ask-label = Isi pesan
ask-placeholder = Tempelkan teks pesan berantai, unggahan, atau judul berita
ask-submit = Periksa pesan
ask-privacy = Tanpa akun. Isi pesan tidak disimpan kecuali Anda mengirimkannya.
ask-again = Periksa pesan lain
ask-empty = Belum ada isi pesan. Tempelkan teksnya dulu; satu kalimat sudah cukup.
ask-too-long = Pesan terlalu panjang, paling banyak { $limit } karakter. Tempelkan bagian yang memuat klaimnya saja.

answer-page-title = Jawaban
answer-checked = Sudah diperiksa
answer-label = Label media:
answer-claim = Klaim yang diperiksa
answer-by = Diperiksa oleh
answer-two-people = Ditulis seorang redaktur dan disetujui redaktur kedua.
answer-archive = Dari arsip cek fakta penerbit.
answer-why = Mengapa cocok
answer-shared = Kata yang sama ditandai pada klaim dan pada pesan Anda:
answer-whole = Isi pesan Anda sama dengan klaim ini:
answer-read = Baca cek fakta lengkap
answer-not-mine = Ini bukan pesan yang saya maksud
answer-probable-kicker = Mungkin sudah diperiksa
answer-probable = Mirip, tetapi belum tentu sama
answer-sureness = Keyakinan mesin { $share }. Bandingkan sendiri sebelum memakainya.
answer-difference = Bedanya
answer-no-difference = Kata-katanya sebagian saja yang sama. Baca dulu apakah klaimnya memang yang Anda terima.
answer-near-claim = Klaim yang paling mirip
answer-judge = Kesimpulan di atas berlaku untuk klaim itu, bukan otomatis untuk pesan Anda.
answer-none-kicker = Belum ada jawaban
answer-none = Belum diperiksa
answer-none-note = Kami tidak menebak. Belum diperiksa bukan berarti benar, dan bukan berarti salah.
answer-others = Cek fakta lain yang memuat kata serupa
answer-link-open = Tautan ke jawaban ini

watch-title = Sementara menunggu
watch-hold = Jangan teruskan dulu, juga tidak dengan tambahan “benarkah ini?”.
watch-source = Cari siapa yang pertama mengatakannya, kapan, dan di mana.
watch-urge = Waspadai desakan “sebarkan sebelum dihapus” dan ancaman.
watch-official = Soal tahapan, TPS, dan daftar pemilih: tanya KPU setempat. Soal pelanggaran: Bawaslu setempat.

difference-message = pesan Anda
difference-check = cek fakta
difference-negation = Yang satu membenarkan, yang lain membantah.
difference-rating-direction = Pesan Anda menyangkal hal yang oleh cek fakta dinilai benar.
difference-number = Angka
difference-place = Tempat
difference-candidate-number = Nomor urut
difference-year = Tahun
difference-date = Tanggal atau hari
difference-name = Lembaga atau jabatan
difference-quantity = Semua atau sebagian
difference-opposite = Arti yang berlawanan

share = Bagikan jawaban
share-whatsapp = Kirim lewat WhatsApp
share-link = Salin tautan ini

tip-title = Kirim agar diperiksa
tip-lead = Redaksi yang bergabung melihat kiriman di mejanya. Kami tidak meminta nama atau nomor Anda; Anda mendapat kode untuk melihat jawabannya.
tip-region = Beredar di provinsi mana? (boleh kosong)
tip-region-none = Tidak tahu atau nasional
tip-consent = Saya setuju isi pesan ini disimpan dan dibaca redaksi untuk diperiksa.
tip-submit = Kirim pesan ini
tip-empty = Belum ada isi pesan. Tempelkan teksnya, lalu kirim.
tip-no-consent = Centang persetujuan dulu: tanpa itu pesan tidak kami simpan.
tip-mend = Kiriman belum tersimpan
tip-mend-lead = Tinggal satu hal lagi.
tip-sent-title = Kode kiriman Anda
tip-sent-received = Pesan sudah kami terima.
tip-sent-lead = Simpan kode ini untuk melihat jawabannya kelak.
tip-sent-once = Kode hanya ditampilkan sekali. Siapa pun yang memegangnya dapat melihat kiriman ini; kami tidak tahu siapa Anda.
tip-sent-follow = Lihat kiriman
tip-page-title = Kiriman
tip-page-received = Diterima
tip-page-answered = Sudah ada jawabannya.
tip-page-waiting = Belum ada jawaban. Redaksi melihatnya di meja mereka; kunjungi lagi halaman ini nanti.
tip-page-posts =
    { $n ->
        [one] Kami menemukan satu unggahan serupa.
       *[other] Kami menemukan { $count } unggahan serupa.
    }
tip-page-text = Isi kiriman

checks-title = Cek fakta
checks-lead = Dari redaksi yang bergabung dan arsip terbuka, terbaru di atas.
checks-filter = Saring menurut kesimpulan
checks-all = Semua
checks-empty = Belum ada cek fakta. Begitu redaksi menerbitkan atau arsip dimuat, daftarnya muncul di sini.
checks-none-of-rating = Belum ada cek fakta dengan kesimpulan ini.
checks-older = Lebih lama
checks-newest = Terbaru

check-rating = Kesimpulan
check-published = Terbit
check-instead = Yang benar
check-no-explanation = Arsip ini hanya memuat judul dan kesimpulannya; penjelasan lengkap ada pada penerbit.
check-narrative = Pesan yang beredar
check-evidence = Bukti
check-source = Halaman { $publisher }
check-another = Periksa pesan lain
check-statements = Kesimpulan di atas adalah penilaian redaksi. Keterangan resmi KPU dan Bawaslu, serta keputusan Bawaslu atas pelanggaran, adalah pernyataan tersendiri dan hanya ditampilkan bila ada.

rating-false = Salah
rating-misleading = Menyesatkan
rating-partly-true = Sebagian benar
rating-true = Benar
rating-unproven = Belum terbukti

deception-satire = Satire atau parodi
deception-misleading = Konten menyesatkan
deception-impostor = Konten tiruan
deception-fabricated = Konten palsu
deception-false-connection = Koneksi yang salah
deception-false-context = Konteks yang salah
deception-manipulated = Konten yang dimanipulasi

method-lead = Siapa yang mengatakan apa, apa yang dilakukan mesin, dan apa yang kami simpan.
method-answers = Tiga jawaban
method-match = Sudah diperiksa
method-match-text = Pesan Anda memuat klaim yang sudah diperiksa sebuah redaksi. Kami tampilkan kesimpulannya, siapa yang memeriksa, kapan, dan kata apa yang sama.
method-probable = Mirip
method-probable-text = Ada cek fakta yang dekat, tetapi ada yang berbeda: angka, tempat, tahun, atau bantahan. Bedanya disebut lebih dulu, dan kesimpulannya tidak kami pinjamkan ke pesan Anda.
method-none = Belum diperiksa
method-none-text = Tidak ada yang cukup dekat. Kami tidak menebak; Anda dapat mengirimkannya agar diperiksa.
method-who = Tiga pernyataan, tiga pihak
method-rating = Kesimpulan
method-rating-text = Penilaian redaksi atas sebuah klaim. Setiap cek fakta yang terbit dari meja kami ditulis satu orang dan disetujui orang lain.
method-statement = Keterangan resmi
method-statement-text = Jawaban KPU atau Bawaslu atas nama lembaganya. Lembaga tidak pernah menilai klaim tentang dirinya sendiri.
method-decision = Keputusan
method-decision-text = Apakah sesuatu melanggar aturan pemilu diputuskan Bawaslu dan pihak yang berwenang, bukan oleh kami.
method-ratings = Arti kesimpulan
method-ratings-text = Label asli penerbit selalu kami tulis di sampingnya, kata demi kata. Cara menyesatkan adalah hal lain dari kesimpulan, dan ditulis terpisah.
method-kept = Yang kami simpan
method-kept-message = Pesan yang Anda periksa tidak disimpan dan tidak dicatat. Bila Anda menekan “bukan pesan yang saya maksud”, yang tinggal hanya sidik jarinya, tanpa isi dan tanpa Anda.
method-kept-tip = Kiriman disimpan hanya dengan persetujuan Anda, tanpa nama, nomor, atau alamat.
method-kept-posts = Dari unggahan publik kami simpan teks dan tempatnya; penulisnya disamarkan saat masuk.
method-kept-cookies = Tidak ada pelacak. Kuki hanya mengingat bahasa, zona waktu, dan anggota yang masuk.
method-limits = Batasnya
method-limits-wrong = Pencocokan dilakukan mesin dan dapat keliru. Karena itu kata yang sama selalu ditandai, dan Anda dapat menolak jawabannya.
method-limits-picture = Gambar dan suara belum dapat diperiksa; salin teksnya bila ada.
method-limits-law = Kami tidak menilai legalitas dan tidak menurunkan konten.
method-limits-person = Tidak ada yang terbit, dan tidak ada kecocokan yang disahkan, tanpa orang.

part-title = Ikut serta
part-lead = Siapa pun boleh memakai Kentongan untuk memeriksa pesan. Meja kerja di belakangnya hanya untuk lembaga yang bergabung.
part-anyone = Terbuka untuk semua orang, tanpa akun
part-anyone-check = Memeriksa pesan: tempel isinya di halaman depan.
part-anyone-read = Membaca semua cek fakta yang terbit, juga lewat RSS dan API.
part-anyone-tip = Mengirim pesan yang belum ada jawabannya kepada redaksi.
part-anyone-not = Ini berlaku juga untuk media yang belum menjadi anggota asosiasi dan untuk pegiat media sosial. Naskah yang belum terbit, kiriman orang lain, dan pantauan tidak terbuka untuk mereka.
part-members = Untuk lembaga yang bergabung
part-members-media = Redaksi, asosiasi media dan cabangnya, serta lembaga cek fakta: memantau, menulis, dan saling meninjau cek fakta.
part-members-authority = KPU, Bawaslu, dan lembaga berwenang lain: melihat pantauan. Mereka tidak menulis atau menilai cek fakta.
part-members-others = Kampus, organisasi mahasiswa, dan organisasi masyarakat: mengurus datanya sendiri dalam direktori. Selebihnya mengikuti kesepakatan yang mereka tandatangani.
part-members-party = Partai dan tim kampanye: hanya yang terbuka untuk umum.
part-how = Cara bergabung
part-how-text = Media bergabung lewat asosiasinya: koordinator asosiasi mencatat keanggotaan dan ikrar berita tanpa hoaks. Lembaga lain menghubungi pengelola Kentongan.
