# Belajar dari pemakaian: metodologi, penjelasan, ambang, label

answer-how-often-wrong = Seberapa sering jawaban kami keliru?

contribution-title = Apa yang membuatnya cocok
contribution-note = Makin panjang batangnya, makin besar pengaruhnya pada pilihan mesin. Tanda minus berarti memberatkan.
contribution-words = Kata sama
contribution-letters = Huruf sama
contribution-order = Urutan kata
contribution-rare = Kata langka yang sama
contribution-numbers = Angka cocok
contribution-meaning = Makna dekat
contribution-names = Nama dan tempat
contribution-date = Waktu berdekatan
contribution-length = Panjang klaim
contribution-quote = Kutipan
contribution-other = Petunjuk lain

methodology-title = Metodologi
methodology-lead = Bagaimana tiga jawaban dibuat, seberapa sering masing-masing keliru, dan bagaimana menyatakan keberatan.
methodology-how = Bagaimana jawaban dibuat
methodology-how-read = Mesin membaca pesan Anda: ejaan gaul, angka, dan singkatan disamakan lebih dulu.
methodology-how-find = Pesan dibandingkan dengan klaim dalam semua cek fakta: kata yang sama, potongan huruf yang sama, dan angkanya.
methodology-how-sure = Cek fakta yang paling dekat mendapat keyakinan dari 0 sampai 100%. Hanya yang sangat yakin disebut “Sudah diperiksa”; yang agak yakin disebut “Mirip”; sisanya “Belum diperiksa”.
methodology-how-differ = Lalu dicari bedanya: bantahan, angka, tahun, tempat, nomor urut. Bila berbeda, jawabannya paling tinggi “Mirip”, dan bedanya disebut.
methodology-wrong = Seberapa sering keliru
methodology-measured = Diukur pada { $texts } pesan dan judul nyata yang tidak dipakai untuk melatih mesin, dicari di antara { $checks } cek fakta.
methodology-match = Ada cek fakta atas klaim dalam pesan Anda.
methodology-match-wrong = Keliru: { $share } menunjuk cek fakta lain.
methodology-probable = Ada cek fakta yang dekat, tetapi bandingkan sendiri.
methodology-probable-wrong = Keliru: { $share } ternyata tentang klaim lain.
methodology-none = Tidak ada cek fakta yang cukup dekat. Bukan berarti benar, bukan berarti salah.
methodology-none-wrong = Keliru: dari pesan yang sebenarnya punya cek fakta, { $share } tidak terjawab.
methodology-outdated = Mesin yang menjawab sekarang memakai bobot yang lebih baru daripada yang diukur di sini. Angka barunya menyusul.
methodology-unmeasured = Angka pengukuran tidak terbaca. Sampai terbaca, anggap setiap jawaban dapat keliru.
methodology-sure = Apakah keyakinan mesin dapat dipercaya?
methodology-sure-text = Setiap titik adalah sekelompok pesan dengan keyakinan yang hampir sama. Titik pada garis putus-putus berarti pas: dari pesan dengan keyakinan 80%, memang 80% yang tepat. Di bawah garis, mesin terlalu yakin; di atasnya, terlalu hati-hati. Makin besar titiknya, makin banyak pesannya.
methodology-diagram = Keyakinan mesin dibandingkan dengan yang ternyata tepat
methodology-said = Keyakinan mesin
methodology-right = Ternyata tepat
methodology-texts = Pesan
methodology-made = Diukur { $day }.
methodology-weights = Bobot { $weights }.
methodology-cannot = Yang tidak bisa
methodology-cannot-meaning = Kalimat yang sama sekali lain kata-katanya sering tidak ditemukan, begitu pula bahasa selain Indonesia.
methodology-cannot-picture = Gambar, suara, dan video tidak dibaca.
methodology-cannot-new = Kabar yang belum diperiksa siapa pun tidak punya jawaban.
methodology-cannot-known = Pesan uji dikumpulkan dari arsip cek fakta. Pesan di luar itu bisa lebih sulit, jadi kenyataannya mungkin lebih buruk.
methodology-who = Siapa yang mengesahkan
methodology-who-confirms = Mesin hanya mengusulkan. Kecocokan pada meja redaksi disahkan atau ditolak seorang redaktur; cek fakta ditulis satu orang dan disetujui orang kedua. KPU dan Bawaslu tidak menilai klaim tentang dirinya.
methodology-who-thresholds = Batas keyakinan hanya berubah bila satu pengelola mengusulkan dan pengelola kedua menyetujui, setelah melihat akibatnya pada penilaian redaktur yang lalu. Pengelola dari KPU dan Bawaslu tidak ikut.
methodology-object = Bila Anda keberatan
methodology-object-answer = Jawabannya bukan tentang pesan Anda: tekan “Ini bukan pesan yang saya maksud” di bawah jawaban.
methodology-object-check = Isi cek faktanya keliru: hubungi penerbit yang tertulis padanya.
methodology-object-kept = Yang kami simpan dari keberatan itu: cek fakta mana, kapan, dan sidik jari pesannya. Bukan isi pesan, bukan siapa Anda.

label-confirmed = Disahkan redaktur
label-rejected = Ditolak redaktur
label-taken_back = Ditarik kembali
label-not_meant = “Bukan pesan saya”

