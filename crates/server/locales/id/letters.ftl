# Mails: of accounts, of agreements and keys that run out.

letter-invitation-subject = Undangan bergabung di Kentongan
letter-invitation-body =
    Halo { $name },

    { $organisation } mengundang Anda ke Kentongan, meja cek informasi pemilu, sebagai { $role }.

    Buka tautan ini dan buat kata sandi Anda:
    { $link }

    Tautan berlaku satu kali, sampai { $until }. Kalau Anda tidak mengenal lembaga ini, abaikan surel ini.
letter-reset-subject = Kata sandi baru Kentongan
letter-reset-body =
    Halo { $name },

    Seseorang, mungkin Anda, meminta kata sandi baru. Buka tautan ini untuk membuatnya:
    { $link }

    Tautan berlaku satu kali, sampai { $until }. Kalau bukan Anda yang meminta, abaikan surel ini; kata sandi Anda tidak berubah.
letter-device-subject = Akun Anda dibuka di perangkat baru
letter-device-body =
    Halo { $name },

    Akun Kentongan Anda dibuka di perangkat yang belum pernah dipakai:
    { $device }, jaringan { $network }, { $at }.

    Kalau itu Anda, tidak ada yang perlu dilakukan. Kalau bukan, segera akhiri sesinya dan ganti kata sandi: { $account }
letter-password-subject = Kata sandi Kentongan Anda diganti
letter-password-body =
    Halo { $name },

    Kata sandi akun Kentongan Anda diganti pada { $now }, dan sesi lain diakhiri.

    Kalau bukan Anda yang menggantinya, buat kata sandi baru lewat "Lupa kata sandi" dan beri tahu pengelola lembaga Anda. { $account }
letter-factor-added-subject = Masuk dua langkah dipasang
letter-factor-added-body =
    Halo { $name },

    Masuk dua langkah dipasang pada akun Kentongan Anda pada { $now }.

    Kalau bukan Anda yang memasangnya, segera beri tahu pengelola lembaga Anda. { $account }
letter-factor-removed-subject = Masuk dua langkah dilepas
letter-factor-removed-body =
    Halo { $name },

    Masuk dua langkah dilepas dari akun Kentongan Anda pada { $now }.

    Kalau bukan Anda yang melepasnya, segera ganti kata sandi dan beri tahu pengelola lembaga Anda. { $account }
letter-recovery-subject = Kode cadangan dipakai
letter-recovery-body =
    Halo { $name },

    Sebuah kode cadangan dipakai untuk masuk ke akun Kentongan Anda pada { $now }. Sisa { $left } kode.

    Kalau bukan Anda, segera ganti kata sandi dan beri tahu pengelola lembaga Anda. { $account }
letter-codes-renewed-subject = Kode cadangan dibuat baru
letter-codes-renewed-body =
    Halo { $name },

    Kode cadangan akun Kentongan Anda dibuat baru pada { $now }; yang lama tidak berlaku lagi.

    Kalau bukan Anda, segera ganti kata sandi dan beri tahu pengelola lembaga Anda. { $account }
letter-days-left = { $n ->
    [0] hari ini hari terakhirnya
   *[other] { $count } hari lagi
}
letter-agreement-subject = Kesepakatan berakhir { $last }: { $title }
letter-agreement-body =
    Halo { $name },

    { $form } “{ $title }” berakhir { $last }, { $left }.
    Pihaknya: { $parties }.

    Sesudah hari itu semua yang dibuka kesepakatan ini tertutup. { $next }

    Halamannya: { $link }
letter-agreement-renew = Kalau masih diperlukan, ajukan perpanjangannya sekarang supaya semua pihak sempat menandatangani.
letter-agreement-renewal = Perpanjangannya sudah diajukan; pastikan semua pihak menandatanganinya sebelum hari itu.
letter-agreement-stand-in = Pihak-pihaknya tidak punya koordinator atau narahubung yang bisa disurati, jadi surat ini sampai kepada Anda sebagai pengelola jaringan. Beri tahu mereka, atau undang koordinator mereka.
letter-key-subject = Kunci layanan { $key } { $soon }
letter-key-body =
    Halo { $name },

    Kunci layanan “{ $key }” { $soon }: ia berhenti bekerja pada { $last }. Setelah itu layanan yang memakainya tidak bisa mengirim unggahan lagi.

    { $next } { $link }
letter-key-make = Buat kunci baru, pasang di layanan itu, lalu cabut yang lama:
letter-key-ask = Kunci baru harus dibuat oleh pengelola lembaga Anda; ingatkan mereka supaya sempat dipasang. Halaman lembaga Anda:
letter-key-stand-in = Pemiliknya, { $organisation }, tidak punya pengelola yang bisa membuat kunci baru. Undang seorang, atau cabut kunci ini kalau tidak diperlukan lagi:
