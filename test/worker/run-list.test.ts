// The list of runs over HTTP: order, filter and pages, also while runs are being added, and what it says to a bad question.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { EMPTY, RUN_STATUSES, type RunEntry, runEntry } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import type { RunIndex } from "../../src/run/run-index.ts";
import { runIndexOf } from "../../src/run/run-index-stub.ts";
import { decided, get, request, startRun } from "./client.ts";
import { breakIndex, emptyIndex, mendIndex } from "./index-table.ts";

interface List {
  readonly runs: readonly RunEntry[];
  readonly links: { readonly self: string; readonly next: string | null };
}

const NOON = Date.parse("2026-11-23T12:00:00.000Z");

/** Enters a run that was created so many seconds after noon, as it would report itself. */
async function enter(seconds: number, more: Partial<RunEntry> = {}): Promise<RunEntry> {
  const createdAt = new Date(NOON + seconds * 1000).toISOString();
  const entry = { ...runEntry(nameRun(null), createdAt, EMPTY), ...more };
  await runIndexOf(env).report(entry);
  return entry;
}

const names = (runs: readonly RunEntry[]) => runs.map(({ run }) => run);

/** Follows the pages from one address to the end, doing something between any two. */
async function walk(from: string, between: () => Promise<unknown> = async () => {}): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | null = from; next !== null; ) {
    const list: List = await get<List>(next);
    pages.push(names(list.runs));
    next = list.links.next;
    await between();
  }
  return pages;
}

beforeEach(emptyIndex);

describe("GET /api/runs", () => {
  it("lists what the runs have reported", async () => {
    const waiting = await startRun();
    const done = await decided(await startRun(), "approve");
    await expect
      .poll(async () => (await get<List>("/api/runs")).runs.map(({ run, status }) => [run, status]))
      .toEqual([
        [done.run, "completed"],
        [waiting.run, "awaiting_decision"],
      ]);
    const { runs } = await get<List>("/api/runs?status=awaiting_decision");
    expect(runs).toMatchObject([
      {
        run: waiting.run,
        head: waiting.head,
        count: 4,
        createdAt: waiting.createdAt,
        title: "Checkout is answering 5xx",
        risk: waiting.pending?.risk,
        expiresAt: waiting.pending?.expiresAt,
        outcome: null,
        links: { self: `/api/runs/${waiting.run}`, page: `/runs/${waiting.run}` },
      },
    ]);
  });

  it("says on the desk what a run with no write says on its own page", async () => {
    const tally = { requests: 32, failed: 0, good: 20, goodFailed: 0 };
    const ended = { status: "failed", outcome: { status: "not_run", before: tally, after: null } } as const;
    const words = async (more: Partial<RunEntry>) => {
      const { run } = await enter(1, { ...ended, ...more });
      const desk = await (await request("/")).text();
      return /<strong>([^<]*)/.exec(desk.slice(desk.indexOf(`id="${run}"`)))?.[1];
    };
    expect(await words({})).toBe("Nothing to do");
    expect(await words({ risk: "low" })).toBe("Not written");
    const failing = { ...tally, failed: 1 };
    expect(await words({ outcome: { ...ended.outcome, before: failing } })).toBe("Nothing proposed");
    const written = { ...ended.outcome, status: "unresolved", before: failing, after: failing } as const;
    expect(await words({ risk: "low", outcome: written })).toBe("Failed");
  });

  it("is empty when nothing was started", async () => {
    expect(await get("/api/runs")).toEqual({ runs: [], links: { self: "/api/runs", next: null } });
  });

  it("gives the newest first, whatever the order in which they were reported", async () => {
    const second = await enter(2);
    const third = await enter(3);
    const first = await enter(1);
    expect(names((await get<List>("/api/runs")).runs)).toEqual(names([third, second, first]));
  });

  it("gives each run once, over pages of any size, also where several began in the same instant", async () => {
    const entries = await Promise.all([1, 2, 2, 2, 3, 4, 4].map((second) => enter(second)));
    const all = names((await get<List>("/api/runs")).runs);
    expect([...all].sort()).toEqual(names(entries).sort());
    for (const limit of [1, 2, 3, 7, 100]) {
      const pages = await walk(`/api/runs?limit=${limit}`);
      expect(pages.flat(), `pages of ${limit}`).toEqual(all);
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
    }
  });

  it("neither repeats nor skips a run when others are added between the pages", async () => {
    const entries: RunEntry[] = [];
    for (let second = 0; second < 9; second += 1) entries.unshift(await enter(second));
    let later = 100;
    const pages = await walk("/api/runs?limit=2", () => {
      later += 1;
      return Promise.all([enter(later), enter(later)]);
    });
    expect(pages.flat()).toEqual(names(entries));
  });

  it.each(RUN_STATUSES)("filters by %s, and goes on doing so from page to page", async (status) => {
    const wanted: RunEntry[] = [];
    for (let second = 0; second < 3; second += 1) {
      for (const each of RUN_STATUSES) {
        const entry = await enter(second, { status: each });
        if (each === status) wanted.unshift(entry);
      }
    }
    expect(await walk(`/api/runs?status=${status}&limit=2`)).toEqual([
      names(wanted.slice(0, 2)),
      names(wanted.slice(2)),
    ]);
  });
});

