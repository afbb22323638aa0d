#!/usr/bin/env node
// `countersign-watch`: follows a deployment's log, and tells what was decided and whether anything is wrong with it. Made for cron.
import { readFileSync, renameSync } from "node:fs";
import { parseArgs } from "node:util";
import { readTrustPolicy } from "../chain/index.ts";
import { plainName, plainText } from "./plain-text.ts";
import { complain, print } from "./print.ts";
import { readBytes, readSource } from "./read-source.ts";
import { type Look, lookAtLog, unwatched, type Watched } from "./watch-log.ts";
import { writeFlushed } from "./witness-state.ts";

const USAGE = `usage: countersign-watch --trust <policy> --state <file> [--reviewer <id>]… [--still <hours>]

Looks at the log that a trust policy names, from where it was last seen, and tells every decision since then.

  --trust <policy>   a file or URL: a deployment's /.well-known/countersign.json, kept by you. Its log and witnesses are believed
  --state <file>     what was seen; made at the first look. Keep it: without it a log that was set back looks new
  --reviewer <id>    tell only the decisions of this reviewer, and everything that is wrong; may be repeated
  --still <hours>    for how long the log may stand still before that is told; 24 unless said otherwise
  --help             print this

exit codes: 0 all is well, 1 the log contradicts itself (forked, shrank, badly signed, or two histories of one run),
2 unusable arguments, or it cannot be read, 3 it stands still. What is wrong is on standard error.`;

process.exitCode = await main(process.argv.slice(2));

interface Asked {
  readonly trust: string;
  readonly state: string;
  readonly reviewers: readonly string[];
  readonly still: number;
}

async function main(argv: string[]): Promise<number> {
  let asked: Asked | null;
  try {
    asked = readArguments(argv);
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
  try {
    if (asked) return await watch(asked);
    await print(USAGE);
    return 0;
  } catch (error) {
    return complain(plainText(error instanceof Error ? error.message : String(error)));
  }
}

function readArguments(args: string[]): Asked | null {
  const { values } = parseArgs({
    args,
    options: {
      trust: { type: "string" },
      state: { type: "string" },
      reviewer: { type: "string", multiple: true },
      still: { type: "string", default: "24" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const { trust, state, reviewer = [] } = values;
  if (trust === undefined || state === undefined)
    throw new Error("expected --trust <policy> and --state <file>");
  const still = Number(values.still);
  if (!(still > 0)) throw new Error("expected --still <hours>, more than 0");
  return { trust, state, reviewers: reviewer, still };
}

async function watch({ trust, state, reviewers, still }: Asked): Promise<number> {
  const source = await readSource(trust);
  if (!source.ok) throw new Error(source.refusal.message);
  const policy = readTrustPolicy(source.value);
  if (!policy.ok) throw new Error(`${policy.refusal.code}: ${policy.refusal.message}`);
  const { log } = policy.value;
  const [named] = log?.logs.filter(({ url }) => url !== null) ?? [];
  if (!log || !named?.url) throw new Error("the trust policy names no log with an address");
  const { url } = named;
  const now = Math.floor(Date.now() / 1000);
  const before = readState(state, named.key.name) ?? unwatched(named.key.name, now);
  const look = await lookAtLog(log, before, (path) => readBytes(`${url}/${path}`), now);
  // Flushed and then put in place: a watcher that forgets half of what it saw could be shown something else.
  writeFlushed(`${state}.new`, JSON.stringify(look.watched));
  renameSync(`${state}.new`, state);
  await print(told(look, reviewers).join("\n"));
  const faults = [...look.faults, ...look.watched.clashes];
  for (const fault of faults) console.error(plainText(fault, 2000));
  if (look.faults.length > 0) {
    writeFlushed(`${state}.evidence`, look.checkpoint);
    console.error(
      `the checkpoint that says so is in ${state}.evidence; what was seen before stays in ${state}`,
    );
  }
  if (faults.length > 0) return 1;
  const hours = (now - look.watched.grownAt) / 3600;
  if (hours < still) return 0;
  console.error(`the log stands still: it has not grown for ${Math.floor(hours)} hours`);
  return 3;
}

/** What was seen before; null at the first look. A file that cannot be read is not taken for that. */
function readState(path: string, origin: string): Watched | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, "code") === "ENOENT") return null;
    throw error;
  }
  const watched: Watched = JSON.parse(text);
  if (watched.version === 1 && watched.origin === origin) return watched;
  throw new Error(`${path} is not what was seen of ${origin}`);
}

function told({ watched, leaves, strange, seen }: Look, reviewers: readonly string[]): string[] {
  const wanted = leaves.filter(
    ({ reviewer }) => reviewers.length === 0 || (reviewer !== null && reviewers.includes(reviewer)),
  );
  const witnesses =
    seen?.witnesses.map(({ name, time }) => `${name} at ${new Date(time * 1000).toISOString()}`) ?? [];
  return [
    ...wanted.map(({ index, run, seq, kind, reviewer, receipt, issuer }) => {
      const who = reviewer === null ? "ended" : `decided by ${plainName(reviewer)}`;
      return `${index} ${kind} ${plainName(run)} ${who}, receipt ${seq} ${receipt} of ${plainName(issuer)}`;
    }),
    ...(strange > 0 ? [`${strange} entries are of another kind`] : []),
    `${watched.origin}: ${watched.size} entries; seen by ${witnesses.join(", ") || "no witness"}`,
  ];
}
