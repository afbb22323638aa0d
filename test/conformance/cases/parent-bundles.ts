// The bundle of the run that is continued (rules 88 and 90): where it is, and whether it is the one.
import { type CorpusCase, INCOMPLETE, refused, VALID } from "../case.ts";
import { writeChain } from "../chain-writer.ts";
import { alterParent, changeParent, continued, flip } from "../continued.ts";
import { at, changeList, drop, edited, type Json, put } from "../json-edit.ts";
import { child, ended, type LineageRow, lineages } from "../lineage.ts";
import { canonicalize } from "../primitives.ts";
import { SCENARIOS, SEQ } from "../scenarios.ts";
import { amend } from "../step.ts";

const other = writeChain(amend(SCENARIOS.notRun, SEQ.evidence, { items: [] }), { run: "run-0" });

const text = canonicalize(ended.bundle);

const unread: readonly (readonly [name: string, bound: Json])[] = [
  ["no bundle", { a: "parent" }],
  ["no JSON", "{"],
  ["nothing", ""],
  ["a bundle in another spelling", JSON.stringify(ended.bundle, null, 1)],
  ["a bundle and a newline", `${text}\n`],
  ["a bundle with a byte order mark", `\ufeff${text}`],
  ["a bundle that repeats a name", text.replace('"run":', '"run":"run-0","run":')],
  [
    "a bundle of version 1",
    edited(ended.bundle, put("mediaType", "application/vnd.countersign.bundle+json;version=1")),
  ],
  ["a bundle without anchors", edited(ended.bundle, drop("anchors"))],
  ["a bundle with an anchor", edited(ended.bundle, put("anchors", [{}]))],
];

const bundles: readonly LineageRow[] = [
  ...unread.map(
    ([name, bound]): LineageRow => [
      88,
      `that is ${name}`,
      continued(ended, { bound }).bundle,
      refused(88),
      [],
    ],
  ),
  [26, "that is left out", changeParent(child, () => null), refused(26, 0), []],
  [26, "that is no base64", changeParent(child, (old) => `${old}*`), refused(26, 0), []],
  [
    26,
    "that is left out, though the caller holds it",
    changeParent(child, () => null),
    refused(26, 0),
    [VALID],
    { parents: [ended.bundle] },
  ],
  [
    26,
    "altered under its old name",
    alterParent(child, flip("receipts.2.payload")),
    refused(26, 0),
    [refused(6, 2)],
  ],
  [
    90,
    "held by the caller, and is the run itself under its parent's name",
    child,
    refused(90),
    [refused(83), VALID],
    { parents: [edited(child, put("run", "run-0"))] },
  ],
  [
    90,
    "altered where the caller holds it",
    child,
    refused(90),
    [refused(6, 3)],
    { parents: [edited(ended.bundle, flip("receipts.3.payload"))] },
  ],
  [
    90,
    "of the same run, another chain that verifies",
    child,
    refused(90),
    [VALID],
    { parents: [other.bundle] },
  ],
  [
    90,
    "of the same run, the last of three others",
    child,
    refused(90),
    [VALID],
    {
      parents: [
        edited(ended.bundle, flip("receipts.3.payload")),
        edited(ended.bundle, put("receipts", [])),
        other.bundle,
      ],
    },
  ],
  [
    90,
    "of the same run, and of the same bytes but for a receipt",
    child,
    refused(90),
    [INCOMPLETE],
    {
      parents: [
        edited(
          ended.bundle,
          changeList("receipts", (old) => old.slice(0, -1)),
          put("artifacts", artifactsOf(3)),
        ),
      ],
    },
  ],
  [
    88,
    "held by the caller with a lone surrogate, so that it has no canonical bytes",
    child,
    refused(88),
    [],
    { parents: [edited(ended.bundle, put("artifacts.x", "\ud800"))] },
  ],
];

/** The artifacts of the first receipts alone. */
function artifactsOf(receipts: number): Json {
  return at(writeChain(SCENARIOS.notRun.slice(0, receipts), { run: "run-0" }).bundle, "artifacts");
}

export const parentBundleCases: readonly CorpusCase[] = [
  ...lineages(
    "parent's bundle",
    "The first receipt names the parent's bundle by its bytes, in canonical JSON.",
    bundles,
  ),
];