admin-thresholds = Ambang jawaban
thresholds-lead = Dari keyakinan berapa mesin boleh menjawab “Sudah diperiksa” atau “Mirip”. Mengubahnya perlu dua orang.
thresholds-from = mulai dari keyakinan ini
thresholds-in-force = Berlaku
thresholds-shipped = bawaan bobot
thresholds-waiting = Menunggu orang kedua
thresholds-proposed-by = Diusulkan oleh { $name }.
thresholds-see-proposed = Lihat akibat usulan ini
thresholds-second-person = Yang mengusulkan tidak boleh menerapkan. Minta pengelola lain melihatnya.
thresholds-other-weights = Usulan ini dibuat untuk bobot lain, jadi tidak dapat diterapkan. Tarik, lalu usulkan lagi.
thresholds-decided = Usulan itu sudah diputuskan.
thresholds-apply = Terapkan
thresholds-withdraw = Tarik usulan
thresholds-refuse = Tolak usulan
thresholds-try = Coba ambang lain
thresholds-hint = Antara 0 dan 1; “Sudah diperiksa” harus lebih tinggi daripada “Mirip”. Melihat akibatnya belum mengubah apa pun.
thresholds-match-min = “Sudah diperiksa” mulai
thresholds-probable-min = “Mirip” mulai
thresholds-see = Lihat akibatnya
thresholds-effect = Akibatnya pada penilaian yang lalu
thresholds-wished = Dicoba:
thresholds-pairs =
    { $n ->
        [one] Satu pasangan pernah dinilai.
       *[other] { $count } pasangan pernah dinilai.
    }
thresholds-moved =
    { $n ->
        [one] Satu berganti jawaban.
       *[other] { $count } berganti jawaban.
    }
thresholds-counts = Jawaban sekarang → sesudahnya, menurut kata orang
thresholds-label = Kata orang
thresholds-shares = Ketepatan sebelum dan sesudah
thresholds-figure = Ukuran
thresholds-before = Sekarang
thresholds-after = Sesudahnya
thresholds-precision = Dari yang disebut “Sudah diperiksa”, yang disahkan (presisi)
thresholds-recall = Dari yang disahkan, yang disebut “Sudah diperiksa” (recall)
thresholds-shown = Dari yang disahkan, yang ditampilkan (“Sudah diperiksa” atau “Mirip”)
thresholds-examples = Contoh yang berganti
thresholds-pair = Pasangan
thresholds-sure = Keyakinan
thresholds-no-text = Pesan seorang pembaca; isinya tidak disimpan.
thresholds-two-people = Usulan baru berlaku setelah pengelola kedua menerapkannya.
thresholds-propose = Usulkan ambang ini
thresholds-waiting-already = Masih ada usulan yang menunggu. Putuskan itu dulu.
thresholds-out-of-range = Isi kedua ambang dengan angka antara 0 dan 1.
thresholds-out-of-order = Ambang “Sudah diperiksa” harus lebih tinggi daripada ambang “Mirip”.
thresholds-changes = Perubahan terakhir
thresholds-changes-empty = Belum ada perubahan. Yang diusulkan dan diputuskan akan terlihat di sini.
thresholds-both = “Sudah diperiksa” mulai { $match }, “Mirip” mulai { $probable }
thresholds-proposed = Diusulkan
thresholds-second = Diputuskan
thresholds-state = Keadaan
thresholds-state-proposed = menunggu
thresholds-state-applied = diterapkan
thresholds-state-withdrawn = ditarik atau ditolak

admin-learning = Pembelajaran
learning-lead = Kata redaktur dan pembaca atas kecocokan disimpan sebagai label: untuk mengukur mesin, bukan menilai orang.
learning-drift = Sebaran keyakinan 24 jam terakhir
learning-drift-hint = Batang hijau: 24 jam terakhir. Batang kelabu: pembandingnya. Kiri tidak yakin, kanan yakin.
learning-drift-alert = Sebaran bergeser jauh (indeks { $index }, batas 0,25). Periksa apakah isi pesan berubah atau arsip cek fakta terganggu.
learning-drift-calm = Tidak bergeser berarti (indeks { $index }, batas 0,25).
learning-drift-few = Belum cukup pesan untuk membandingkan (paling sedikit 500).
learning-drift-table = Tabel sebaran
learning-baseline-history = Dibandingkan dengan 28 hari sebelumnya.
learning-baseline-shipped = Dibandingkan dengan sebaran yang ikut bersama bobot.
learning-baseline-nothing = Belum ada pembanding.
learning-source-stream = Unggahan dari aliran
learning-source-lookup = Pesan yang diperiksa pembaca
learning-now = 24 jam
learning-before = Pembanding
learning-gold = Ekspor penilaian sebulan
learning-gold-hint = Berisi teks yang cek faktanya disahkan redaktur, untuk mengukur mesin. Nomor telepon, nomor induk, dan surel diganti; siapa yang menilai tidak ikut. Nama dalam teks tetap ada: baca dulu sebelum membagikannya. Ekspor tercatat dalam jejak audit.
learning-month = Bulan (UTC), misalnya 2026-11
learning-gold-button = Unduh
learning-month-bad = Tulis bulannya seperti 2026-11.
learning-month-empty = Pada bulan itu belum ada cek fakta yang disahkan untuk sebuah teks.
