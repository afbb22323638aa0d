// A single receipt at its own address: the envelope to keep, and the page to read.
import { describe, expect, it } from "vitest";
import type { Bundle } from "../../src/chain/index.ts";
import { get, request, startRun } from "./client.ts";

const page = (path: string) => request(path, { headers: { accept: "text/html" } });

describe("a single receipt", () => {
  it("is the very envelope that the bundle holds, to be kept as a file", async () => {
    const { run } = await startRun();
    const { receipts } = await get<Bundle>(`/api/runs/${run}/bundle`);
    for (const [seq, envelope] of receipts.entries()) {
      const answer = await request(`/api/runs/${run}/receipts/${seq}`);
      expect(answer.headers.get("content-disposition")).toMatch(
        new RegExp(`^attachment; filename="${run}\\.receipt-${seq}\\.[a-z]+\\.json"$`),
      );
      expect(await answer.json()).toEqual(envelope);
    }
  });

  it("has a page that leads to its neighbours, its run and its downloads", async () => {
    const { run } = await startRun();
    const html = await (await page(`/runs/${run}/receipts/2`)).text();
    for (const href of [
      `/runs/${run}#receipt-2`,
      `/runs/${run}/receipts/1`,
      `/runs/${run}/receipts/3`,
      `/api/runs/${run}/receipts/2`,
      `/api/runs/${run}/bundle`,
      `/verify?run=${run}`,
    ]) {
      expect(html).toContain(`href="${href}"`);
    }
  });

  it.each(["4", "-1", "01", "1.0", "x", "1e0", "99999999999999999999"])("is not at place %s", async (seq) => {
    const { run } = await startRun();
    const answer = await request(`/api/runs/${run}/receipts/${seq}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      code: "ERR_NOT_FOUND",
      detail: "this run has 4 receipts so far, numbered 0 to 3",
    });
    const shown = await page(`/runs/${run}/receipts/${seq}`);
    expect(shown.status).toBe(404);
    expect(await shown.text(), "the way back").toContain(`href="/runs/${run}"`);
  });

  it("of a run that is not there is not there either", async () => {
    const run = `run-${"0".repeat(24)}`;
    for (const answer of [
      await request(`/api/runs/${run}/receipts/0`),
      await page(`/runs/${run}/receipts/0`),
      await request("/api/runs/nothing/receipts/0"),
    ]) {
      expect(answer.status).toBe(404);
      const text = await answer.text();
      expect(text).toContain("ERR_RUN_UNKNOWN");
      expect(text, "no way to what is not there").not.toContain(`href="/runs/`);
    }
  });
});
