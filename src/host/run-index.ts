// The desk's list of runs, in a Durable Object of its own: a projection that every run reports by itself and that the runs can
// fill again. It is never a source of truth: nothing is decided by what stands here.
import { DurableObject } from "cloudflare:workers";
import * as z from "zod";
import { EMPTY, RUN_STATUSES } from "../chain/index.ts";
import { countField, digestField, instantField, runField, tallyField, textField } from "../receipt/fields.ts";
import { DECISIONS } from "../receipt/index.ts";
import { type Firing, type FiringEnd, Firings } from "./firings.ts";
import type { IndexApi, UnopenableRun } from "./run-api.ts";
import { type RunEntry, runEntry } from "./run-entry.ts";
import type { Desk, ListedRun, Listing } from "./run-list.ts";

export type { ListedRun } from "./run-list.ts";

/** Most names of the deployment that are told. */
const MAX_ISSUERS = 100;

/**
 * `entry` is the run as GET /api/runs lists it, as JSON; the other columns are what the list is ordered and filtered by. The indexes
 * over a part of the rows are the desk's: it reads only the runs that it shows, however many there are. `issuers` tells of each run
 * under which name of the deployment it was signed: one whose name is no longer listed cannot be opened, and so cannot say so itself.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS runs (
  run TEXT PRIMARY KEY,
  created_at TEXT NOT NULL,
  status TEXT NOT NULL,
  count INTEGER NOT NULL,
  expires_at TEXT,
  entry TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS runs_by_age ON runs (created_at, run);
CREATE INDEX IF NOT EXISTS runs_by_status ON runs (status, created_at, run);
CREATE INDEX IF NOT EXISTS runs_by_expiry ON runs (expires_at, run) WHERE expires_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS issuers (run TEXT PRIMARY KEY, issuer TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS issuers_by_name ON issuers (issuer);
CREATE INDEX IF NOT EXISTS runs_not_waiting ON runs (created_at, run) WHERE expires_at IS NULL;
`;

export class RunIndex extends DurableObject implements IndexApi {
  /** The clock, in milliseconds since 1970. Tests put another in its place. */
  now: () => number = () => Date.now();
  readonly #sql = this.ctx.storage.sql;
  readonly #firings = new Firings(this.#sql);

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    this.#sql.exec(SCHEMA);
  }

  /**
   * Enters a run as it is. Reports may come late, twice or out of order: an entry with more receipts stands.
   * @param issuer the deployment's name in the run's chain.
   */
  async report(entry: RunEntry, issuer: string): Promise<void> {
    this.#enter(entry);
    const query = "INSERT INTO issuers (run, issuer) VALUES (?, ?) ON CONFLICT DO NOTHING";
    this.#sql.exec(query, entry.run, issuer);
  }

  /** Enters that a run cannot be opened: it waits for nobody. What it was last known as gives way, until it reports again. */
  async cannotOpen({ run, code, createdAt, title }: UnopenableRun): Promise<void> {
    const [row] = this.#sql.exec<Row>(`SELECT ${COLUMNS} FROM runs WHERE run = ?`, run).toArray();
    const known = row ? readEntry(row) : createdAt && { ...runEntry(run, createdAt, EMPTY), alert: title };
    if (!known) return;
    this.#enter({
      ...known,
      status: "failed",
      expiresAt: null,
      given: [],
      missing: [],
      outcome: null,
      unopenable: code,
    });
  }

  /** Strikes a run off the list. Safe to repeat. */
  async forget(run: string): Promise<void> {
    this.#sql.exec("DELETE FROM runs WHERE run = ?", run);
    this.#sql.exec("DELETE FROM issuers WHERE run = ?", run);
    this.#firings.forget(run);
  }

  /** Enters an alert's firing that started a run. */
  async enterFiring(firing: Firing): Promise<void> {
    this.#firings.enter(firing);
  }

  /** Ends an alert's open firing, and says which that was. */
  async endFiring(end: FiringEnd): Promise<Pick<Firing, "key" | "run"> | null> {
    return this.#firings.end(end);
  }

  /** The entries asked for, newest first. A page stays what it is when newer runs are entered. */
  async list(listing: Listing): Promise<ListedRun[]> {
    this.#expire();
    return this.#newest(listing);
  }

  /**
   * So many runs that wait for a decision, the one with the least time left first, and the newest of the others. Both as of
   * one moment, so that a run which is being decided is in one of them. Reads no more rows than it gives: the desk asks often.
   */
  async desk(limits: { waiting: number; others: number }): Promise<Desk> {
    this.#expire();
    // Only a run that waits has a time at which that ends.
    const query = `SELECT ${COLUMNS} FROM runs WHERE expires_at IS NOT NULL ORDER BY expires_at, run`;
    const waiting = this.#entries(limits.waiting, query);
    const others = this.#newest({ which: "not_waiting", after: null, limit: limits.others });
    return { issuers: this.#issuers(), waiting, others };
  }

  #enter(entry: ListedRun): void {
    const { run, createdAt, status, count, expiresAt } = entry;
    this.#sql.exec(
      `INSERT INTO runs (run, created_at, status, count, expires_at, entry) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (run) DO UPDATE SET status = ?3, count = ?4, expires_at = ?5, entry = ?6
       WHERE excluded.count > runs.count OR (excluded.count = runs.count AND excluded.entry <> runs.entry)`,
      ...[run, createdAt, status, count, expiresAt, JSON.stringify(entry)],
    );
  }

  /** The names under which the runs on the list were signed, in order. Reads one row for each name. */
  async issuers(): Promise<string[]> {
    return this.#issuers();
  }

  #issuers(): string[] {
    const query = `WITH RECURSIVE names (issuer) AS (
        SELECT min(issuer) FROM issuers
        UNION ALL
        SELECT (SELECT min(issuer) FROM issuers WHERE issuer > names.issuer) FROM names WHERE names.issuer IS NOT NULL
      ) SELECT issuer FROM names WHERE issuer IS NOT NULL LIMIT ${MAX_ISSUERS}`;
    return this.#sql
      .exec<{ issuer: string }>(query)
      .toArray()
      .map(({ issuer }) => issuer);
  }

  /** Once its time has passed a run waits for nobody, whether or not it has come to say so itself. */
  #expire(): void {
    this.#sql.exec(
      `UPDATE runs SET status = 'expired', expires_at = NULL, entry =
         CASE WHEN json_valid(entry) THEN json_set(entry, '$.status', 'expired', '$.expiresAt', NULL) ELSE entry END
       WHERE expires_at IS NOT NULL AND expires_at <= ?`,
      new Date(this.now()).toISOString(),
    );
  }

  #newest({ which, after, limit }: Listing): ListedRun[] {
    const [rule, values] = ruleOf(which);
    const older = after ? "AND (created_at, run) < (?, ?)" : "";
    const place = after ? [after.createdAt, after.run] : [];
    const query = `SELECT ${COLUMNS} FROM runs WHERE ${rule} ${older} ORDER BY created_at DESC, run DESC`;
    return this.#entries(limit, query, ...values, ...place);
  }

  /** So many entries, if there are as many: rows that hold none are passed over, and take no one's place on a page. */
  #entries(limit: number, query: string, ...values: string[]): ListedRun[] {
    const entries: ListedRun[] = [];
    for (const row of this.#sql.exec<Row>(query, ...values)) {
      const entry = readEntry(row);
      if (entry) entries.push(entry);
      if (entries.length >= limit) break;
    }
    return entries;
  }
}

