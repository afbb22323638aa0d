// A trust policy from elsewhere that pins run policies which require a reviewer's key, and runs that stand or fall under it.
import type { Asserter } from "./asserter.ts";
import type { Story } from "./case.ts";
import { edited, type Json, put } from "./json-edit.ts";
import { POLICY } from "./policy.ts";
import { canonicalBytes, digestOf } from "./primitives.ts";
import { LISTED } from "./reviewer-keys.ts";
import { SCENARIOS, SEQ } from "./scenarios.ts";
import { amend, type Step } from "./step.ts";

/** The axis of chains by somebody who holds the Worker's three keys and its database. */
export const WORKER_KEYS = "the Worker's keys";

const requiring = (word: "required" | "present"): Json => edited(POLICY, put("reviewerKey", word));

/** The digests of the policies that count. */
export const PINS = [requiring("required"), requiring("present")].map((policy) =>
  digestOf(canonicalBytes(policy)),
);

/** The reviewers and their keys, and the two policies that count. */
export const PINNED: Json = edited(LISTED, put("policies", PINS));

export const required: Story = { trust: PINNED, options: { policy: put("reviewerKey", "required") } };
export const present: Story = { trust: PINNED, options: { policy: put("reviewerKey", "present") } };

/** A run of these steps, under the policy that requires a key unless something else is said. */
export const from = (steps: readonly Step[], story = required): Story => ({ ...story, from: steps });

/** An approved run with this decision. */
export const decided = (step: Partial<Step>, story = required): Story =>
  from(amend(SCENARIOS.approved, SEQ.decision, step), story);

export const byAlice = (assert: Asserter): Partial<Step> => ({ reviewer: "alice", assert });
