// Runs that continue others: ended quickly, continued over HTTP, and followed with the verifier.
import { evictDurableObject } from "cloudflare:test";
import { expect } from "vitest";
import { type Bundle, follow, type Lineage, type RunView } from "../../src/chain/index.ts";
import { nameRun } from "../../src/http/run-stub.ts";
import type { ReceiptOf } from "../../src/receipt/index.ts";
import type { LineageView } from "../../src/run/run-api.ts";
import { decided, get, post, receiptsOf, startRun, stubOf } from "./client.ts";
import { inside } from "./instances.ts";

export const bundleOf = (run: string) => get<Bundle>(`/api/runs/${run}/bundle`);
export const lineageOf = (run: string) => get<LineageView>(`/api/runs/${run}/lineage`);

export async function followRun(run: string): Promise<Lineage> {
  return follow(await bundleOf(run), [await get("/.well-known/countersign.json")], { run });
}

export async function continued(run: string): Promise<RunView> {
  const response = await post("/api/runs", { continues: { run } });
  expect(response.status, await response.clone().text()).toBe(201);
  return response.json();
}

/** A run that a reviewer rejected for a reason. */
export const rejectedFor = async (reason: string) => decided(await startRun(), "reject", { reason });

export async function firstReceipt(run: string) {
  const { receipts } = await receiptsOf(run);
  const [alert] = receipts;
  if (alert?.kind !== "alert") throw new Error("expected an alert");
  return alert.statement as ReceiptOf<"alert">["statement"];
}

/** Changes a run's stored rows, and throws away the instance that remembers what they were. */
export async function tamper(run: string, sql: string): Promise<void> {
  await inside(run, (_context, _instance, state) => {
    state.storage.sql.exec(sql);
  });
  await evictDurableObject(stubOf(run));
}

/** For {@link tamper}: makes a stored signature another. Add which. */
export const DAMAGE = `UPDATE receipts SET envelope = replace(envelope, '"sig":"', '"sig":"AAAA')`;

/** An Idempotency-Key, and the run that a start with it leads to. */
export function keyed(): { readonly headers: Record<string, string>; readonly run: string } {
  const key = crypto.randomUUID();
  return { headers: { "idempotency-key": key }, run: nameRun(JSON.stringify(["open", "visitor", key])) };
}

/** Waits until a run has told its parent of itself. */
export async function toldParent(run: string): Promise<void> {
  await inside(run, async (_context, instance) => {
    const opened = await instance.open();
    if (opened.ok) await opened.value.upkeep.deliver();
  });
}
