// Several approvals, in every order and at every moment: the fold takes as many as the policy asks for, never more, and no call is told as
// made with fewer. A model of a few lines says what is to come of each decision; the fold has to agree.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Asked, type Attempt, type Base, decide, mayExecute, ROLES, waiting } from "./open-round.ts";

/** Whether somebody may decide so, whatever others have done. */
function mayAtAll(asked: Asked, { reviewer, role, key, decision }: Attempt): boolean {
  const asksRole = role === "reviewer" ? asked.reviewers > 0 : asked.owners > 0;
  if (!asksRole || !ROLES[reviewer]?.includes(role)) return false;
  // A listed reviewer has no listed key here; a stranger's may be anybody's.
  if (key !== null && !reviewer.startsWith("stranger")) return false;
  if (decision === "reject") return true;
  if (asked.separate && reviewer === "starter") return false;
  const others = asked.separate || asked.reviewers + asked.owners > 1;
  return !(asked.edited && reviewer === "author" && others);
}

/** What is to come of each attempt, by the words of the design alone. */
function expected(asked: Asked, expiresAt: number, from: number, attempts: readonly Attempt[]) {
  const left = { reviewer: asked.reviewers, owner: asked.owners };
  const [people, keys] = [new Set<string>(), new Set<string>()];
  let [time, settled] = [from, ""];
  const taken = attempts.map((attempt) => {
    const { reviewer, role, key, decision, before } = attempt;
    const at = Math.max(time, expiresAt - before);
    if (settled || at >= expiresAt || !mayAtAll(asked, attempt)) return false;
    if (decision === "reject") {
      [time, settled] = [at, "reject"];
      return true;
    }
    if (left[role] === 0 || people.has(reviewer) || (key !== null && keys.has(key))) return false;
    left[role] -= 1;
    people.add(reviewer);
    if (key !== null) keys.add(key);
    time = at;
    if (left.reviewer + left.owner === 0) settled = "approve";
    return true;
  });
  return { taken, settled };
}

const asked: fc.Arbitrary<Asked> = fc.record({
  reviewers: fc.integer({ min: 0, max: 3 }),
  owners: fc.integer({ min: 0, max: 2 }),
  separate: fc.boolean(),
  edited: fc.boolean(),
});

/** Mostly approvals, in good time. */
const attempt: fc.Arbitrary<Attempt> = fc.record({
  reviewer: fc.constantFrom(...Object.keys(ROLES)),
  role: fc.constantFrom("reviewer", "owner"),
  key: fc.option(fc.constantFrom("ed25519:a", "ed25519:b"), { freq: 2 }),
  decision: fc.oneof(
    { weight: 40, arbitrary: fc.constant("approve" as const) },
    { weight: 1, arbitrary: fc.constant("reject" as const) },
  ),
  before: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1000, max: 600_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }) },
  ),
});

const bases = new Map<string, Promise<Base>>();
function baseOf(policy: Asked): Promise<Base> {
  const name = JSON.stringify(policy);
  const known = bases.get(name) ?? waiting(policy);
  bases.set(name, known);
  return known;
}

/** Attempts one after the other, as a Durable Object takes what comes at the same moment. */
function fold(base: Base, attempts: readonly Attempt[]) {
  let { state } = base;
  const taken = attempts.map((each) => {
    const next = decide(base, state, each);
    if (next) state = next;
    return next !== null;
  });
  return { taken, state };
}

describe("32 decisions at one moment", () => {
  it("come to as many approvals as the policy asks for, never more, and a call is made with no fewer", async () => {
    const seen = { approve: 0, reject: 0, open: 0 };
    await fc.assert(
      fc.asyncProperty(
        asked.filter(({ reviewers, owners }) => reviewers + owners > 0),
        fc.array(attempt, { minLength: 32, maxLength: 32 }),
        async (policy, attempts) => {
          const base = await baseOf(policy);
          const from = Date.parse(base.state.issuedAt ?? "");
          const wanted = expected(policy, base.expiresAt, from, attempts);
          const { taken, state } = fold(base, attempts);
          expect(taken).toEqual(wanted.taken);
          const settled = state.round?.settledBy?.statement.predicate.decision ?? "";
          expect(settled).toBe(wanted.settled);
          expect(mayExecute(base, state)).toBe(settled === "approve");
          const approvals = (state.round?.decisions ?? [])
            .map(({ statement }) => statement.predicate)
            .filter(({ decision }) => decision === "approve");
          const count = (role: string) => approvals.filter((each) => each.role === role).length;
          expect(count("reviewer")).toBeLessThanOrEqual(policy.reviewers);
          expect(count("owner")).toBeLessThanOrEqual(policy.owners);
          expect(settled === "approve").toBe(approvals.length === policy.reviewers + policy.owners);
          expect(new Set(approvals.map(({ reviewer }) => reviewer.id)).size).toBe(approvals.length);
          seen[settled === "approve" || settled === "reject" ? settled : "open"] += 1;
        },
      ),
      { numRuns: 300 },
    );
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(5);
  });

  const two: Asked = { reviewers: 1, owners: 1, separate: true, edited: true };
  const good = { key: null, decision: "approve", before: 1000 } as const;

  it.each<[who: string, attempts: Attempt[], taken: number]>([
    [
      "by both",
      Array.from({ length: 32 }, (_, i) =>
        i % 2
          ? { reviewer: "alice", role: "reviewer", ...good }
          : { reviewer: "carol", role: "owner", ...good },
      ),
      2,
    ],
    [
      "by one who holds both roles",
      Array.from({ length: 32 }, (_, i) => ({
        reviewer: "bob",
        role: i % 2 ? "reviewer" : "owner",
        ...good,
      })),
      1,
    ],
    [
      "by the starter",
      Array.from({ length: 32 }, (_, i) => ({
        reviewer: "starter",
        role: i % 2 ? "reviewer" : "owner",
        ...good,
      })),
      0,
    ],
    [
      "by the author of an edit",
      Array.from({ length: 32 }, (_, i) => ({
        reviewer: "author",
        role: i % 2 ? "reviewer" : "owner",
        ...good,
      })),
      0,
    ],
    [
      "from the expiry on",
      Array.from({ length: 32 }, (_, i) => ({ reviewer: "carol", role: "owner", ...good, before: -i })),
      0,
    ],
    [
      "up to the last millisecond, and after",
      [
        { reviewer: "alice", role: "reviewer", ...good, before: 1 },
        { reviewer: "carol", role: "owner", ...good, before: 0 },
      ],
      1,
    ],
  ])("%s are taken as often as they count", async (_, attempts, count) => {
    const base = await baseOf(two);
    const { taken, state } = fold(base, attempts);
    expect(taken.filter(Boolean)).toHaveLength(count);
    expect(mayExecute(base, state)).toBe(count === 2);
  });
});
