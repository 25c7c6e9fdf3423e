#!/usr/bin/env python3
"""Derive provinces.csv and regencies.csv from idn-area-data (ODbL 1.0).

Usage: derive.py SOURCE_FOLDER
SOURCE_FOLDER holds provinces.csv (code,name) and regencies.csv
(code,province_code,name). Names and codes are taken over unchanged; the short
name, the aliases and the time zone are added here.
"""
import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent

# Spellings people really type, by province code. Joined with "|".
PROVINCE_ALIASES = {
    "11": "NAD|Nanggroe Aceh Darussalam|Atjeh",
    "12": "Sumut|Sumatra Utara|North Sumatra",
    "13": "Sumbar|Sumatra Barat|Ranah Minang|West Sumatra",
    "14": "Prov Riau|Bumi Lancang Kuning",
    "15": "Prov Jambi|Djambi",
    "16": "Sumsel|Sumatra Selatan|South Sumatra",
    "17": "Prov Bengkulu|Bumi Rafflesia",
    "18": "Prov Lampung|Lampong",
    "19": "Babel|Kep Bangka Belitung|Kep. Bangka Belitung",
    "21": "Kepri|Kep Riau|Kep. Riau|Riau Kepulauan",
    "31": "DKI|DKI Jakarta|DKJ|Daerah Khusus Jakarta|Jkt|Ibukota Jakarta",
    "32": "Jabar|West Java|Tatar Sunda",
    "33": "Jateng|Central Java",
    "34": "DIY|DI Yogyakarta|D.I. Yogyakarta|Jogja|Jogjakarta|Yogya",
    "35": "Jatim|East Java",
    "36": "Prov Banten",
    "51": "Pulau Bali|Pulau Dewata",
    "52": "NTB",
    "53": "NTT",
    "61": "Kalbar|West Kalimantan",
    "62": "Kalteng|Central Kalimantan",
    "63": "Kalsel|South Kalimantan",
    "64": "Kaltim|East Kalimantan",
    "65": "Kaltara|North Kalimantan",
    "71": "Sulut|North Sulawesi",
    "72": "Sulteng|Central Sulawesi",
    "73": "Sulsel|South Sulawesi",
    "74": "Sultra|Southeast Sulawesi",
    "75": "Prov Gorontalo|Hulondalo",
    "76": "Sulbar|West Sulawesi",
    "81": "Prov Maluku",
    "82": "Malut|North Maluku|Moloku Kie Raha",
    "91": "Prov Papua",
    "92": "Papbar|West Papua",
    "93": "Papsel|South Papua",
    "94": "Papteng|Central Papua",
    "95": "Papeg|Papua Pengunungan|Highland Papua",
    "96": "PBD|Southwest Papua",
}

PROVINCE_SHORT = {
    "19": "Bangka Belitung",
    "31": "Jakarta",
    "34": "Yogyakarta",
}

