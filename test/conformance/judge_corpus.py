#!/usr/bin/env python3
"""What verify.py says of every case of the corpus: `python3 judge_corpus.py corpus.json`, a line of JSON for each, `[name, said]`."""
import json
import sys
from verify import Refused, parse_json, verify


def resolved(value, shared):
    """The value with every {"$ref": n} in it replaced by shared[n]."""
    match value:
        case {"$ref": place, **rest} if not rest: return resolved(shared[int(place)], shared)
        case dict(): return {name: resolved(member, shared) for name, member in value.items()}
        case list(): return [resolved(item, shared) for item in value]
    return value


def judge(bundle, trust):
    """In the words of the corpus's `expect`."""
    try:
        failures = verify(bundle, trust)
    except Refused as refusal:
        return {"unusable": str(refusal)}
    code, seq = failures[0] if failures else (None, None)
    if code in (None, "ERR_INCOMPLETE"):
        return {"verdict": "incomplete" if code else "valid", "code": None}
    return {"verdict": "invalid", "code": code} | ({} if seq is None else {"seq": seq})


with open(sys.argv[1], encoding="utf-8") as file:
    corpus = parse_json(file.read())
for case in corpus["cases"]:
    print(json.dumps([case["name"], judge(*(resolved(case[name], corpus["shared"]) for name in ("bundle", "trust")))]))
