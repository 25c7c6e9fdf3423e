#!/usr/bin/env python3
"""Check the reference data. Prints what is wrong and exits 1 when anything is."""
import collections
import csv
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
PROBLEMS = []

VERDICTS = {"false", "misleading", "partly_true", "true", "unproven"}
DECEPTIONS = {"satire", "misleading", "impostor", "fabricated", "false_connection",
              "false_context", "manipulated"}
CHANNELS = {"x", "tiktok", "facebook", "whatsapp", "instagram", "telegram", "news"}
SHAPES = {"rising", "steady", "fading", "burst"}
ROLES = {"reader", "editor", "reviewer", "officer", "coordinator", "administrator"}
LANGUAGES = {"id", "jav", "sun", "min", "bew", "mixed"}
ZONES = {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
DATE = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
MIN_FACT_CHECKS = 150
MIN_VARIANTS, MAX_VARIANTS = 6, 14
JACCARD_RANGE = (0.35, 0.98)
JACCARD_SHARE = 0.80

# Family and stage names of public figures that circulate in hoaxes. None may
# appear: people are named by their office or candidate number.
NAMES = """
jokowi joko widodo prabowo subianto anies baswedan ganjar pranowo gibran rakabuming mahfud muhaimin
cak imin kaesang ma'ruf sandiaga sandi uno megawati puan maharani luhut sri mulyani ahok
basuki tjahaja ridwan kamil yudhoyono sby ahy hasyim asy'ari bagja arief budiman husni kamil
khofifah bobby nasution dedi mulyadi surya paloh hasto rizieq pramono anung airin sherly nadiem
erick thohir terawan budi gunawan listyo tito karnavian bahlil purbaya rocky gerung raffi ahmad
""".split()
PHRASES = ["joko widodo", "sri mulyani", "cak imin", "sandiaga", "ma'ruf amin", "ridwan kamil",
           "arief budiman", "hasyim asy", "raffi ahmad", "rocky gerung", "dedi mulyadi"]
# Ordinary words that also stand in the list above.
ORDINARY = {"budi", "cak", "sri", "kamil", "ahmad", "gunawan", "sandi", "puan", "mulyani", "uno", "surya", "bagja"}
BLACKLIST = [name for name in NAMES if name not in ORDINARY] + PHRASES


def problem(where, what):
    PROBLEMS.append(f"{where}: {what}")


def json_lines(name):
    rows = []
    for number, line in enumerate((HERE / name).read_text(encoding="utf-8").splitlines(), 1):
        try:
            rows.append(json.loads(line))
        except ValueError as error:
            problem(f"{name}:{number}", error)
    return rows


def names_in(text):
    """Blacklisted names that stand as whole words in the text."""
    return [n for n in BLACKLIST if re.search(rf"(?<!\w){re.escape(n)}(?!\w)", text.lower())]


def grams(text, size=4):
    """Set of character n-grams of the text in lower case, runs of non-letters as one space."""
    flat = re.sub(r"[\W_]+", " ", text.lower()).strip()
    return {flat[i:i + size] for i in range(max(1, len(flat) - size + 1))}


def jaccard(one, other):
    a, b = grams(one), grams(other)
    return len(a & b) / len(a | b)


def check_regions():
    codes = set()
    for name, rows_wanted in (("provinces", 38), ("regencies", 514)):
        where = f"regions/{name}.csv"
        with open(HERE / where, newline="", encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle))
        if len(rows) != rows_wanted:
            problem(where, f"{len(rows)} rows, wanted {rows_wanted}")
        aliases = collections.Counter()
        for row in rows:
            if row["code"] in codes:
                problem(where, f"code {row['code']} twice")
            if row["parent"] and row["parent"] not in codes:
                problem(where, f"{row['code']} has unknown parent {row['parent']}")
            if row["time_zone"] not in {"WIB", "WITA", "WIT"}:
                problem(where, f"{row['code']} has time zone {row['time_zone']}")
            codes.add(row["code"])
            aliases.update(a.lower() for a in row["aliases"].split("|") if a)
        for alias, count in aliases.items():
            if count > 1:
                problem(where, f"alias {alias!r} stands for {count} areas")
    return codes


