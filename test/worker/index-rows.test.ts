// Rows of the list that hold no entry, whoever put them there: the others are listed all the same, and the desk starts runs.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { EMPTY, type RunEntry, runEntry } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import { runIndexOf } from "../../src/run/run-index-stub.ts";
import { get, request, startRun } from "./client.ts";
import { emptyIndex, inIndex } from "./index-table.ts";

const SPOILT = [
  "not json",
  "null",
  "[]",
  '"x"',
  "{}",
  '{"run":7}',
  '{"run":"run-1","status":"weird","title":null}',
  '{"run":"run-1","status":"failed","head":null,"count":0,"createdAt":"2026-11-23T12:00:00.000Z","title":7,"risk":null,"expiresAt":null,"outcome":null,"links":{"self":"/","page":"/"}}',
];

interface List {
  readonly runs: readonly RunEntry[];
  readonly links: { readonly next: string | null };
}

const NOON = Date.parse("2026-11-23T12:00:00.000Z");
const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();

/** An entry as a run would report it. */
function entryAt(seconds: number, more: Partial<RunEntry> = {}): RunEntry {
  return { ...runEntry(nameRun(null), at(seconds), EMPTY), ...more };
}

/** A row as it stands in the table, whatever its columns say beside the entry. */
async function insert(columns: readonly (string | number | null | ArrayBuffer)[]): Promise<void> {
  await inIndex((sql) => void sql.exec("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", ...columns));
}

/** Rows that are spoilt, each with the place in the order that it has by its columns. */
const spoiltAt = (seconds: number): (string | number | null | ArrayBuffer)[][] => [
  ...SPOILT.map((entry) => [crypto.randomUUID(), at(seconds), "failed", 1, null, entry]),
  // Entries that are sound, in rows that place them elsewhere: whoever goes on after one would go on somewhere else.
  ...[entryAt(-9000), entryAt(9000), { ...entryAt(seconds), status: "completed" as const }].map((entry) => [
    ...[entry.run, at(seconds), "failed", 1, null, JSON.stringify(entry)],
  ]),
  [crypto.randomUUID(), at(seconds), "failed", 1, null, JSON.stringify(entryAt(seconds))],
  [`${seconds}`, at(seconds), "failed", 1, null, new ArrayBuffer(8)],
];

describe("spoilt rows anywhere in the list", () => {
  it("never end the paging, and take no one's place on a page", async () => {
    await emptyIndex();
    const entries = [0, 10, 20, 30, 40, 50].map((seconds) => entryAt(seconds, { status: "failed" }));
    for (const entry of entries) await runIndexOf(env).report(entry);
    for (const seconds of [-5, 5, 15, 35, 55]) for (const row of spoiltAt(seconds)) await insert(row);
    const all = entries.map(({ run }) => run).reverse();
    for (const from of ["/api/runs?limit=", "/api/runs?status=failed&limit="]) {
      for (const limit of [1, 2, 3, 6, 100]) {
        const pages: string[][] = [];
        // A page that goes on at another place may lead round in a circle.
        for (let next: string | null = `${from}${limit}`; next !== null && pages.length < 10; ) {
          const list: List = await get<List>(next);
          pages.push(list.runs.map(({ run }) => run));
          next = list.links.next;
        }
        expect(pages.flat(), `${from}${limit}`).toEqual(all);
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }
    }
  });

  it("hide no run that waits from the desk, however many they are and whatever they say of when", async () => {
    await emptyIndex();
    const { run } = await startRun();
    for (let rows = 0; rows < 30; rows += 1) {
      const soon = new Date(Date.now() + 1_000 + rows).toISOString();
      await insert([crypto.randomUUID(), at(rows), "awaiting_decision", 1, soon, SPOILT[rows % 8] ?? ""]);
      await insert([crypto.randomUUID(), at(rows), "awaiting_decision", 1, `0 ${rows}`, "{}"]);
    }
    await expect
      .poll(async () => {
        const { waiting } = await runIndexOf(env).desk({ waiting: 21, others: 11 });
        return waiting.map((entry) => entry.run);
      })
      .toEqual([run]);
  });
});

describe("a row that is no entry", () => {
  it.each(SPOILT)("such as %s takes nothing but itself off the list and the desk", async (entry) => {
    const { run } = await startRun();
    const row = [`spoilt-${crypto.randomUUID()}`, new Date().toISOString(), entry];
    await inIndex((sql) => void sql.exec("INSERT INTO runs VALUES (?, ?, 'failed', 1, NULL, ?)", ...row));
    const desk = await request("/");
    expect([desk.status, await desk.text()]).toEqual([200, expect.stringContaining('action="/runs"')]);
    await expect
      .poll(async () => {
        const { runs } = await get<{ runs: RunEntry[] }>("/api/runs");
        return runs.map((entry) => entry.run);
      })
      .toContain(run);
  });
});
