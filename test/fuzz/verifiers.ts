// A differential fuzz of the two verifiers: chains of the corpus, changed at random places, linked and signed again, and judged by
// TypeScript and by Python. Prints every chain on which they differ; exits 1 if there is one.
//
//     node test/fuzz/verifiers.ts [chains] [seed]
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { UnusableInputError, verify } from "../../src/chain/index.ts";
import { type KeyName, signerOf } from "../conformance/fixed-keys.ts";
import { isRecord, type Json } from "../conformance/json-edit.ts";
import {
  canonicalBytes,
  digestOf,
  fromBase64,
  preAuthEncode,
  sha256Hex,
  toBase64,
} from "../conformance/primitives.ts";
import { readCorpus } from "../conformance/read-corpus.ts";

const [chains = 20_000, seed = 1] = process.argv.slice(2).map(Number);
const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const conformance = join(import.meta.dirname, "../conformance");

/** A small generator of its own (mulberry32), so that a seed gives the same chains everywhere. */
let state = seed;
function random(below: number): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;

interface Bundle {
  readonly mediaType: string;
  readonly run: string;
  readonly receipts: Json[];
  readonly artifacts: Record<string, string>;
  readonly anchors: Json[];
}

const keyOf = new Map(
  (["agent", "human", "runtime", "agent2", "human2", "runtime2"] as const).map((name) => [
    signerOf(name).kid,
    name,
  ]),
);

/** Cases whose chains are whole and signed with fixed keys. */
const subjects = readCorpus(readFileSync(join(conformance, "corpus.json"), "utf8")).flatMap((each) => {
  const { bundle, trust, expect } = each as unknown as {
    bundle: Json;
    trust: Json;
    expect: { verdict?: string };
  };
  const isWhole = expect.verdict === "valid" || expect.verdict === "incomplete";
  if (!isWhole || !isRecord(bundle) || JSON.stringify(bundle).length > 60_000) return [];
  return [{ bundle: bundle as unknown as Bundle, trust }];
});

/** Values that stand somewhere in the corpus, by the name of their member. */
const pool = new Map<string, Json[]>();
function learn(name: string, value: Json): void {
  const known = pool.get(name) ?? [];
  if (known.length < 200) known.push(value);
  pool.set(name, known);
  if (Array.isArray(value)) for (const item of value) learn(name, item);
  else if (isRecord(value)) for (const [inner, member] of Object.entries(value)) learn(inner, member);
}
const ODD: readonly Json[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  "",
  "x",
  "unknown",
  [],
  {},
  9007199254740991,
  "sha256:0",
];

function places(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inner = Array.isArray(value)
    ? value.flatMap((item, i) => places(item, [...path, i]))
    : isRecord(value)
      ? Object.entries(value).flatMap(([name, member]) => places(member, [...path, name]))
      : [];
  return [path, ...inner];
}

/** Changes one place: another value of the same name, an odd one, a small step, a member more or less. */
function mutate(root: Json): Json {
  const copy = structuredClone(root) as Json;
  const all = places(copy).slice(1);
  if (all.length === 0) return pick(ODD);
  const path = pick(all);
  const last = path.at(-1) as string | number;
  const owner = path
    .slice(0, -1)
    .reduce<Json>((part, name) => (part as never)[name], copy) as never as Record<string, Json>;
  const old = owner[last] as Json;
  const name = String([...path].reverse().find((step) => typeof step === "string") ?? "");
  switch (random(10)) {
    case 0:
      owner[last] = pick(ODD);
      break;
    case 1:
      if (Array.isArray(owner)) owner.splice(Number(last), 1);
      else delete owner[last];
      break;
    case 2:
      if (Array.isArray(owner)) owner.push(old);
      else owner[pick(["extra", "reason", "edit", "role"])] = old;
      break;
    case 3:
    case 4:
    case 5:
      owner[last] =
        typeof old === "number" ? old + pick([-1, 1]) : typeof old === "string" ? nudge(old) : pick(ODD);
      break;
    default:
      owner[last] = pick(pool.get(name) ?? ODD);
  }
  return copy;
}

function nudge(text: string): string {
  const at = random(text.length + 1);
  return pick([
    text.slice(0, at) + text.slice(at + 1),
    `${text.slice(0, at)}0${text.slice(at)}`,
    text.toUpperCase(),
  ]);
}

const decode = (base64: string) =>
  JSON.parse(new TextDecoder().decode(fromBase64(base64) ?? new Uint8Array())) as Json;

