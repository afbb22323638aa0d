// Trust policies of logs (c2sp.org/tlog-policy): which logs count, which witnesses, and how many of them make a quorum.
import { accept, type Result, refuse, toBase64 } from "../receipt/index.ts";
import { readDecimal } from "./checkpoint.ts";
import { type NoteKey, readVkey } from "./note.ts";

/** Longest policy, in UTF-16 code units. */
export const MAX_POLICY = 100_000;

/** A witness or group by its name: how many of the members it takes. A witness has no members. */
interface Member {
  readonly key: NoteKey | null;
  readonly threshold: number;
  readonly members: readonly string[];
}

/** A log or witness that a policy lists. */
export interface Listed {
  readonly key: NoteKey;
  readonly url: string | null;
}

/** A policy that was read. `quorum` is null for `none`. */
export interface LogPolicy {
  readonly logs: readonly Listed[];
  readonly witnesses: ReadonlyMap<string, Listed>;
  readonly members: ReadonlyMap<string, Member>;
  readonly quorum: string | null;
}

/**
 * Reads a policy. Ed25519 keys only: a log's of type 0x01, a witness's of type 0x04.
 * @example
 * import { readLogPolicy } from "countersign/log";
 *
 * const policy = readLogPolicy("log sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8\nquorum none\n");
 * if (!policy.ok) throw new Error(policy.refusal.message);
 */
export function readLogPolicy(text: string): Result<LogPolicy, "ERR_TLOG_POLICY"> {
  if (text.length > MAX_POLICY || !text.isWellFormed() || hasForbidden(text)) {
    return refuse(
      "ERR_TLOG_POLICY",
      `expected a policy of at most ${MAX_POLICY} characters, without control characters`,
    );
  }
  const reading = new Reading();
  for (const [i, line] of text.split("\n").entries()) {
    const items = line.split(/[ \t]+/).filter((item) => item !== "");
    const [first] = items;
    if (first === undefined || first.startsWith("#")) continue;
    const fault = reading.take(items);
    if (fault !== null) return refuse("ERR_TLOG_POLICY", `line ${i + 1}: ${fault}`);
  }
  const policy = reading.done();
  return policy ? accept(policy) : refuse("ERR_TLOG_POLICY", "expected exactly one line quorum <name>");
}

class Reading {
  readonly #logs: Listed[] = [];
  readonly #witnesses = new Map<string, Listed>();
  readonly #members = new Map<string, Member>();
  readonly #keys = new Set<string>();
  readonly #grouped = new Set<string>();
  #quorum: string | null | undefined;

  take([word, ...items]: readonly string[]): string | null {
    switch (word) {
      case "log":
        return this.#log(items);
      case "witness":
        return this.#witness(items);
      case "group":
        return this.#group(items);
      case "quorum":
        return this.#setQuorum(items);
      default:
        return `expected log, witness, group or quorum, got ${JSON.stringify(word)}`;
    }
  }

  done(): LogPolicy | null {
    if (this.#quorum === undefined) return null;
    return { logs: this.#logs, witnesses: this.#witnesses, members: this.#members, quorum: this.#quorum };
  }

  #log([vkey = "", url, ...rest]: readonly string[]): string | null {
    if (rest.length > 0) return "expected log <vkey> [<url>]";
    const key = this.#key(vkey, 0x01);
    if (typeof key === "string") return key;
    this.#logs.push({ key, url: url ?? null });
    return null;
  }

  #witness([name = "", vkey = "", url, ...rest]: readonly string[]): string | null {
    if (rest.length > 0) return "expected witness <name> <vkey> [<url>]";
    const key = this.#key(vkey, 0x04);
    if (typeof key === "string") return key;
    this.#witnesses.set(name, { key, url: url ?? null });
    return this.#define(name, { key, threshold: 1, members: [] });
  }

  #group([name = "", count = "", ...members]: readonly string[]): string | null {
    const threshold = count === "any" ? 1 : count === "all" ? members.length : readDecimal(count);
    if (members.length === 0 || !threshold || threshold > members.length) {
      return "expected group <name> all|any|<k> <name>…, with k from 1 to the number of members";
    }
    for (const member of members) {
      if (!this.#members.has(member)) return `expected a witness or group defined before, got ${member}`;
      if (this.#grouped.has(member)) return `${member} is a member already; expected it once`;
      this.#grouped.add(member);
    }
    return this.#define(name, { key: null, threshold, members });
  }

  #setQuorum([name = "", ...rest]: readonly string[]): string | null {
    if (this.#quorum !== undefined || rest.length > 0) return "expected one line quorum <name>";
    if (name !== "none" && !this.#members.has(name))
      return `expected a witness or group defined before, got ${name}`;
    this.#quorum = name === "none" ? null : name;
    return null;
  }

  #define(name: string, member: Member): string | null {
    if (name === "none" || this.#members.has(name))
      return `expected another name than ${name}, which is taken`;
    this.#members.set(name, member);
    return null;
  }

  #key(vkey: string, type: NoteKey["type"]): NoteKey | string {
    const key = readVkey(vkey);
    if (!key.ok) return key.refusal.message;
    if (key.value.type !== type) return `expected a key of type ${type}, got ${vkey}`;
    // Of logs among themselves and witnesses among themselves, whatever their names.
    const material = `${type} ${toBase64(key.value.publicKey)}`;
    if (this.#keys.has(material)) return `expected each key once, got ${vkey} again`;
    this.#keys.add(material);
    return key.value;
  }
}

/** True when the witnesses of these names, as the policy names them, are a quorum. */
export function isQuorum(policy: LogPolicy, cosigned: ReadonlySet<string>): boolean {
  const has = (name: string): boolean => {
    const member = policy.members.get(name);
    if (!member) return false;
    return member.key ? cosigned.has(name) : member.members.filter(has).length >= member.threshold;
  };
  return policy.quorum === null || has(policy.quorum);
}

/** The policy of one log whose witnesses count alike. @param quorum how many of them are asked for. */
export function writeLogPolicy(log: Listed, witnesses: readonly Listed[], quorum: number): string {
  const line = (...items: readonly (string | null)[]) =>
    `${items.filter((item) => item !== null).join(" ")}\n`;
  const names = witnesses.map((_, i) => `w${i + 1}`);
  const listed = witnesses.map(({ key, url }, i) => line("witness", `w${i + 1}`, key.text, url));
  const group = quorum > 0 ? line("group", "witnesses", String(quorum), ...names) : "";
  return `${line("log", log.key.text, log.url)}${listed.join("")}${group}${line("quorum", quorum > 0 ? "witnesses" : "none")}`;
}

function hasForbidden(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if ((unit < 0x20 && unit !== 0x09 && unit !== 0x0a) || unit === 0x7f) return true;
  }
  return false;
}