def check_election(codes):
    for path in sorted((HERE / "election").glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                if row["kode_kemendagri"] not in codes:
                    problem(f"election/{path.name}", f"unknown code {row['kode_kemendagri']}")
    for cycle in json.loads((HERE / "election/timeline.json").read_text(encoding="utf-8")).values():
        for stage in cycle["stages"]:
            for edge in ("start", "end"):
                if stage[edge] is not None and not DATE.match(stage[edge]):
                    problem("election/timeline.json", f"date {stage[edge]} in {stage['stage']}")


def check_network(codes):
    where = "demo/network.json"
    network = json.loads((HERE / where).read_text(encoding="utf-8"))
    organisations = network["organisations"]
    ids = [o["id"] for o in organisations]
    ids += [m["id"] for o in organisations for m in o["members"]]
    emails = [m["email"] for o in organisations for m in o["members"]]
    for value, count in collections.Counter(ids + emails).items():
        if count > 1:
            problem(where, f"{value} {count} times")
    kinds = collections.Counter(o["kind"] for o in organisations)
    if kinds != {"kpu": 1, "bawaslu": 1, "association": 2, "newsroom": 6}:
        problem(where, f"kinds {dict(kinds)}")
    for organisation in organisations:
        if organisation["region"] is not None and organisation["region"] not in codes:
            problem(where, f"unknown region {organisation['region']}")
        if not organisation["homepage"].endswith(".example"):
            problem(where, f"homepage {organisation['homepage']} outside .example")
        for parent in organisation["member_of"]:
            if parent not in ids:
                problem(where, f"{organisation['id']} is a member of unknown {parent}")
        for member in organisation["members"]:
            if member["role"] not in ROLES or member["time_zone"] not in ZONES:
                problem(where, f"role or time zone of {member['id']}")
            if not member["email"].endswith(".example"):
                problem(where, f"email {member['email']} outside .example")
    return {o["id"] for o in organisations}


def check_statements(organisations):
    for number, row in enumerate(json_lines("demo/statements.jsonl"), 1):
        where = f"demo/statements.jsonl:{number}"
        if row["org"] not in organisations:
            problem(where, f"unknown org {row['org']}")
        if not DATE.match(row["date"]):
            problem(where, f"date {row['date']}")
        for name in names_in(row["title"] + " " + row["body"]):
            problem(where, f"names a person: {name}")


def check_fact_checks(codes):
    where = "demo/fact-checks.jsonl"
    rows = json_lines(where)
    seen = collections.Counter(row["doc_id"] for row in rows)
    claims = collections.Counter(row["claim"].lower() for row in rows)
    if len(rows) < MIN_FACT_CHECKS:
        problem(where, f"{len(rows)} rows, wanted {MIN_FACT_CHECKS}")
    for value, count in (seen + claims).items():
        if count > 1:
            problem(where, f"{value} {count} times")
    for row in rows:
        at = f"{where} {row['doc_id']}"
        if row["verdict"] not in VERDICTS or row["deception"] not in DECEPTIONS | {None}:
            problem(at, f"verdict {row['verdict']} or deception {row['deception']}")
        if (row["verdict"] == "true") != (row["deception"] is None):
            problem(at, "exactly the true ones have no deception category")
        if not DATE.match(row["date"]):
            problem(at, f"date {row['date']}")
        if row["url"] is not None and not row["url"].startswith(("https://", "http://")):
            problem(at, f"url {row['url']}")
        if row.get("region") is not None and row["region"] not in codes:
            problem(at, f"unknown region {row['region']}")
        for name in names_in(row["claim"] + " " + row["explanation"]):
            problem(at, f"names a person: {name}")
    if not any(row["verdict"] == "true" for row in rows):
        problem(where, "no check says true")
    return set(seen)


def check_hoax(row, where, codes, doc_ids):
    """Check one replayed hoax; returns its (variants, variants close to the base)."""
    if row["of"] is not None and row["of"] not in doc_ids:
        problem(where, f"answers unknown check {row['of']}")
    if not MIN_VARIANTS <= len(row["variants"]) <= MAX_VARIANTS:
        problem(where, f"{len(row['variants'])} variants")
    if len(set(row["variants"]) | {row["text"]}) != len(row["variants"]) + 1:
        problem(where, "the same text twice")
    if not set(row["channels"]) <= CHANNELS or not row["channels"]:
        problem(where, f"channels {row['channels']}")
    if not set(row["regions"]) <= codes:
        problem(where, f"unknown region in {row['regions']}")
    if row["shape"] not in SHAPES or not 0 < row["reach"][0] <= row["reach"][1]:
        problem(where, f"shape {row['shape']} or reach {row['reach']}")
    for text in [row["text"], *row["variants"]]:
        for name in names_in(text):
            problem(where, f"names a person: {name}")
    low, high = JACCARD_RANGE
    return len(row["variants"]), sum(low <= jaccard(row["text"], v) <= high for v in row["variants"])


def check_posts(codes, doc_ids):
    name = "demo/posts.jsonl"
    rows = json_lines(name)
    variants = close = everyday = 0
    texts = collections.Counter()
    for number, row in enumerate(rows, 1):
        where = f"{name}:{number}"
        texts[row["text"]] += 1
        if row["kind"] == "hoax":
            count, near = check_hoax(row, where, codes, doc_ids)
            variants, close = variants + count, close + near
        elif row["kind"] == "everyday":
            everyday += 1
            if row["lang"] not in LANGUAGES:
                problem(where, f"lang {row['lang']}")
            for found in names_in(row["text"]):
                problem(where, f"names a person: {found}")
        else:
            problem(where, f"kind {row['kind']}")
    for text, count in texts.items():
        if count > 1:
            problem(name, f"{text[:50]!r} {count} times")
    share = close / max(1, variants)
    if share < JACCARD_SHARE:
        problem(name, f"only {share:.2f} of the variants are close to their base")
    print(f"posts: {len(rows) - everyday} hoaxes, {variants} variants ({share:.2f} close), {everyday} everyday")


def check_folders():
    for folder in sorted(p for p in HERE.iterdir() if p.is_dir() and not p.name.startswith((".", "__"))):
        if not (folder / "SOURCE").is_file():
            problem(folder.name, "no SOURCE")
        if not any((folder / n).is_file() for n in ("LICENCE", "LICENSE")):
            problem(folder.name, "no LICENCE")


def main():
    check_folders()
    codes = check_regions()
    check_election(codes)
    organisations = check_network(codes)
    if (HERE / "demo/statements.jsonl").exists():
        check_statements(organisations)
    if (HERE / "demo/fact-checks.jsonl").exists():
        doc_ids = check_fact_checks(codes)
        if (HERE / "demo/posts.jsonl").exists():
            check_posts(codes, doc_ids)
    for line in PROBLEMS:
        print(line, file=sys.stderr)
    return 1 if PROBLEMS else 0


if __name__ == "__main__":
    sys.exit(main())
