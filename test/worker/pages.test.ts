// The pages without script: forms that start, decide, edit, undo and go on; what they refuse, and that they ask a run once.
import { describe, expect, it } from "vitest";
import type { RunView } from "../../src/host/index.ts";
import {
  decided,
  deploy,
  expectNothingSigned,
  get,
  predicatesOf,
  receiptsOf,
  request,
  SAME_ORIGIN,
  startRun,
  UNKNOWN,
} from "./client.ts";

const here = deploy({});
const submit = (path: string, fields: Record<string, string> = {}) => here.submit(path, fields, SAME_ORIGIN);

/** Submits a form that leads to a run's page, and gives the run. */
async function led(path: string, fields: Record<string, string> = {}): Promise<RunView> {
  const answer = await submit(path, fields);
  expect([answer.status, await answer.text()]).toEqual([303, ""]);
  return get(`/api${answer.headers.get("location")}`);
}

describe("a form", () => {
  it("on the desk starts a run on the alert that the deployment names", async () => {
    expect(await (await request("/")).text()).toContain("Start a run");
    const { run } = await led("/runs");
    expect(await predicatesOf(run, "alert")).toMatchObject([
      { source: "desk", title: "Carts are priced wrong", startedBy: { id: "visitor" } },
    ]);
  });

  it("decides on the proposal that it names, with line breaks as the box has them", async () => {
    const { run, pending } = await startRun();
    const proposal = pending?.proposal ?? "";
    const view = await led(`/runs/${run}/decision`, {
      ...{ proposal, decision: "request_changes", reason: "Say\r\nwhy." },
      role: "reviewer",
    });
    expect(await predicatesOf(run, "decision")).toMatchObject([{ reason: "Say\nwhy.", role: "reviewer" }]);
    const stale = await submit(`/runs/${run}/decision`, {
      proposal,
      decision: "approve",
      reason: "Good <b>",
    });
    expect([stale.status, await stale.text()]).toEqual([409, expect.stringContaining("Good &lt;b&gt;")]);
    await led(`/runs/${run}/decision`, {
      ...{ proposal: view.pending?.proposal ?? "", decision: "approve", reason: "" },
    });
    expect((await receiptsOf(run)).status).toBe("completed");
  });

  it.each([
    ["without a word on what to change", { decision: "request_changes", reason: " " }, 422],
    ["without a decision", { reason: "x" }, 422],
    ["in a role that is not the reviewer's", { decision: "approve", reason: "", role: "owner" }, 403],
  ])("%s shows the run with why not, and signs nothing", async (_, fields, status) => {
    const { run, pending } = await startRun();
    await expectNothingSigned(run, async () => {
      const refused = await submit(`/runs/${run}/decision`, { proposal: pending?.proposal ?? "", ...fields });
      expect(refused.status).toBe(status);
      expect(await refused.text()).toContain(pending?.proposal);
    });
  });

  it.each([
    ["the whole arguments", { edit: '{"flag":"new_pricing","on":{"share":0.5}}' }, { share: 0.5 }],
    ["the text of one argument", { "edit:flag": "old\r\npricing" }, false],
    ["the text of one and the others in JSON", { "edit:flag": "old\r\npricing", edit: '{"on": 0.25}' }, 0.25],
  ])("edits the call by %s", async (_, edit, on) => {
    const { run, pending } = await startRun();
    const proposal = pending?.proposal ?? "";
    const view = await led(`/runs/${run}/decision`, {
      ...{ proposal, decision: "request_changes", reason: "", ...edit },
    });
    expect(view.pending).toMatchObject({
      author: { kind: "reviewer", id: "visitor" },
      args: { on, flag: "edit:flag" in edit ? "old\npricing" : "new_pricing" },
    });
  });

  it.each([
    ["that is no JSON", { edit: "{" }, 422],
    ["with a number that JSON would round", { edit: '{"flag":"a","on":9007199254740993}' }, 422],
    ["with a name twice", { edit: '{"flag":"a","flag":"b","on":1}' }, 422],
    ["of an argument that is not there", { "edit:colour": "red" }, 422],
    ["of __proto__", { "edit:__proto__": "red" }, 422],
    ["of an argument that the others have, too", { "edit:flag": "a", edit: '{"flag":"b","on":1}' }, 422],
    ["of two texts", { "edit:flag": "a", "edit:on": "b" }, 422],
    ["beside others that are no object", { "edit:flag": "a", edit: "[]" }, 422],
    ["of a proposal that is no longer open", { edit: "{}", proposal: `sha256:${"0".repeat(64)}` }, 409],
  ])("with an edit %s signs nothing, and gives it back as it was sent", async (_, edit, status) => {
    const { run, pending } = await startRun();
    await expectNothingSigned(run, async () => {
      const fields = { proposal: pending?.proposal ?? "", decision: "request_changes", reason: "", ...edit };
      const refused = await submit(`/runs/${run}/decision`, fields);
      expect(refused.status).toBe(status);
      const page = await refused.text();
      for (const text of Object.values(edit))
        if (!text.startsWith("sha256:"))
          expect(page).toContain(`\n${text.replaceAll('"', "&quot;")}</textarea>`);
    });
  });

  it("undoes an execution, and goes on from an ended run, each in a run of its own", async () => {
    const { run } = await decided(await startRun(), "approve");
    const { receipts } = await receiptsOf(run);
    const execution = receipts.find(({ kind }) => kind === "execution")?.digest ?? "";
    const undoing = await led(`/runs/${run}/revert`, { execution });
    expect(undoing.pending?.args).toEqual({ flag: "new_pricing", on: true });
    const next = await led(`/runs/${run}/continue`);
    expect(await predicatesOf(next.run, "alert")).toMatchObject([{ continues: { run } }]);
    for (const [path, status] of [
      [`/runs/${run}/revert`, 422],
      [`/runs/${next.run}/continue`, 409],
      [`/runs/${UNKNOWN}/continue`, 422],
      ["/runs/nonsense/continue", 404],
    ] as const) {
      const refused = await submit(path, { execution: "nothing" });
      expect([path, refused.status, refused.headers.get("content-type")]).toEqual([
        path,
        status,
        "text/html; charset=utf-8",
      ]);
    }
  });
});