describe("what the desk shows", () => {
  /** Enters so many runs that have ended and, after them, as many that wait, the least time left last. */
  async function enterMany(runs: number): Promise<void> {
    await Promise.all(Array.from({ length: runs }, (_, i) => enter(i)));
    const wait = (i: number) => ({
      status: "awaiting_decision" as const,
      expiresAt: new Date(NOON + 3_600_000 - i).toISOString(),
    });
    await Promise.all(Array.from({ length: runs }, (_, i) => enter(runs + i, wait(i))));
  }

  /** The desk as the index gives it, and how many rows the database says it has read for that. */
  function desk() {
    return runInDurableObject(runIndexOf(env), async (index: RunIndex, { storage }) => {
      index.now = () => NOON;
      const exec = vi.spyOn(storage.sql, "exec");
      const shown = await index.desk({ waiting: 21, others: 11 });
      const cursors = exec.mock.results.map(({ value }) => value as SqlStorageCursor<never>);
      exec.mockRestore();
      return { ...shown, rows: cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0) };
    });
  }

  it("is read at the same cost however many runs there are, for a desk that stands open asks often", async () => {
    await enterMany(25);
    const few = await desk();
    await enterMany(300);
    const many = await desk();
    expect(many.waiting.map(({ expiresAt }) => expiresAt)).toEqual(
      many.waiting.map(({ expiresAt }) => expiresAt).toSorted(),
    );
    expect(many.waiting[0]?.createdAt).toBe(new Date(NOON + 599_000).toISOString());
    expect(many.others.map(({ createdAt }) => createdAt)).toEqual(
      Array.from({ length: 11 }, (_, i) => new Date(NOON + (299 - i) * 1000).toISOString()),
    );
    expect([few.waiting.length, few.others.length, many.waiting.length]).toEqual([21, 11, 21]);
    expect(few.rows).toBeGreaterThanOrEqual(32);
    expect(many.rows).toBe(few.rows);
  });
});

describe("a bad question", () => {
  it.each([
    ["status=running", "awaiting_decision"],
    ["status=", "awaiting_decision"],
    ["status=failed&status=expired", "once"],
    ["limit=0", "1 to 100"],
    ["limit=101", "1 to 100"],
    ["limit=1e1", "1 to 100"],
    ["limit=-5", "1 to 100"],
    ["limit=", "1 to 100"],
    ["cursor=", "links.next"],
    ["cursor=latest", "links.next"],
    [`cursor=${btoa("2026-11-23T12:00:00.000Z run-0").replaceAll("=", "")}`, "links.next"],
    [`cursor=${btoa(`2026-02-30T12:00:00.000Z run-${"0".repeat(24)}`).replaceAll("=", "")}`, "links.next"],
    [`cursor=${btoa(`2026-11-23T12:00:00.000Z run-${"0".repeat(24)}`).replaceAll("=", "")}%0A`, "links.next"],
    ["page=2", "status, cursor, limit"],
    ["__proto__=1", "status, cursor, limit"],
  ])("such as ?%s is 400 and says what to ask instead", async (query, hint) => {
    const answer = await request(`/api/runs?${query}`);
    expect(answer.status).toBe(400);
    const problem: { code: string; detail: string } = await answer.json();
    expect(problem.code).toBe("ERR_QUERY");
    expect(problem.detail).toContain(hint);
  });

  it("in another method is 405 and says which there are", async () => {
    const answer = await request("/api/runs", { method: "PUT" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, POST, OPTIONS");
  });

  it("does not include a cursor that leads past the last run: that page is empty", async () => {
    await enter(0);
    const nowhere = btoa(`2026-11-23T11:59:59.999Z run-${"f".repeat(24)}`).replaceAll("=", "");
    expect(await get(`/api/runs?cursor=${nowhere}`)).toMatchObject({ runs: [], links: { next: null } });
  });
});

describe("an index that cannot be read", () => {
  it("is 503, and runs are started and shown without it", async () => {
    await breakIndex();
    const answer = await request("/api/runs");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.json()).toMatchObject({ code: "ERR_INDEX_UNAVAILABLE" });
    const { run } = await startRun();
    expect(await get(`/api/runs/${run}`)).toMatchObject({ status: "awaiting_decision" });
    await mendIndex();
    expect((await request("/api/runs")).status).toBe(200);
  });
});