function ruleOf(which: Listing["which"]): [rule: string, values: string[]] {
  if (which === "any") return ["TRUE", []];
  if (which === "not_waiting") return ["expires_at IS NULL", []];
  return ["status = ?", [which]];
}

const entrySchema = z.looseObject({
  run: runField,
  domain: z.string().nullable(),
  status: z.enum(RUN_STATUSES),
  head: digestField.nullable(),
  count: countField,
  createdAt: instantField,
  alert: z.string().nullable(),
  proposal: z
    .looseObject({
      title: z.string(),
      call: z.string(),
      resources: z.array(z.string()),
      revision: z.int(),
      risk: z.enum(["low", "medium", "high"]),
    })
    .nullable(),
  expiresAt: instantField.nullable(),
  // Rows of an older build have none.
  given: z
    .array(
      z.looseObject({
        role: z.string(),
        reviewer: z.string(),
        signed: z.enum(["webauthn", "ssh"]).nullable(),
      }),
    )
    .default([]),
  missing: z.array(z.looseObject({ role: z.string(), count: z.int() })),
  decided: z.looseObject({ decision: z.enum(DECISIONS), by: z.string() }).nullable(),
  outcome: z
    .looseObject({
      status: z.enum(["resolved", "unresolved", "unmeasured", "not_run"]),
      reason: textField(2000),
      checks: z.array(z.looseObject({ name: z.string(), before: tallyField, after: tallyField.nullable() })),
    })
    .nullable(),
  links: z.looseObject({ self: z.string(), page: z.string() }),
  unopenable: z.string().optional(),
}) satisfies z.ZodType<ListedRun>;

const COLUMNS = "run, created_at, status, expires_at, entry";
type Row = Record<"run" | "created_at" | "status" | "expires_at" | "entry", SqlStorageValue>;

/**
 * A row that holds no entry is passed over: one spoilt line must not take the list away. Its run enters it anew when loaded. Where
 * the entry says otherwise than the columns by which the list is ordered, a page that ends there would go on at another place.
 */
function readEntry(row: Row): ListedRun | null {
  try {
    const entry = entrySchema.parse(JSON.parse(String(row.entry)));
    const columns = [entry.run, entry.createdAt, entry.status, entry.expiresAt];
    const told = [row.run, row.created_at, row.status, row.expires_at];
    return columns.every((value, i) => value === told[i]) ? entry : null;
  } catch {
    return null;
  }
}
