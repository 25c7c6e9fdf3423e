# Jejaring: lembaga, kesepakatan, dan wilayahnya.

network-kind-kpu = KPU
network-kind-bawaslu = Bawaslu
network-kind-dkpp = DKPP
network-kind-police = Polri
network-kind-prosecution = Kejaksaan
network-kind-komdigi = Komdigi
network-kind-dewan_pers = Dewan Pers
network-kind-kpi = KPI
network-kind-media_association = Asosiasi media
network-kind-association_chapter = Cabang asosiasi
network-kind-newsroom = Media daring
network-kind-campus = Kampus
network-kind-student_body = Organisasi mahasiswa
network-kind-mass_organisation = Organisasi masyarakat
network-kind-fact_check_body = Lembaga cek fakta
network-kind-party = Partai atau tim kampanye
network-kind-operator = Pengelola Kentongan
network-kind-other = Lembaga lain
network-level-national = Pusat
network-level-province = Provinsi
network-level-regency = Kabupaten/kota
network-level-district = Kecamatan
