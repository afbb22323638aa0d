#!/usr/bin/env python3
"""What verify.py says of every case of the corpus: `python3 judge_corpus.py corpus.json`, a line of JSON for each, `[name, said]`."""
import json
import sys
from verify import Refused, follow, parse_json, verdict, verify


def resolved(value, shared):
    """The value with every {"$ref": n} in it replaced by shared[n]."""
    match value:
        case {"$ref": place, **rest} if not rest: return resolved(shared[int(place)], shared)
        case dict(): return {name: resolved(member, shared) for name, member in value.items()}
        case list(): return [resolved(item, shared) for item in value]
    return value


def judge(case):
    """In the words of the corpus's `expect`."""
    try:
        if "follow" not in case:
            return tell(verify(case["bundle"], case["trust"]))
        runs = follow(case["bundle"], [case["trust"], *case["follow"]["trusts"]], case["follow"]["parents"])
        return tell(runs[0]) | {"parents": [tell(failures) for failures in runs[1:]]}
    except Refused as refusal:
        return {"unusable": str(refusal)}


def tell(failures):
    code, seq = next((failure for failure in failures if failure[0] != "ERR_INCOMPLETE"), (None, None))
    return {"verdict": verdict(failures), "code": code} | ({} if seq is None else {"seq": seq})


with open(sys.argv[1], encoding="utf-8") as file:
    corpus = parse_json(file.read())
for case in corpus["cases"]:
    print(json.dumps([case["name"], judge(resolved(case, corpus["shared"]))]))
