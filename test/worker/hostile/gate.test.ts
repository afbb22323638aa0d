// The write gate alone, with everything before it passed by: whatever values reach it, and whoever calls it when, it writes the
// one approved call, once. Each attempt is wrong in one way.

import { runInDurableObject } from "cloudflare:test";
import { RpcTarget } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { stubOf } from "../client.ts";
import { contextOf } from "../instances.ts";
import { attack, bodies, CALL, TARGET } from "./attack.ts";

type Args = { path: string; content: string; before: string | null };
const approvedArgs = (): Args => JSON.parse(CALL);

let run: string;
beforeEach(async () => {
  run = (await attack(bodies({}))).run;
});

/** A call of the gate, made from the approved arguments and execution. */
type Attempt = (args: Args, id: string) => readonly [id: string, args: unknown];
const asApproved: Attempt = (args, id) => [id, args];

/** Approves the open call without letting the run carry it out, then tries to write. */
async function attempts(tries: readonly Attempt[], atOnce = false) {
  return runInDurableObject(stubOf(run), async (instance, state) => {
    const { chain, store, gate, repository } = await contextOf(instance);
    const { proposal, preview } = chain.state.round ?? {};
    const action = proposal && store.artifact(proposal.statement.subject[0]?.digest.sha256 ?? "");
    if (!preview || !action) throw new Error("expected an open preview");
    const reviewer = { id: "r", method: "test" };
    const decision = {
      decision: "approve",
      proposal: proposal.digest,
      preview: preview.digest,
      reason: "",
      reviewer,
    } as const;
    expect(chain.commit(({ append }) => append("decision", [["action", action]], decision)).ok).toBe(true);
    const write = (attempt: Attempt) => {
      const [id, args] = attempt(approvedArgs(), preview.statement.predicate.execution.id);
      return gate.write(id, args).then(() => "written", String);
    };
    const answers: string[] = atOnce ? await Promise.all(tries.map(write)) : [];
    if (!atOnce) for (const attempt of tries) answers.push(await write(attempt));
    const versions = state.storage.sql.exec("SELECT path, version FROM files WHERE version > 0").toArray();
    return { answers, versions, content: repository.read(TARGET)?.content ?? null };
  });
}

const HOSTILE: readonly (readonly [string, (args: Args) => unknown])[] = [
  ["another content", (args) => ({ ...args, content: "switched" })],
  ["another path", (args) => ({ ...args, path: "src/http.js" })],
  ["an argument more", (args) => ({ ...args, mode: 0o777 })],
  ["an argument less", ({ path, content }) => ({ path, content })],
  ["an undefined one more", (args) => ({ ...args, more: undefined })],
  ["a cycle", (args) => Object.assign(args, { self: args })],
  ["a toJSON that tells the approved ones", (args) => ({ ...args, content: "switched", toJSON: () => args })],
  [
    "a getter",
    (args) => ({
      ...args,
      get content() {
        return args.content;
      },
    }),
  ],
  ["a Map", (args) => new Map(Object.entries(args))],
  ["an instance of a class", (args) => Object.assign(new (class Args {})(), args)],
  ["inherited arguments", (args) => Object.create(args)],
  ["a String object", (args) => ({ ...args, content: new String(args.content) })],
  ["bytes", (args) => ({ ...args, content: new TextEncoder().encode(args.content) })],
  [
    "a proxy that changes its mind",
    (args) =>
      new Proxy(args, {
        get: (t, name) => (name === "content" ? "switched" : Reflect.get(t, name)),
        getOwnPropertyDescriptor: (t, name) => ({
          ...Reflect.getOwnPropertyDescriptor(t, name),
          value: name === "content" ? "switched" : Reflect.get(t, name),
        }),
      }),
  ],
  ["a target of calls", () => new (class extends RpcTarget {})()],
  ["a list", (args) => [args]],
  ["its text", (args) => JSON.stringify(args)],
  ["nothing", () => undefined],
];

describe("the gate, after the approval", () => {
  it("refuses everything but the approved arguments, and then still writes those, once", async () => {
    const { answers, versions, content } = await attempts([
      ...HOSTILE.map(
        ([, change]): Attempt =>
          (args, id) => [id, change(args)],
      ),
      asApproved,
      asApproved,
    ]);
    for (const [i, [name]] of HOSTILE.entries()) expect(answers[i], name).not.toBe("written");
    expect(answers.slice(HOSTILE.length)).toEqual(["written", expect.stringContaining("used up")]);
    expect(versions).toEqual([{ path: TARGET, version: 1 }]);
    expect(content).toBe(approvedArgs().content);
  });

  it.each([
    ["no execution", ""],
    ["another execution", "exec_0"],
    ["one that begins the same", "exec"],
  ])("refuses the approved arguments of %s", async (_, id) => {
    const { answers, versions } = await attempts([(args) => [id, args]]);
    expect(answers).toEqual([expect.stringContaining("another execution")]);
    expect(versions).toEqual([]);
  });

  it("writes once when the same call comes many times at once", async () => {
    const { answers, versions } = await attempts(new Array<Attempt>(6).fill(asApproved), true);
    expect(answers.filter((answer) => answer === "written")).toHaveLength(1);
    expect(versions).toEqual([{ path: TARGET, version: 1 }]);
  });
});
