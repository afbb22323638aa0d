// A Worker for remote kills: pull requests of a forge on loopback, merged by calls that can be found, repeated, or neither. The title
// of the alert says which, and on which repository.

import * as z from "zod";
import {
  CodemodeRuntime,
  countersign,
  defineDomain,
  type Found,
  gated,
  NotApplied,
  type RemoteCall,
  RunDurableObject,
  type RunEnv,
  RunIndex,
  scripted,
} from "../../../src/package.ts";

export { CodemodeRuntime, RunIndex };

interface Env extends RunEnv {
  readonly FORGE: string;
  readonly RUN: DurableObjectNamespace<MergeRun>;
  readonly INDEX: DurableObjectNamespace<RunIndex>;
}

const args = z.strictObject({ repository: z.string() });
type Remote = RemoteCall<z.infer<typeof args>, Env>;

const send: Remote["send"] = async ({ repository }, { env, idempotencyKey, signal }) => {
  const answer = await fetch(`${env.FORGE}/${repository}/${idempotencyKey}`, { method: "POST", signal });
  if (answer.status === 412) throw new NotApplied("the branch has moved");
  if (!answer.ok) throw new Error(`the forge answered ${answer.status}`);
  return answer.json();
};

const find = async (
  { repository }: z.infer<typeof args>,
  { env, idempotencyKey, signal }: Parameters<NonNullable<Remote["find"]>>[1],
): Promise<Found> => {
  const answer = await fetch(`${env.FORGE}/${repository}/${idempotencyKey}`, { signal });
  if (answer.status === 404) return "absent";
  return answer.ok ? { result: await answer.json() } : "unknown";
};

/** The forge answers within 0.3 s of being asked, or never: what it has not heard of after 1.5 s, it was not asked. */
const TIMES = { settleSeconds: 1.5, giveUpSeconds: 60 };

const merging = (method: string, remote: Partial<Remote>) =>
  gated<z.infer<typeof args>, Env>({
    connector: "forge",
    method,
    description: "Merges a pull request.",
    args,
    effects: [{ resource: "head:{repository}", before: "unknown", after: "unknown" }],
    remote: { send, ...TIMES, ...remote },
  });

const merges = defineDomain<Env>({
  name: "merges",
  rule: "A human approves every merge.",
  calls: [merging("found", { find }), merging("repeated", { repeatable: true }), merging("once", {})],
});

export class MergeRun extends RunDurableObject<Env> {
  domain = merges;
  planner = scripted({
    id: "merger",
    investigate: () => `async () => ({ summary: "a pull request is ready" })`,
    propose: ({ alert }) => {
      const [method = "", repository = ""] = alert.title.split(" ");
      return {
        code: `async () => forge.${method}({ repository: "${repository}" })`,
        title: alert.title,
        summary: "",
        risk: "medium",
        feedback: null,
      };
    },
  });
}

export default countersign<Env>({ runs: (env) => env.RUN, index: (env) => env.INDEX, reviewers: [] });
