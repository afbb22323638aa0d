// The log of a deployment: its settings, what is entered and when, what is served, and what a checkpoint never does.
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Bundle } from "../../src/chain/index.ts";
import { readLogSettings } from "../../src/host/log-settings.ts";
import { LogStore } from "../../src/host/log-store.ts";
import { readPolicySettings } from "../../src/host/policy-settings.ts";
import { type LogLeaf, leafBytes, packEntries, readCheckpoint, readNote } from "../../src/log/index.ts";
import { noteSigner } from "../log/note-signers.ts";
import { decided, deploy, env, startRun } from "./client.ts";
import { withVars } from "./inside.ts";

const KEY = Buffer.from(new Uint8Array(32).fill(9)).toString("base64url");
const witness = noteSigner("witness.example/w1", 0x04, 2).key.text;
const witnesses = (...list: readonly object[]) => JSON.stringify(list);

describe("the settings of a log", () => {
  it("make none without a key", () => {
    expect(readLogSettings({ ISSUER: "https://agent.example" })).toEqual({ ok: true, value: null });
  });

  it("name it by the deployment's address, and its witnesses in the trust policy", () => {
    const WITNESSES = witnesses({ key: witness, url: "https://witness.example/" });
    const read = readLogSettings({ ISSUER: "https://agent.example/", LOG_SIGNING_KEY: KEY, WITNESSES });
    if (!read.ok || !read.value) throw new Error("expected a log");
    expect(read.value.policyText).toMatch(
      /^log agent\.example\/log\+[0-9a-f]{8}\+\S+ https:\/\/agent\.example\/log\nwitness w1 \S+ https:\/\/witness\.example\ngroup witnesses 1 w1\nquorum witnesses\n$/,
    );
  });

  it.each([
    ["a key that is none", { LOG_SIGNING_KEY: "short" }, "LOG_SIGNING_KEY is malformed"],
    ["a key that signs receipts, too", { LOG_SIGNING_KEY: env.AGENT_SIGNING_KEY ?? "" }, "a key of its own"],
    ["an issuer that is no address", { ISSUER: "our deployment" }, "ISSUER"],
    ["witnesses without a log", { LOG_SIGNING_KEY: "", WITNESSES: witnesses() }, "set LOG_SIGNING_KEY"],
    ["witnesses that are not JSON", { WITNESSES: "w1" }, "WITNESSES"],
    ["a witness without an address", { WITNESSES: witnesses({ key: witness }) }, "WITNESSES"],
    [
      "a witness by plain http",
      { WITNESSES: witnesses({ key: witness, url: "http://witness.example" }) },
      "https address",
    ],
    [
      "a witness's key that is none",
      { WITNESSES: witnesses({ key: "w1", url: "https://x.example" }) },
      "expected <name>",
    ],
    [
      "a log's key as a witness's",
      { WITNESSES: witnesses({ key: noteSigner("x", 0x01, 3).key.text, url: "https://x.example" }) },
      "type 4",
    ],
    [
      "a witness twice",
      {
        WITNESSES: witnesses(
          { key: witness, url: "https://x.example" },
          { key: witness, url: "https://y.example" },
        ),
      },
      "each key once",
    ],
    ["a quorum of more than all", { WITNESS_QUORUM: "1" }, "WITNESS_QUORUM"],
  ])("are refused with %s, which desk and /healthz tell", async (_, set, words) => {
    const vars = { LOG_SIGNING_KEY: KEY, ...set };
    const read = readLogSettings({ ...env, ...vars });
    expect(read).toMatchObject({
      refusal: { code: "ERR_LOG_CONFIG", message: expect.stringContaining(words) },
    });
    const health = await deploy(vars).ask("/healthz");
    expect(health.status).toBe(503);
    expect(await health.text()).toContain("ERR_LOG_CONFIG");
    expect(await (await deploy(vars).ask("/")).text()).toContain(
      words.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    );
  });

  it("are asked for by LOGGED", () => {
    const asked = { ...env, LOGGED: "decisions" };
    expect(readPolicySettings(asked)).toMatchObject({
      refusal: { message: expect.stringContaining("LOG_SIGNING_KEY") },
    });
    expect(readPolicySettings({ ...asked, LOG_SIGNING_KEY: KEY })).toMatchObject({
      value: { logged: "decisions" },
    });
  });
});

