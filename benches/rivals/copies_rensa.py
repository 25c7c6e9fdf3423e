"""Copy recognition with rensa: the same normalised posts, the same work as `copies.py`.

Character 4-grams, 64 hash values, 16 bands of 4, every post looked up and, when it is new, put
in; candidates are kept when their estimated resemblance reaches 0.5. Prints one JSON object with
processor time.
"""

import json
import sys
import time

from rensa import RMinHash, RMinHashLSH

VALUES = 64
BANDS = 16
RESEMBLANCE = 0.5
SEED = 1


def main(path: str) -> None:
    posts = open(path, encoding="utf-8").read().split("\n")[:-1]
    index = RMinHashLSH(threshold=RESEMBLANCE, num_perm=VALUES, num_bands=BANDS)
    signatures = {}
    copies = 0
    started = time.process_time()
    for number, text in enumerate(posts):
        pieces = list({text[at : at + 4] for at in range(max(1, len(text) - 3))})
        signature = RMinHash(num_perm=VALUES, seed=SEED)
        signature.update(pieces)
        near = (signatures[other].jaccard(signature) for other in index.query(signature))
        if any(resemblance >= RESEMBLANCE for resemblance in near):
            copies += 1
        else:
            index.insert(number, signature)
            signatures[number] = signature
    seconds = time.process_time() - started
    rate = len(posts) / seconds
    print(json.dumps({"posts": len(posts), "copies": copies, "posts_per_core_second": rate}))


main(sys.argv[1])