# Only well-known short forms and second spellings, by regency code.
REGENCY_ALIASES = {
    "11.05": "Abar", "11.12": "Abdya", "11.73": "Lhok Seumawe",
    "12.01": "Tapteng", "12.02": "Taput", "12.03": "Tapsel", "12.07": "Deliserdang",
    "12.10": "Labuhan Batu", "12.12": "Toba Samosir|Tobasa", "12.13": "Madina",
    "12.16": "Humbahas", "12.18": "Sergai", "12.19": "Batubara", "12.20": "Paluta",
    "12.21": "Palas", "12.22": "Labusel", "12.23": "Labura", "12.72": "Siantar|Pematang Siantar",
    "12.74": "Tanjung Balai", "12.76": "Tebingtinggi", "12.77": "Padang Sidempuan|Padang Sidimpuan|Sidimpuan",
    "12.78": "Gunung Sitoli", "13.01": "Pessel",
    "13.07": "50 Kota|Limapuluh Kota", "13.09": "Mentawai", "13.11": "Solsel", "13.12": "Pasbar",
    "13.73": "Sawah Lunto", "13.74": "Padangpanjang", "13.75": "Bukit Tinggi",
    "14.02": "Inhu", "14.04": "Inhil", "14.06": "Rohul", "14.07": "Rohil", "14.09": "Kuansing",
    "14.10": "Meranti", "14.71": "Pku|Pekan Baru", "15.04": "Batang Hari",
    "15.05": "Muarojambi|Muara Jambi", "15.06": "Tanjabbar|Tanjab Barat", "15.07": "Tanjabtim|Tanjab Timur",
    "15.72": "Sungaipenuh", "16.01": "OKU", "16.02": "OKI", "16.06": "Muba",
    "16.08": "OKU Timur|OKUT", "16.09": "OKU Selatan|OKUS", "16.12": "PALI", "16.13": "Muratara",
    "16.71": "Plg", "16.72": "Pagaralam", "16.73": "Lubuklinggau|Linggau",
    "17.06": "Muko-Muko|Muko Muko", "18.01": "Lamsel", "18.02": "Lamteng", "18.03": "Lampura",
    "18.04": "Lambar", "18.07": "Lamtim", "18.12": "Tubaba", "18.71": "Balam|Bandarlampung",
    "19.71": "Pangkalpinang", "21.05": "Anambas", "21.72": "Tanjungpinang",
    "31.01": "Pulau Seribu|Kep. Seribu|Kep Seribu", "31.71": "Jakpus", "31.72": "Jakut", "31.73": "Jakbar",
    "31.74": "Jaksel", "31.75": "Jaktim",
    "32.01": "Kab Bogor", "32.04": "Kab Bandung", "32.15": "Kerawang", "32.16": "Kab Bekasi",
    "32.17": "KBB", "32.73": "Bdg", "32.78": "Tasik",
    "33.13": "Karang Anyar", "33.72": "Solo|Kota Solo", "33.74": "Smg",
    "34.01": "Kulonprogo", "34.03": "Gunung Kidul", "34.71": "Jogja Kota|Kota Jogja|Kota Yogya",
    "35.78": "Sby|Suroboyo",
    "36.03": "Kab Tangerang", "36.74": "Tangsel",
    "51.71": "Dps", "52.01": "Lobar", "52.02": "Loteng", "52.03": "Lotim", "52.07": "KSB",
    "52.08": "KLU|Lotara",
    "53.02": "TTS", "53.03": "TTU", "53.06": "Flotim", "53.15": "Labuan Bajo",
    "53.18": "SBD", "53.19": "Matim",
    "61.12": "KKR", "61.71": "Ptk", "61.72": "Skw",
    "62.02": "Kotim", "62.71": "Palangka Raya",
    "63.04": "Batola", "63.06": "HSS", "63.07": "HST", "63.08": "HSU",
    "63.10": "Tanbu", "63.71": "Bjm", "63.72": "Banjar Baru",
    "64.02": "Kukar", "64.07": "Kubar", "64.08": "Kutim", "64.09": "PPU", "64.11": "Mahulu",
    "64.71": "Bpn",
    "71.01": "Bolmong", "71.03": "Sangihe", "71.04": "Talaud", "71.05": "Minsel", "71.06": "Minut",
    "71.08": "Bolmut", "71.09": "Sitaro", "71.10": "Boltim", "71.11": "Bolsel",
    "72.04": "Tolitoli", "72.07": "Bangkep", "72.08": "Parimo", "72.09": "Tojo Una-Una|Touna",
    "72.12": "Morut", "73.01": "Selayar", "73.10": "Pangkep", "73.14": "Sidrap", "73.18": "Tator",
    "73.22": "Lutra", "73.24": "Lutim", "73.26": "Torut", "73.71": "Ujung Pandang|Ujungpandang",
    "73.72": "Pare-Pare", "74.05": "Konsel", "74.12": "Konkep", "74.72": "Baubau|Bau-Bau",
    "75.03": "Bonebol", "75.05": "Gorut", "76.01": "Mamuju Utara", "76.04": "Polman",
    "81.01": "Malteng", "81.02": "Malra", "81.03": "KKT|Tanimbar|Maluku Tenggara Barat", "81.05": "SBT",
    "81.06": "SBB", "81.07": "Kep. Aru", "81.08": "MBD", "81.09": "Bursel",
    "82.01": "Halbar", "82.02": "Halteng", "82.03": "Halut", "82.04": "Halsel", "82.05": "Sula",
    "82.06": "Haltim", "82.07": "Morotai", "82.08": "Taliabu", "82.72": "Tidore",
    "91.05": "Yapen|Kep. Yapen|Serui", "91.06": "Biak", "92.03": "Fakfak", "92.07": "Wondama",
    "92.11": "Mansel", "92.12": "Pegaf", "94.04": "Timika", "95.02": "Pegubin", "95.01": "Wamena",
    "95.05": "Mamteng", "95.07": "Lani Jaya", "96.02": "Sorsel",
}

WITA = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
WIT = {"81", "82", "91", "92", "93", "94", "95", "96"}
HEADER = ["code", "parent", "name", "type", "short_name", "aliases", "time_zone"]


def zone(province_code):
    """Legal time zone of a province (Keppres 41/1987 and later practice)."""
    if province_code in WIT:
        return "WIT"
    return "WITA" if province_code in WITA else "WIB"


def short(name):
    return re.sub(r"^(Kabupaten|Kota)( Administrasi)? ", "", name)


def main(source):
    with open(source / "provinces.csv", newline="", encoding="utf-8") as handle:
        provinces = list(csv.DictReader(handle))
    with open(source / "regencies.csv", newline="", encoding="utf-8") as handle:
        regencies = list(csv.DictReader(handle))
    with open(HERE / "provinces.csv", "w", newline="", encoding="utf-8") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(HEADER)
        for row in provinces:
            code = row["code"]
            out.writerow([code, "", row["name"], "provinsi", PROVINCE_SHORT.get(code, row["name"]),
                          PROVINCE_ALIASES.get(code, ""), zone(code)])
    with open(HERE / "regencies.csv", "w", newline="", encoding="utf-8") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(HEADER)
        for row in regencies:
            kind = "kota" if row["name"].startswith("Kota ") else "kabupaten"
            out.writerow([row["code"], row["province_code"], row["name"], kind, short(row["name"]),
                          REGENCY_ALIASES.get(row["code"], ""), zone(row["province_code"])])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