describe("a deployment with a log and no witness", () => {
  const vars = { LOG_SIGNING_KEY: KEY };

  it("enters settling decisions and handoffs, without making anybody wait, and serves them", async () => {
    await withVars(vars, async () => {
      const here = deploy(vars);
      const view = await startRun();
      const ended = await decided(view, "reject", { reason: "no" });
      expect(ended.status).toBe("rejected");
      const bundle = async () => (await here.ask(`/api/runs/${view.run}/bundle`)).json<Bundle>();
      await expect
        .poll(async () => (await bundle()).anchors.map(({ seq }) => seq), { timeout: 15_000 })
        .toEqual([4, 7]);
      const policy = await (await here.ask("/.well-known/countersign.json")).json<{ log: string }>();
      expect(policy.log).toContain("quorum none");
      const checkpoint = await (await here.ask("/log/checkpoint")).text();
      const size = Number(checkpoint.split("\n")[1]);
      expect(size).toBeGreaterThanOrEqual(2);
      const entries = await here.ask(`/log/tile/entries/000.p/${size}`);
      expect(entries.headers.get("cache-control")).toContain("immutable");
      expect(await entries.text()).toContain(`"run":"${view.run}"`);
      for (const path of [`000.p/${size + 1}`, "000", "001.p/1", "0000", "000.p/0"])
        expect([path, (await here.ask(`/log/tile/0/${path}`)).status]).toEqual([path, 404]);
    });
  });

  it("answers 404 where it is off", async () => {
    expect((await deploy({}).ask("/log/checkpoint")).status).toBe(404);
  });
});

describe("the log's own storage", () => {
  const settings = () => {
    const read = readLogSettings({ ISSUER: "https://agent.example", LOG_SIGNING_KEY: KEY });
    if (!read.ok || !read.value) throw new Error("expected a log");
    return read.value;
  };
  const leaf = (i: number): LogLeaf => ({
    issuer: "https://agent.example",
    run: `run-${i}`,
    seq: 4,
    kind: "decision",
    reviewer: "alice",
    receipt: `sha256:${i.toString(16).padStart(64, "0")}`,
  });

  it("enters a receipt once, signs a size once, and serves the bytes of a place for ever", async () => {
    await runInDurableObject(env.LOG.getByName("storage"), (_, { storage }) => {
      const store = new LogStore(storage);
      expect([0, 1, 0, 2, 1].map((i) => store.enter(leaf(i)))).toEqual([0, 1, 0, 2, 1]);
      const signed = store.seal(settings());
      expect(store.seal(settings())).toEqual(signed);
      const first = store.tile({ level: "entries", index: 0, width: 3 });
      expect(first).toEqual(packEntries([0, 1, 2].map((i) => leafBytes(leaf(i)))));
      for (let i = 3; i < 600; i += 1) store.enter(leaf(i));
      // Entered is not yet in the tree.
      expect(store.tile({ level: "entries", index: 0, width: 4 })).toBeNull();
      const grown = store.seal(settings());
      expect(grown.size).toBe(600);
      expect(store.tile({ level: "entries", index: 0, width: 3 })).toEqual(first);
      expect(store.tile({ level: 1, index: 0, width: 2 })?.length).toBe(64);
      const again = new LogStore(storage);
      for (const level of [0, 1, "entries"] as const) {
        const tile = { level, index: 0, width: level === 1 ? 2 : 256 };
        expect(again.tile(tile)).toEqual(store.tile(tile));
      }
      const note = readNote(grown.note);
      expect(note.ok && readCheckpoint(note.value.text)).toMatchObject({ value: { size: 600 } });
    });
  });
});
