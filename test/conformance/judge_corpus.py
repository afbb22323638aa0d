#!/usr/bin/env python3
"""What verify.py says of every case of the corpus: `python3 judge_corpus.py corpus.json`, a line of JSON for each, `[name, said]`."""
import json
import sys
from canonical import parse_json
from verify import answer


def resolved(value, shared):
    """The value with every {"$ref": n} in it replaced by shared[n], and every {"$join": parts} by one text."""
    match value:
        case {"$ref": place, **rest} if not rest: return resolved(shared[int(place)], shared)
        case {"$join": parts, **rest} if not rest: return "".join(part if isinstance(part, str) else part[0] * int(part[1]) for part in parts)
        case dict(): return {name: resolved(member, shared) for name, member in value.items()}
        case list(): return [resolved(item, shared) for item in value]
    return value


with open(sys.argv[1], encoding="utf-8") as file:
    corpus = parse_json(file.read())
for each in corpus["cases"]:
    print(json.dumps([each["name"], answer(resolved(each, corpus["shared"]))]))
