// What surrounds a run under test: settings of its deployment, a list of runs that fails, and a receiver of webhooks.
import type { Env } from "../../../src/run/env.ts";
import type { RunDurableObject } from "../../../src/run/run-durable-object.ts";
import type { RunIndex } from "../../../src/run/run-index.ts";
import { listen } from "./receiver.ts";

export interface Surroundings {
  /** The list of runs answers nothing but errors until the run has ended. */
  readonly listIsDown?: true;
  /** The deployment names a receiver of webhooks. One that is down takes nothing until the run has ended. */
  readonly receiver?: "up" | "down";
  /** Ended runs are kept for ever: they have no alarm for the end of their time. */
  readonly keptForever?: true;
}

/** What the surroundings ask of the run they are for. */
export interface Surrounded {
  readonly run: string;
  /** Whether what is to fail still does. Asked at each call. */
  isDown(): boolean;
  /** Told of each message that the receiver has taken, by its id. */
  hear(id: string): void;
}

/** Gives an instance its surroundings. To be called before it does anything. */
export function surround(
  instance: RunDurableObject,
  { keptForever, listIsDown, receiver }: Surroundings,
  subject: Surrounded,
): void {
  const own = Reflect.get(instance, "env");
  const value = {
    ...own,
    ...(keptForever && { RETENTION_DAYS: "forever" }),
    ...(listIsDown && { INDEX: unreliable(own.INDEX, subject) }),
    ...(receiver && receiving(receiver === "down", subject)),
  };
  Object.defineProperty(instance, "env", { value, configurable: true });
}

/** The list, which takes nothing while it is down. */
function unreliable(lists: Env["INDEX"], { isDown }: Surrounded) {
  return {
    getByName: (name: string): Pick<RunIndex, "report"> => ({
      report: async (entry) => {
        if (isDown()) throw new Error("the list is down");
        await lists.getByName(name).report(entry);
      },
    }),
  };
}

/** The settings that name a receiver, which is there from now on. */
function receiving(fails: boolean, { run, isDown, hear }: Surrounded) {
  const url = `https://receiver.example/${run}`;
  listen(url, async (headers) => {
    if (fails && isDown()) return new Response(null, { status: 503 });
    hear(headers.get("webhook-id") ?? "");
    return new Response(null, { status: 204 });
  });
  return { WEBHOOK_URL: url, WEBHOOK_SECRET: `whsec_${btoa("a secret that only this test knows")}` };
}