describe("a page", () => {
  it("of a run asks the run once", async () => {
    const { run } = await startRun();
    const watched = deploy({});
    for (const path of [`/runs/${run}`, `/runs/${run}/receipts/3`]) {
      watched.asked.length = 0;
      expect((await watched.ask(path)).status).toBe(200);
      expect(watched.asked).toEqual([run]);
    }
  });

  it.each([
    ["/runs/nonsense", 404],
    [`/runs/${UNKNOWN}`, 404],
    [`/runs/${UNKNOWN}/receipts/0`, 404],
    ["/?status=lost", 400],
    ["/nowhere", 404],
  ])("at %s says what is not there", async (path, status) => {
    const answer = await request(path, { headers: { accept: "text/html" } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"]);
  });

  it("of a receipt that is not there leads to the run", async () => {
    const { run } = await startRun();
    const answer = await request(`/runs/${run}/receipts/99`);
    expect([answer.status, await answer.text()]).toEqual([
      404,
      expect.stringContaining(`href="/runs/${run}"`),
    ]);
  });

  it("of the desk is not sent again while nothing has changed", async () => {
    const first = await request("/");
    const tag = first.headers.get("etag") ?? "";
    const second = await request("/", { headers: { "if-none-match": tag } });
    expect([first.status, second.status]).toEqual([200, 304]);
    const run = await startRun();
    await expect
      .poll(async () => (await request("/", { headers: { "if-none-match": tag } })).status)
      .toBe(200);
    expect(run.status).toBe("awaiting_decision");
  });

  it.each(["/verify", "/docs", "/sign-in", "/?limit=1&cursor="])("at %s stands", async (path) => {
    expect([200, 303, 400]).toContain((await request(path)).status);
  });
});
