// `countersign-review` as a reviewer uses it: a real deployment, a real ssh-keygen, keys of their own in a file or an agent.
// Longer than other files: its cases share one deployment, which takes seconds to start, and the keys that it lists.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Bundle, decodeArtifacts, readTrustPolicy, replay } from "../../src/chain/index.ts";
import { columnsOf } from "../../src/cli/columns.ts";
import { diffLines } from "../../src/cli/content-lines.ts";
import type { RunView } from "../../src/host/index.ts";
import { subjectDigest } from "../../src/receipt/index.ts";
import { passOn, type ReviewServer, reviewer, serveReviewers, standBefore } from "./review-server.ts";
import { type Ended, makeProgramFolder, runCommand, UNSEEN, writeDocument } from "./run-cli.ts";
import { agentWith, hasSshKeygen, makeKey, sshVerifies } from "./ssh.ts";

const folder = join(import.meta.dirname, "../../.cache/review-keys");

describe.skipIf(!hasSshKeygen)("countersign-review", () => {
  rmSync(folder, { recursive: true, force: true });
  const ed = hasSshKeygen ? makeKey(folder, "ed", "ed25519") : { file: "", line: "" };
  const ecdsa = hasSshKeygen ? makeKey(folder, "ecdsa", "ecdsa") : { file: "", line: "" };
  const locked = hasSshKeygen ? makeKey(folder, "locked", "ed25519", "a passphrase") : { file: "", line: "" };
  const bobs = hasSshKeygen ? makeKey(folder, "bob", "ed25519") : { file: "", line: "" };
  const lost = hasSshKeygen ? makeKey(folder, "lost", "ed25519") : { file: "", line: "" };
  const strange = hasSshKeygen ? makeKey(folder, "strange", "ed25519") : { file: "", line: "" };
  const people = [
    reviewer("alice", [ed.line, ecdsa.line, locked.line]),
    reviewer("bob", [bobs.line], { roles: ["reviewer", "owner"] }),
    reviewer("carol", [lost.line], { revokedAt: "2026-11-01T00:00:00.000Z" }),
  ];
  let one: ReviewServer;
  let two: ReviewServer;
  let touched: ReviewServer;

  beforeAll(async () => {
    one = await serveReviewers(people);
    two = await serveReviewers(people, { APPROVALS: '[{"role":"reviewer","count":2}]' });
    touched = await serveReviewers(people, { REVIEWER_KEY: "present", READ_AUTH: "protected" });
  }, 120_000);
  afterAll(async () => {
    for (const server of [one, two, touched]) await server?.stop();
  });

  /** Runs the command against a run, as alice with her key unless something else is said. */
  async function review(
    server: ReviewServer,
    { run }: Pick<RunView, "run">,
    args: readonly string[] = [],
    more: {
      as?: string;
      key?: string;
      trust?: string;
      at?: string;
      input?: string;
      env?: Record<string, string>;
    } = {},
  ): Promise<Ended> {
    const {
      as = "alice",
      key = ed.file,
      trust = await server.trust(),
      at = server.origin,
      input = "",
    } = more;
    const env = { SSH_AUTH_SOCK: "", ...server.envOf(as, at), ...more.env };
    const ended = await runCommand(
      "review",
      [`${at}/runs/${run}`, "--trust", trust, "--key", key, ...args],
      input,
      env,
    );
    expect(ended.stdout + ended.stderr, "no secret is ever printed").not.toMatch(
      /token-of-|PRIVATE KEY-----/,
    );
    return ended;
  }

  /** The decisions that a run's verified chain holds. */
  async function decisionsOf(server: ReviewServer, { run }: Pick<RunView, "run">) {
    const bundle = (await (await server.ask(`/api/runs/${run}/bundle`)).json()) as Bundle;
    const trust = readTrustPolicy(await (await server.ask("/.well-known/countersign.json")).json());
    if (!trust.ok) throw new Error(trust.refusal.message);
    const { sound } = decodeArtifacts(bundle.artifacts);
    const { receipts, refusal } = await replay(bundle.receipts, trust.value, (sha256) => sound.get(sha256));
    expect(refusal).toBeNull();
    return receipts.flatMap(({ receipt }) => {
      if (receipt?.kind !== "decision") return [];
      const { decision, reason, reviewer, role } = receipt.statement.predicate;
      const bytes = (name: string) =>
        sound.get(subjectDigest(receipt.statement, name) ?? "") ?? new Uint8Array();
      const assertion = JSON.parse(new TextDecoder().decode(bytes("assertion")));
      return [{ decision, reason, reviewer: reviewer.id, role, intent: bytes("intent"), assertion }];
    });
  }

  const statusOf = async (server: ReviewServer, { run }: Pick<RunView, "run">) =>
    ((await (await server.ask(`/api/runs/${run}`)).json()) as RunView).status;

  describe("with a key", () => {
    it.each([
      ["ed25519", ed],
      ["ecdsa", ecdsa],
    ])("of %s in a file approves, and OpenSSH takes the very bytes that the chain holds", async (_, key) => {
      const run = await one.startRun();
      const { code, stdout, stderr } = await review(
        one,
        run,
        ["--decision", "approve", "--reason", "Fine."],
        { key: key.file },
      );
      expect([code, stderr.replace("Signing data on standard input\n", "")]).toEqual([0, ""]);
      expect(stdout).toMatch(/\napproved by alice \(own SSH key\) and executed, resolved: /);
      const [decided] = await decisionsOf(one, run);
      expect(decided).toMatchObject({
        decision: "approve",
        reason: "Fine.",
        reviewer: "alice",
        role: "reviewer",
      });
      expect(decided?.assertion.publicKey).toBe(key.line);
      const { signature } = decided?.assertion ?? {};
      const intent = decided?.intent ?? new Uint8Array();
      expect(sshVerifies(key.line, signature, intent)).toBe(true);
      expect(sshVerifies(key.line, signature, intent.with(0, 0))).toBe(false);
    });

    it.each([
      ["ed25519", "ed25519"],
      ["ecdsa", "ecdsa"],
    ] as const)("of %s in an agent signs by its public half alone", async (_, type) => {
      const own = makeKey(makeProgramFolder(), "key", type);
      const env = agentWith(own.file);
      rmSync(own.file);
      const server = await serveReviewers([reviewer("alice", [own.line])]);
      onTestFinished(server.stop);
      const run = await server.startRun();
      const { code } = await review(server, run, ["--decision", "approve"], { key: `${own.file}.pub`, env });
      expect(code).toBe(0);
      const [decided] = await decisionsOf(server, run);
      expect(sshVerifies(own.line, decided?.assertion.signature, decided?.intent ?? new Uint8Array())).toBe(
        true,
      );
    });

    it("behind a passphrase that is not given signs nothing, and shows the change all the same", async () => {
      const run = await one.startRun();
      const env = { SSH_ASKPASS: "/bin/false", SSH_ASKPASS_REQUIRE: "force" };
      const { code, stdout, stderr } = await review(one, run, ["--decision", "approve"], {
        key: locked.file,
        env,
      });
      expect([code, stderr]).toEqual([2, expect.stringContaining("ssh-keygen -Y failed")]);
      expect(stdout).toContain("flag:new_pricing");
      expect(await decisionsOf(one, run)).toEqual([]);
    });
  });

  describe("asks", () => {
    it("what to decide and why, and signs a rejection in these words", async () => {
      const run = await one.startRun();
      const { code, stdout } = await review(one, run, [], { input: "maybe\nreject\nToo late in the day.\n" });
      expect([code, stdout]).toEqual([
        0,
        expect.stringMatching(/\nrejected by alice \(own SSH key\), nothing was executed\n/),
      ]);
      expect(await decisionsOf(one, run)).toMatchObject([
        { decision: "reject", reason: "Too late in the day." },
      ]);
    });

    it("for words where changes are requested, and shows them in the next round", async () => {
      const run = await one.startRun();
      const { code } = await review(one, run, [], {
        input: "request-changes\n\nrequest-changes\nOnly for one shop.\n",
      });
      expect(code).toBe(0);
      expect(await decisionsOf(one, run)).toMatchObject([
        { decision: "request_changes", reason: "Only for one shop." },
      ]);
      const again = await review(one, run, [], { env: { COLUMNS: "200" } });
      expect(again.stdout).toContain(
        'request_changes by alice as reviewer, signed with their own SSH key: "Only for one shop."',
      );
      expect(again.stdout).toContain("by        the agent switcher, revision 2");
    });

    it.each(["", "\n", "approve", "reject\n"])(
      "and decides nothing where the answer is %j",
      async (input) => {
        const run = await one.startRun();
        const { code, stderr } = await review(one, run, [], { input });
        expect([code, stderr]).toEqual([
          3,
          expect.stringContaining("you gave no decision, and nothing was signed"),
        ]);
        expect(await decisionsOf(one, run)).toEqual([]);
      },
    );
  });

  it("shows every character of the change where it stands, and no line wider than the terminal", async () => {
    const flag = "new_pricing\u202e\u200b ⟦U+0041⟧";
    const on = {
      note: "a\u2067b\tc 日本語日本語日本語日本語日本語日本語",
      list: ["x".repeat(90), "\u001b[2Jgone", "e".concat("\u0301".repeat(9))],
    };
    const run = await one.startRun({ set: [{ flag, on }] });
    const { stdout } = await review(one, run, [], { input: "reject\nNo.\n", env: { COLUMNS: "40" } });
    expect(stdout).not.toMatch(UNSEEN);
    expect(stdout.split("\n").filter((line) => columnsOf(line) > 40)).toEqual([]);
    const whole = stdout.replace(/\n {4}┆ {1,3}/g, "");
    expect(whole).toContain('"flag": "new_pricing⟦U+202E⟧⟦U+200B⟧ ⟦U+27E6⟧U+0041⟦U+27E7⟧"');
    expect(whole).toContain('│ +   "note": "a⟦U+2067⟧b\\tc 日本語日本語日本語日本語日本語日本語"');
    expect(whole).toContain(`│ +     "${"x".repeat(90)}",`);
    expect(whole).toContain("\\u001b[2Jgone");
    expect(whole).toContain("e⟦U+0301 ×9⟧");
  });

  it("shows a text as its lines, tabs and line ends among them", () => {
    expect(diffLines("a\n\tb\r\nc\n", "a\n    b\r\nc\n", 60)).toEqual([
      "    @@ -1,3 +1,3 @@",
      "    │   a",
      "    │ - ⇥   b⟦U+000D⟧",
      "    │ +     b⟦U+000D⟧",
      "    │   c",
    ]);
    expect(diffLines(null, "⇥", 60)).toEqual([
      "    @@ -0,0 +1,1 @@",
      "    │ + ⟦U+21E5⟧",
      "    \\ No newline at end of file",
    ]);
  });

  describe("refuses, and signs nothing", () => {
    const APPROVE = ["--decision", "approve"] as const;

    it("a key that the trust policy does not list, and says what to do", async () => {
      const run = await one.startRun();
      const { code, stderr, stdout } = await review(one, run, APPROVE, { key: strange.file });
      expect([code, stdout]).toEqual([4, ""]);
      expect(stderr.replace(/\n {4}│ /g, "")).toContain(
        "ERR_REVIEWER_KEY: the trust policy lists this key with no reviewer.",
      );
      expect(stderr).toContain(`"publicKey":"${strange.line}"`);
    });

    it("a key that was revoked", async () => {
      const run = await one.startRun();
      const { code, stderr } = await review(one, run, APPROVE, { as: "carol", key: lost.file });
      expect([code, stderr]).toEqual([
        4,
        "ERR_REVIEWER_KEY: this key was revoked at 2026-11-01T00:00:00.000Z\n",
      ]);
    });

    it("a key that proves no presence, where presence is asked for", async () => {
      const run = await touched.startRun();
      const { code, stderr } = await review(touched, run, APPROVE);
      expect([code, stderr]).toEqual([4, "ERR_REVIEWER_KEY: expected a key that proves presence\n"]);
    });

    it("a role that the reviewer does not hold, and asks for one of several", async () => {
      const asks = { APPROVALS: '[{"role":"reviewer","count":1},{"role":"owner","count":1}]' };
      const server = await serveReviewers(people, asks);
      onTestFinished(server.stop);
      const run = await server.startRun();
      const wrong = await review(server, run, [...APPROVE, "--role", "owner"]);
      expect([wrong.code, wrong.stderr]).toEqual([
        4,
        "ERR_ROLE: expected a role of the policy that alice holds, got owner\n",
      ]);
      const bob = { as: "bob", key: bobs.file };
      const several = await review(server, run, APPROVE, bob);
      expect([several.code, several.stderr]).toEqual([
        4,
        expect.stringContaining("name one with --role: reviewer, owner"),
      ]);
      expect((await review(server, run, [...APPROVE, "--role", "owner"], bob)).code).toBe(0);
      const same = await review(server, run, [...APPROVE, "--role", "reviewer"], bob);
      expect([same.code, same.stderr]).toEqual([4, expect.stringContaining("ERR_APPROVALS")]);
      expect(await statusOf(server, run)).toBe("awaiting_decision");
    });

    it("somebody else's token: the deployment takes them for another", async () => {
      const run = await one.startRun();
      const { code, stderr } = await review(one, run, APPROVE, { as: "bob" });
      expect(code).toBe(4);
      expect(stderr).toMatch(
        /ERR_ASSERTION: .*; the signature is good for alice; the token has to be theirs, too/,
      );
      expect(await decisionsOf(one, run)).toEqual([]);
    });

    it("a token of nobody, or of another origin, which never leaves", async () => {
      const run = await one.startRun();
      const way = await standBefore(one.origin, () => undefined);
      const given = { COUNTERSIGN_TOKEN: `${one.origin}=${one.tokenOf("alice")}` };
      const { code, stderr } = await review(one, run, APPROVE, { at: way.origin, env: given });
      expect([code, stderr]).toEqual([4, expect.stringContaining(`COUNTERSIGN_TOKEN=${way.origin}=<token>`)]);
      expect(way.seen.map(({ authorization }) => authorization)).toEqual(way.seen.map(() => undefined));
      expect(way.seen.map(({ body }) => body).join()).not.toContain("token-of-");
    });

    it("a chain that it may not read", async () => {
      const run = await touched.startRun();
      const { code, stderr } = await review(touched, run, APPROVE, { env: { COUNTERSIGN_TOKEN: "" } });
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining("expected an answer of 200, got 401; a token that may read it"),
      ]);
    });

    it("a chain under another trust policy, whatever the server says of itself", async () => {
      const [run, other] = [await one.startRun(), await serveReviewers(people)];
      onTestFinished(other.stop);
      const { code, stdout } = await review(one, run, APPROVE, { trust: await other.trust() });
      expect([code, stdout]).toEqual([
        1,
        expect.stringMatching(/ERR_KEY_UNKNOWN at receipt 0(.|\n)*\ninvalid: /),
      ]);
      expect(stdout).not.toContain("what you decide on");
      expect(await decisionsOf(one, run)).toEqual([]);
    });

    it("rules that the trust policy does not pin", async () => {
      const run = await one.startRun();
      const trust = await one.trust((policy) => ({ ...policy, policies: [`sha256:${"0".repeat(64)}`] }));
      const { code, stdout } = await review(one, run, APPROVE, { trust });
      expect([code, stdout]).toEqual([1, expect.stringContaining("ERR_POLICY")]);
    });

    it("a run that waits for nobody, that is not there, or whose bundle is of another", async () => {
      const run = await one.startRun();
      expect((await review(one, run, ["--decision", "reject"])).code).toBe(0);
      const ended = await review(one, run, APPROVE);
      expect([ended.code, ended.stderr]).toEqual([
        3,
        expect.stringContaining("no decision is due: rejected by alice"),
      ]);
      expect((await review(one, { run: "run-0123456789abcdef01234567" }, APPROVE)).code).toBe(2);
      const [wanted, given] = [await one.startRun(), await one.startRun()];
      const way = await standBefore(one.origin, (seen) =>
        seen.path.endsWith("/bundle")
          ? passOn(one.origin, { ...seen, path: `/api/runs/${given.run}/bundle` })
          : undefined,
      );
      const swapped = await review(one, wanted, APPROVE, { at: way.origin });
      expect([swapped.code, swapped.stdout]).toEqual([1, expect.stringContaining("ERR_RUN_UNEXPECTED")]);
    });

    it.each([
      ["no trust policy", ["https://a.example/runs/r", "--key", "k"], "no trust policy is pinned"],
      [
        "one from a URL",
        ["https://a.example/runs/r", "--key", "k", "--trust", "https://a.example/t"],
        "no trust policy is pinned",
      ],
      ["no key", ["https://a.example/runs/r", "--trust", "t"], "expected --key"],
      ["no run", ["https://a.example/", "--trust", "t", "--key", "k"], "expected the URL of a run"],
      ["two runs", ["a", "b", "--trust", "t", "--key", "k"], "expected one run URL, got 2"],
      [
        "another word",
        ["https://a.example/runs/r", "--trust", "t", "--key", "k", "--decision", "yes"],
        "expected --decision approve",
      ],
      [
        "no words",
        ["https://a.example/runs/r", "--trust", "t", "--key", "k", "--decision", "request-changes"],
        "what to change",
      ],
      ["a flag that there is not", ["--yes"], "--yes"],
    ])("arguments with %s", async (_, args, said) => {
      const { code, stderr } = await runCommand("review", args);
      expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
      expect(stderr).toContain("usage: countersign-review");
    });

    it("a file that is no key, and a machine without ssh-keygen", async () => {
      const run = await one.startRun();
      const noKey = await review(one, run, APPROVE, { key: writeDocument("no key") });
      expect([noKey.code, noKey.stderr]).toEqual([2, expect.stringContaining("ssh-keygen -e failed")]);
      const without = await review(one, run, APPROVE, { env: { PATH: "/nowhere" } });
      expect([without.code, without.stderr]).toEqual([
        2,
        expect.stringContaining("expected ssh-keygen of OpenSSH 8.2"),
      ]);
    });
  });

  describe("where others decide, too", () => {
    const bob = { as: "bob", key: bobs.file };
    const APPROVE = ["--decision", "approve"] as const;

    it("two at the same moment both count, without signing again", async () => {
      const run = await two.startRun();
      const ended = await Promise.all([review(two, run, APPROVE), review(two, run, APPROVE, bob)]);
      expect(ended.map(({ code }) => code)).toEqual([0, 0]);
      expect((await decisionsOf(two, run)).map(({ reviewer }) => reviewer).sort()).toEqual(["alice", "bob"]);
      expect(await statusOf(two, run)).toBe("completed");
    });

    it("an approval that came in while the reviewer read is no obstacle: the intent stays the same", async () => {
      const run = await two.startRun();
      const way = await standBefore(two.origin, async ({ method }, count) => {
        if (method === "POST" && count === 0) expect((await review(two, run, APPROVE, bob)).code).toBe(0);
        return undefined;
      });
      const { code, stdout } = await review(two, run, APPROVE, { at: way.origin });
      expect([code, stdout]).toEqual([
        0,
        expect.stringContaining("approved by bob (own SSH key) and alice (own SSH key)"),
      ]);
      expect(way.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
    });

    it("a decision that does not come through is sent again as it is", async () => {
      const run = await one.startRun();
      const way = await standBefore(one.origin, ({ method }, count) =>
        method === "POST" && count < 2 ? new Response("busy", { status: 503 }) : undefined,
      );
      expect((await review(one, run, APPROVE, { at: way.origin, key: ecdsa.file })).code).toBe(0);
      const sent = way.seen.filter(({ method }) => method === "POST").map(({ body }) => body);
      expect([sent.length, new Set(sent).size]).toEqual([3, 1]);
    });

    it("a decision that came through though its answer did not is not sent again", async () => {
      const run = await one.startRun();
      const way = await standBefore(one.origin, async (seen) => {
        if (seen.method !== "POST") return undefined;
        await passOn(one.origin, seen);
        return new Response("lost", { status: 502 });
      });
      expect((await review(one, run, APPROVE, { at: way.origin })).code).toBe(0);
      expect(way.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
    });

    it("a round that was rejected meanwhile is told, and keeps its chain", async () => {
      const run = await two.startRun();
      const way = await standBefore(two.origin, async ({ method }) => {
        if (method === "POST") await review(two, run, ["--decision", "reject"], bob);
        return undefined;
      });
      const { code, stderr } = await review(two, run, APPROVE, { at: way.origin });
      expect([code, stderr]).toEqual([
        4,
        expect.stringContaining("ERR_DECISION_STALE: the proposal is not open any more"),
      ]);
      expect((await decisionsOf(two, run)).map(({ reviewer }) => reviewer)).toEqual(["bob"]);
    });

    it("a server that says yes and does nothing is not believed", async () => {
      const run = await one.startRun();
      const way = await standBefore(one.origin, ({ method }) =>
        method === "POST" ? Response.json({}) : undefined,
      );
      const { code, stderr } = await review(one, run, APPROVE, { at: way.origin });
      expect([code, stderr]).toEqual([4, expect.stringContaining("ERR_DECISION_MISSING")]);
    });

    it("a server that then shows another chain is not believed", async () => {
      const [run, elsewhere] = [await one.startRun(), await one.startRun()];
      const way = await standBefore(one.origin, (seen, count) =>
        seen.path.endsWith("/bundle") && count > 0
          ? passOn(one.origin, { ...seen, path: `/api/runs/${elsewhere.run}/bundle` })
          : undefined,
      );
      const { code, stdout } = await review(one, run, APPROVE, { at: way.origin });
      expect([code, stdout]).toEqual([1, expect.stringMatching(/ERR_RUN_UNEXPECTED(.|\n)*ERR_HEAD/)]);
    });
  });
});
