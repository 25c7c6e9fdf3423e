#!/usr/bin/env python3
"""Write posts.jsonl from hoaxes.txt and the sentences of NusaWrites (Apache-2.0).

Usage: derive_posts.py NUSAWRITES_FOLDER

hoaxes.txt holds one hoax per line:
  doc_id;channels;regions;reach;shape;swap;base text;;hand-made variant;;...
An empty doc_id is a hoax that no check answers yet. The remaining variants are
made here by the habits of people who forward messages. No randomness: the same
files give the same output.
"""
import csv
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from check import names_in  # noqa: E402
CHANNELS = {"w": "whatsapp", "x": "x", "f": "facebook", "t": "tiktok", "i": "instagram",
            "g": "telegram", "n": "news"}
SLANG = {"tidak": "gak", "nggak": "gak", "sudah": "udh", "udah": "udh", "yang": "yg", "dengan": "dgn",
         "untuk": "utk", "buat": "bt", "saja": "aja", "dari": "dr", "kalau": "klo", "bisa": "bs", "karena": "krn",
         "sampai": "smp", "jangan": "jgn", "semua": "smua", "dan": "n", "juga": "jg", "banyak": "byk",
         "belum": "blm", "tolong": "tlg", "orang": "org", "kita": "qt", "sebelum": "sblm", "langsung": "lgsg"}
FORMAL = {"gak": "tidak", "nggak": "tidak", "udah": "sudah", "yg": "yang", "ga": "tidak", "buat": "untuk",
          "cuma": "hanya", "kayak": "seperti", "bikin": "membuat", "tau": "tahu", "bilang": "mengatakan",
          "pakai": "menggunakan", "katanya": "kabarnya", "dapat": "memperoleh", "aja": "saja"}
OPENINGS = ["DITERUSKAN: ", "Diteruskan berkali-kali\n", "Copas dari grup sebelah. ", "Info valid!! ",
            "Mohon info admin, ini benar? ", "Dapat kiriman begini, ", "Forward dari teman: "]
ENDINGS = [" Sebarkan sebelum dihapus!!", " Viralkan ya 🙏🙏", " Jangan berhenti di kamu", " #pemilu #viral #fyp",
           " Bantu share 🙏", " Semoga bermanfaat", " Mohon diteruskan ke grup keluarga"]
FACES = ["😱😱", "🔥", "😡", "🤔🤔", "🙏", "😭", "👀", "❗❗"]
HAND_MADE_MAX = 3
PASSES, DAILY_PASSES = 7, 5
ORDER = ("id", "jav", "id", "sun", "id", "min", "bew", "id", "mixed", "id", "jav")
EVERYDAY = {"id": 620, "jav": 250, "sun": 230, "min": 170, "bew": 130, "mixed": 110}


def swap_words(text, table):
    return re.sub(r"[A-Za-z]+", lambda m: table.get(m.group(0).lower(), m.group(0)), text)


