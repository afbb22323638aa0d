// Merges pull requests: an agent looks at the one that the alert names ("Merge #7"), and a human approves the merge.
import type { RunIndex } from "countersign";
import { countersign, RunDurableObject, scripted } from "countersign";
import { type ForgeEnv, pullRequests } from "./merge.ts";

interface Env extends ForgeEnv {
  readonly RUN: DurableObjectNamespace<MergeRun>;
  readonly INDEX: DurableObjectNamespace<RunIndex>;
}

const numberIn = (title: string) => /#(\d+)/.exec(title)?.[1];

export const merger = scripted({
  id: "merger",
  investigate: ({ alert }) => {
    const number = numberIn(alert.title);
    if (number === undefined) return `async () => ({ summary: "The alert names no pull request." })`;
    return `async () => {
      const pull = await pulls.get({ number: ${number} });
      return { summary: pull.title + ", " + pull.state };
    }`;
  },
  propose: ({ alert, evidence }) => {
    const pull = Object(evidence[0]?.items[0]?.result);
    if (pull.state !== "open") return { stop: "There is no open pull request to merge." };
    const args = JSON.stringify({ number: Number(numberIn(alert.title)), base: pull.base.ref });
    return {
      code: `async () => pulls.merge(${args})`,
      title: `Merge: ${pull.title}`.slice(0, 120),
      summary: "",
      risk: "medium",
      feedback: null,
    };
  },
});

export class MergeRun extends RunDurableObject<Env> {
  domain = pullRequests;
  planner = merger;
}
export { CodemodeRuntime, RunIndex } from "countersign";
export default countersign<Env>({ runs: (env) => env.RUN, index: (env) => env.INDEX, reviewers: [] });
