// One part of the story: a heading, and who signed for it. The link leads to the receipt in the side column.
import type { Child } from "hono/jsx";
import { type Receipt, SIGNER_OF } from "../receipt/index.ts";
import { Seal } from "./seal.tsx";

interface ChapterProps {
  readonly id: string;
  readonly title: string;
  readonly receipts: readonly (Receipt | null)[];
  readonly children?: Child;
}

export function Chapter({ id, title, receipts, children }: ChapterProps) {
  return (
    <section class="chapter" id={id} aria-labelledby={`${id}-title`}>
      <header class="chapter-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <SignedBy receipts={receipts} />
      </header>
      {children}
    </section>
  );
}

/** `signed by agent, receipt 2`, for each receipt that there is. */
export function SignedBy({ receipts }: { receipts: readonly (Receipt | null)[] }) {
  return (
    <p class="signed-by">
      {receipts.flatMap((receipt) => {
        if (!receipt) return [];
        const { seq } = receipt.statement.predicate;
        const role = SIGNER_OF[receipt.kind];
        return [
          <a href={`#receipt-${seq}`}>
            <Seal signer={role} />
            <span>
              {receipt.kind} signed by {role}
              <span class="unseen">, receipt {seq}</span>
            </span>
          </a>,
        ];
      })}
    </p>
  );
}
