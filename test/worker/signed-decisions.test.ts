// Decisions that reviewers sign with passkeys of their own, over the API: several at the same moment, and what a wrong or missing key gets.
import { describe, expect, it } from "vitest";
import type { Intent } from "../../src/chain/index.ts";
import { verify } from "../../src/chain/index.ts";
import type { RunView } from "../../src/host/index.ts";
import { bundleOf, expectNothingSigned, get, issue, predicatesOf, refusalOf, tokens } from "./client.ts";
import { withVars } from "./inside.ts";
import { PASSKEYS } from "./reviewers.ts";

const OWNERS = { "owner-1": issue("owner-1"), "owner-2": issue("owner-2") };
type Owner = keyof typeof OWNERS;
const here = tokens(Object.values(OWNERS));

/** Starts a run that so many owners have to approve, each with a passkey. */
const start = (count: number) =>
  withVars(
    { REVIEW_AUTH: "token", REVIEWER_KEY: "present", APPROVALS: JSON.stringify([{ role: "owner", count }]) },
    async () => {
      const answer = await here.post("/api/runs", {}, OWNERS["owner-1"].bearer);
      expect(answer.status, await answer.clone().text()).toBe(201);
      return answer.json<RunView>();
    },
  );

async function intentOf({ run }: RunView, who: Owner, query = "decision=approve"): Promise<Intent> {
  const answer = await here.ask(`/api/runs/${run}/intent?${query}`, { headers: OWNERS[who].bearer });
  return (await answer.json<{ intent: Intent }>()).intent;
}

const send = ({ run, pending }: RunView, who: Owner, more: object, how = "approve") =>
  here.post(`/api/runs/${run}/${how}`, { proposal: pending?.proposal, ...more }, OWNERS[who].bearer);

describe("two owners who approve at the same moment", () => {
  it("both count, each signed once with their own passkey, and the call is made once", async () => {
    const view = await start(2);
    const signed = await Promise.all(
      (["owner-1", "owner-2"] as const).map(async (who) => ({
        who,
        assertion: await PASSKEYS[who].sign(await intentOf(view, who)),
      })),
    );
    const answers = await Promise.all(signed.map(({ who, assertion }) => send(view, who, { assertion })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await expect.poll(async () => (await get<RunView>(`/api/runs/${view.run}`)).status).toBe("completed");
    const { report, run } = await verify(
      await bundleOf(view.run),
      await get("/.well-known/countersign.json"),
      { run: view.run },
    );
    expect(report.verdict).toBe("valid");
    const [round, ...others] = run?.rounds ?? [];
    expect(others).toEqual([]);
    expect(round?.execution?.status).toBe("executed");
    expect(round?.decisions.map(({ reviewer }) => reviewer).sort()).toEqual(["owner-1", "owner-2"]);
    expect(round?.decisions.map(({ signed }) => signed)).toEqual([
      { type: "webauthn", listed: true },
      { type: "webauthn", listed: true },
    ]);
  });

  it("are told with the first approval who has given one, and how", async () => {
    const view = await start(2);
    const assertion = await PASSKEYS["owner-2"].sign(await intentOf(view, "owner-2"));
    const one: RunView = await (await send(view, "owner-2", { assertion })).json();
    expect(one.pending?.approvals).toMatchObject({
      given: [{ role: "owner", reviewer: "owner-2", signed: "webauthn" }],
      missing: [{ role: "owner", count: 1 }],
    });
    const page = await (await here.ask(`/runs/${view.run}`, { headers: OWNERS["owner-1"].bearer })).text();
    expect(page).toMatch(/✓ <bdi>owner-2<\/bdi><\/b>, with a passkey/);
    expect(page).toContain("1 of 2 missing");
    expect(page).toContain("Sign and approve");
    const again = await (await here.ask(`/runs/${view.run}`, { headers: OWNERS["owner-2"].bearer })).text();
    expect(again).toContain("You approved this already. Others are still asked.");
  });
});

describe("where a passkey is asked for", () => {
  it.each<
    [what: string, status: number, code: string, says: string, sign: (view: RunView) => Promise<object>]
  >([
    ["nothing", 403, "ERR_REVIEWER_KEY", "a key of owner-1 that the trust policy lists", async () => ({})],
    [
      "another owner's key",
      403,
      "ERR_REVIEWER_KEY",
      "another reviewer",
      async (view) => ({ assertion: await PASSKEYS["owner-2"].sign(await intentOf(view, "owner-1")) }),
    ],
    [
      "a key that nobody lists",
      403,
      "ERR_REVIEWER_KEY",
      "does not list this key of owner-1",
      async (view) => ({ assertion: await PASSKEYS.nobody.sign(await intentOf(view, "owner-1")) }),
    ],
    [
      "a signature of a rejection",
      422,
      "ERR_ASSERTION",
      "the SHA-256 of the intent",
      async (view) => ({
        assertion: await PASSKEYS["owner-1"].sign(await intentOf(view, "owner-1", "decision=reject")),
      }),
    ],
    [
      "a signature of other words",
      422,
      "ERR_ASSERTION",
      "the SHA-256 of the intent",
      async (view) => ({
        reason: "Fine.",
        assertion: await PASSKEYS["owner-1"].sign(await intentOf(view, "owner-1")),
      }),
    ],
    [
      "a signature made at another address",
      422,
      "ERR_ASSERTION",
      "the passkey's origin",
      async (view) => ({
        assertion: await PASSKEYS["owner-1"].sign(await intentOf(view, "owner-1"), "http://localhost:9999"),
      }),
    ],
  ])("%s gets %i %s, in words, and nothing is signed", async (_, status, code, says, sign) => {
    const view = await start(1);
    await expectNothingSigned(view.run, async () => {
      const answer = await send(view, "owner-1", await sign(view));
      expect((await answer.clone().json<{ detail: string }>()).detail).toContain(says);
      expect(await refusalOf(answer)).toEqual([status, code]);
    });
  });

  it.each(["reject", "request-changes"] as const)("%s takes one, too", async (how) => {
    const view = await start(1);
    const words = how === "reject" ? { reason: "No." } : { feedback: "Halve it." };
    const query = `decision=${how.replace("-", "_")}&reason=${encodeURIComponent(Object.values(words)[0] ?? "")}`;
    expect(await refusalOf(await send(view, "owner-1", words, how))).toEqual([403, "ERR_REVIEWER_KEY"]);
    const assertion = await PASSKEYS["owner-1"].sign(await intentOf(view, "owner-1", query));
    expect((await send(view, "owner-1", { ...words, assertion }, how)).status).toBe(200);
    expect(await predicatesOf(view.run, "decision")).toMatchObject([
      { assertion: "webauthn", role: "owner" },
    ]);
  });
});