/** Changes one or two receipts or artifacts, and links and signs everything after it again. */
function forge({ receipts, artifacts, ...rest }: Bundle): Bundle {
  const renamed = new Map<string, string>();
  const packed = { ...artifacts };
  const rename = (text: string) => text.replace(/[0-9a-f]{64}/g, (hex) => renamed.get(hex) ?? hex);
  if (random(3) === 0) {
    const [hex, base64] = pick(Object.entries(artifacts));
    try {
      const bytes = canonicalBytes(mutate(decode(base64)));
      const name = sha256Hex(bytes);
      renamed.set(hex, name);
      delete packed[hex];
      packed[name] = toBase64(bytes);
    } catch {
      // The artifact is no JSON: another kind of change will have to do.
    }
  }
  const changed = new Set([random(receipts.length), ...(random(3) === 0 ? [random(receipts.length)] : [])]);
  const signed = receipts.map((envelope, i) => {
    const { payload, signatures } = envelope as unknown as {
      payload: string;
      signatures: { keyid: string }[];
    };
    let statement = JSON.parse(rename(JSON.stringify(decode(payload)))) as Json;
    if (changed.has(i) && (renamed.size === 0 || random(4) === 0)) statement = mutate(statement);
    const keyid = signatures[0]?.keyid ?? "";
    const signer = signerOf(keyOf.get(keyid) as KeyName);
    const bytes = canonicalBytes(statement);
    const again: Json = {
      payloadType: PAYLOAD_TYPE,
      payload: toBase64(bytes),
      signatures: [{ keyid, sig: toBase64(signer.sign(preAuthEncode(PAYLOAD_TYPE, bytes))) }],
    };
    const [was, is] = [envelope, again].map((one) => digestOf(canonicalBytes(one)).slice("sha256:".length));
    if (was && is && was !== is) renamed.set(was, is);
    return again;
  });
  return { ...rest, receipts: signed, artifacts: packed };
}

async function judge(bundle: Bundle, trust: Json): Promise<string> {
  try {
    const { report } = await verify(bundle, trust);
    const first = report.checks.find(({ ok, code }) => !ok && code !== "ERR_INCOMPLETE");
    return JSON.stringify([report.verdict, first?.code ?? null, first?.seq ?? null]);
  } catch (error) {
    if (error instanceof UnusableInputError) return JSON.stringify([error.code]);
    throw error;
  }
}

const python = spawn("python3", [join(conformance, "verify.py"), "--serve"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
async function askPython(bundle: Bundle, trust: Json): Promise<string> {
  python.stdin.write(`${JSON.stringify({ bundle, trust })}\n`);
  const { value } = await answers.next();
  const said = JSON.parse(value ?? "{}");
  return JSON.stringify(said.unusable ? [said.unusable] : [said.verdict, said.code, said.seq ?? null]);
}

for (const { bundle, trust } of subjects) {
  learn("trust", trust);
  for (const envelope of bundle.receipts)
    learn("statement", decode((envelope as never as { payload: string }).payload));
}
const usable = subjects.filter(({ bundle }) =>
  bundle.receipts.every((one) =>
    keyOf.has((one as never as { signatures: { keyid: string }[] }).signatures[0]?.keyid ?? ""),
  ),
);
const verdicts = new Map<string, number>();
let differ = 0;
for (let i = 0; i < chains; i += 1) {
  const { bundle, trust } = pick(usable);
  const forged = forge(bundle);
  const policy = random(8) === 0 ? mutate(trust) : trust;
  const [ours, theirs] = await Promise.all([judge(forged, policy), askPython(forged, policy)]);
  const code = JSON.parse(ours).at(ours.includes(",") ? 1 : 0) ?? JSON.parse(ours)[0];
  verdicts.set(code, (verdicts.get(code) ?? 0) + 1);
  if (ours === theirs) continue;
  differ += 1;
  console.log(`chain ${i}: TypeScript ${ours}, Python ${theirs}`);
  if (differ <= 3) console.log(JSON.stringify({ bundle: forged, trust: policy }).slice(0, 20_000));
}
python.stdin.end();
const spread = [...verdicts].sort(([, a], [, b]) => b - a).map(([code, count]) => `${code} ${count}`);
console.log(`${chains} chains, ${differ} disagreements; ${spread.length} answers: ${spread.join(", ")}`);
process.exitCode = differ === 0 ? 0 : 1;