def shout(text, start):
    """Capitals from word `start` for a third of the message."""
    words = text.split(" ")
    end = start + max(3, len(words) // 3)
    return " ".join(w.upper() if start <= i < end else w for i, w in enumerate(words))


def cut(text, share):
    words = text.split(" ")
    return " ".join(words[:max(5, int(len(words) * share))]).rstrip(",.") + "..."


def slip(text, step):
    """Typing slips: every `step`-th long word loses its first inner vowel or has two letters swapped."""
    out, seen = [], 0
    for word in text.split(" "):
        if len(word) > 5 and word.isalpha():
            seen += 1
            if seen % step == 0:
                shorter = word[0] + re.sub("[aiueo]", "", word[1:], count=1)
                word = shorter if seen % (2 * step) else word[:2] + word[3] + word[2] + word[4:]
        out.append(word)
    return " ".join(out)


def replaced(text, swap):
    old, new = swap.split(">")
    changed = re.sub(re.escape(old), new, text, flags=re.IGNORECASE)
    return None if changed == text else changed


def mutations(number, base, swap):
    """Variants of one base text in a fixed order; which ones depends on its number."""
    def pick(items, add=0):
        return items[(number + add) % len(items)]
    yield pick(OPENINGS) + base
    yield replaced(base, swap)
    yield base.rstrip(".") + "." + pick(ENDINGS)
    yield swap_words(base, SLANG)
    yield shout(base, number % 4) + " " + pick(FACES)
    yield cut(base, 0.72)
    yield slip(base, 2) + " " + pick(FACES, 3)
    yield pick(OPENINGS, 3) + swap_words(base, SLANG) + pick(ENDINGS, 2)
    yield base.upper() + "!!!"
    yield swap_words(base, FORMAL)
    yield pick(FACES, 1) + " " + cut(swap_words(base, SLANG), 0.8) + " cek komentar"


def hoaxes():
    lines = (HERE / "hoaxes.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        head, *hand_made = line.split(";;")
        doc, channels, regions, reach, shape, swap, base = head.split(";", 6)
        wanted = 6 + (number * 5) % 6 + len(hand_made[:HAND_MADE_MAX])
        variants = []
        for text in [*hand_made[:HAND_MADE_MAX], *mutations(number, base, swap)]:
            if text and text != base and text not in variants:
                variants.append(text)
        low, high = reach.split("-")
        yield {"kind": "hoax", "of": f"peraga:{doc}" if doc else None, "text": base,
               "variants": variants[:wanted], "channels": [CHANNELS[c] for c in channels],
               "regions": regions.split("|"), "reach": [int(low), int(high)], "shape": shape}


# A sentence stays only when it talks about daily matters and holds nothing that
# could name a person, point somewhere or hurt.
DAILY = re.compile(r"\b(makan|makanan|motor|mobil|harga|tempat|enak|pagi|siang|sore|malam|hujan|panas|kopi|sekolah|"
                   r"kerja|film|jalan|macet|masak|menu|rasa|nasi|ayam|bakso|mie|murah|pantai|liburan|belanja|baju|"
                   r"sepatu|hp|lagu|buku|kuliah|tugas|tidur|minum|es|sambal|ikan|soto|kue|lokasi|nyaman|lampu|"
                   r"pemandangan|suasana|keluarga|teman|olahraga|nonton|rumah|hari|besok|semangat|belajar|main|"
                   r"capek|ngantuk|senang|bahagia|lucu|kangen|pulang|kereta|bus|pasar|warung|anak|ibu|bapak)\b", re.I)
HOTEL = re.compile(r"\b(kamar|hotel|sprei|handuk|wifi|ac|toilet|shower|nginap|menginap|resepsionis|receptionist|"
                   r"kolam|kasur|bantal|sarapan|breakfast|staf|staff|check|chek|channel|tv|pelayanan|air panas|wc|snack|lobby|bed|"
                   r"cemilan|swower|anduk|kebersihan|sprey|seprai|seprei|lantai|fasilitas|petugas|bersih|kotor|menu)", re.I)
HOTEL_SHARE = 0.4
SIGNS = re.compile(r"http|www|\.com|[@#\[\]<>|{}*_~\\]|\d{5,}")
WORDS = re.compile(r"\b(rt|by|bom|dpr|kpk|tai|bir|gay|asu|su|doa|babi|suku|cina|china|mati|mayat|sex|seks|fak|fuck|shit|"
                   r"airy|traveloka|gojek|grab|setan|gila|bego|muka|pacar|mantan|sayang|sayangku|cium|peluk|jablay|bini|"
                   r"istri|suami|cinta|dia|jomblo|airyrooms|oyo|reddoorz|ganja|mabuk|kiblat|bgsd|anjir|anjrit|sby|andien|audy|ello|path)\b", re.I)
STEMS = re.compile(r"\b(presiden|menteri|gubernur|bupati|partai|pilpres|pilkada|pemilu|caleg|capres|politik|kampanye|"
                   r"korupsi|koruptor|polisi|tentara|teroris|bunuh|membunuh|meninggal|perkosa|porno|bugil|ngentot|anjing|"
                   r"bangsat|goblo|tolol|kontol|memek|jancok|jancuk|kafir|islam|muslim|kristen|hindu|buddha|yahudi|gereja|"
                   r"masjid|pendeta|ustad|ustaz|nabi|allah|tuhan|agama|pribumi|papua|banci|homo|lesbi|janda|cewe|cowo|"
                   r"perawan|pelacur|narkoba|miras|judi|selingkuh|bencong|brengsek|bajingan|monyet|kampret|sialan|gendut|"
                   r"lonte|sholat|shalat|salat|puasa|ramadhan|ramadan|lebaran|natal|surga|neraka|kntl|pemerintah|negara|"
                   r"sakit hati|jhon|penipu|solat|aurat|istig|baristig|istiq|tudung|bukber|kerudung|hijab|jilbab|syar|subuh|nikah|kawin|"
                   r"awek|wadon|perempuan|wanita|padusi|lelaki|hamil|kurus|gemuk|bobot|feminis|via|tak|jugak|korang|cikgu|"
                   r"kutu|muntah|sperma|oppai|cabul|pencabul|tewas|memukul|kanker|peneliti|ilmiah|dokter|vonis|divonis|penyakit|trauma|"
                   r"hell|wudhu|sajadah|nafsu|napsu|cyra|sule|kaocha|aim|isya|stress|nak|depa|opah|atuk|atok|lepastu|cuba|diorng|almari|pasal|engkau|mak|"
                   r"zat|konon|katanya|afgan|anis|nold|permata|wardah|hanying|pontianak|pejabat|pajabat|kabinet|rakyat|hukum|sidang|hina|kecelakaan|amp|vyt|retweet|follow|dirham|tumbang|drama|kpop|exo|bts|persib|persija)", re.I)
CAPITAL_INSIDE = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")
MIN_LENGTH, MAX_LENGTH = 30, 200


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


def usable(text):
    return (not names_in(text) and MIN_LENGTH <= len(text) <= MAX_LENGTH and text.isprintable() and bool(re.match(r"[A-Za-zÀ-ÿ]", text))
            and not any(rule.search(text) for rule in (SIGNS, WORDS, STEMS, CAPITAL_INSIDE)))


def mixed(one, other):
    """First half in Indonesian, the rest in the regional language."""
    head, tail = one.split(" "), other.split(" ")
    return " ".join(head[:len(head) // 2] + tail[len(tail) // 2:])


def sentences(folder, lang):
    rows = {}
    for part in ("train", "test"):
        with open(folder / f"nusa_kalimat-mt-{lang}-{part}.csv", newline="", encoding="utf-8") as handle:
            rows |= {r["id"]: (plain(r["ind_text"]), plain(r["tgt_text"])) for r in csv.DictReader(handle)}
    return rows


def everyday(folder):
    """Sentences in turn by language; later passes give a source sentence in another language."""
    tables = {lang: sentences(folder, lang) for lang in ("jav", "sun", "min", "bew")}
    wanted, given, turn, hotels = dict(EVERYDAY), set(), 0, 0
    for turn_over in range(PASSES):
        for key, (indonesian, _) in tables["jav"].items():
            about_hotel = bool(HOTEL.search(indonesian))
            if not usable(indonesian) or not (about_hotel or turn_over >= DAILY_PASSES or DAILY.search(indonesian)):
                continue
            if about_hotel and hotels >= HOTEL_SHARE * (len(given) + 1):
                continue
            turn += 1
            lang = ORDER[turn % len(ORDER)]
            regional = tables[("jav", "sun", "bew")[turn % 3]] if lang == "mixed" else tables.get(lang, {})
            text = indonesian if lang == "id" else regional.get(key, ("", ""))[1]
            if lang == "mixed" and text:
                text = mixed(indonesian, text)
            if wanted[lang] and text not in given and usable(text):
                wanted[lang] -= 1
                given.add(text)
                hotels += about_hotel
                yield {"kind": "everyday", "text": text, "lang": lang}


def main(folder):
    with open(HERE / "posts.jsonl", "w", encoding="utf-8") as handle:
        for row in [*hoaxes(), *everyday(folder)]:
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
