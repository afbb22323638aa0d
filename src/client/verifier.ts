// The verifier as a worker of its own: judges what a page hands it, and keeps the verify page's bench. It is served with a
// policy of `default-src 'none'`, so it could not send anything anywhere if it wanted to.
import "./no-eval.ts";
import { refuse } from "../receipt/index.ts";
import { Bench } from "./bench.ts";
import { intend } from "./intend.ts";
import { judge } from "./judgement.ts";
import { readJson } from "./read-source.ts";
import type { Numbered, ReplyTo, Request } from "./verifier-protocol.ts";

type Reply = ReplyTo<Request>;

const bench = new Bench();
let busy: Promise<unknown> = Promise.resolve();

addEventListener("message", ({ data: { id, message } }: MessageEvent<Numbered<Request>>) => {
  // One after the other: each answer is about the bench as its question found it.
  busy = busy.then(async () => postMessage({ id, message: await answerSafely(message) }));
});

/** Hostile input may still exhaust memory or the stack; that is an answer too. */
async function answerSafely(request: Request): Promise<Reply> {
  try {
    return await answer(request);
  } catch (error) {
    return refuse("ERR_UNREADABLE", `expected input that can be taken apart, got ${error}`);
  }
}

async function answer(request: Request): Promise<Reply> {
  switch (request.ask) {
    case "judge":
    case "intend": {
      const bundle = await readJson(request.bundle);
      if (!bundle.ok) return bundle;
      const trust = await readJson(request.trust);
      if (!trust.ok) return trust;
      return request.ask === "judge"
        ? judge(bundle.value, trust.value, request.run)
        : intend(bundle.value, trust.value, request.meant);
    }
    case "bundle":
      return bench.takeBundle(request.source, request.run);
    case "trust":
      return bench.takeTrust(request.source);
    case "other":
      return bench.takeOther(request.source);
    case "break": {
      const broken = bench.break(request.breakage);
      if (!broken.ok) return broken;
      break;
    }
    case "cheat": {
      const cheated = bench.cheat(request.how);
      if (!cheated.ok) return cheated;
      break;
    }
    case "choose":
      bench.choose(request.key);
      break;
    case "believe":
      bench.believe(request.own);
      break;
    case "undo":
      bench.undo();
      break;
    case "restart":
      bench.restart();
      break;
  }
  return bench.sheet();
}
