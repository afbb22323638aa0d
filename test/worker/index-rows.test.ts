// Rows of the list that hold no entry, whoever put them there: the others are listed all the same, and the desk starts runs.
import { describe, expect, it } from "vitest";
import type { RunEntry } from "../../src/chain/index.ts";
import { get, request, startRun } from "./client.ts";
import { inIndex } from "./index-table.ts";

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
