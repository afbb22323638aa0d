// A chain as a paper tape: a line for each receipt, with what it says and who signed it. The sample's lines are known to the
// server; that they verify is for the reader's own browser to say.
import { type Kind, ROLES, type Role } from "../receipt/index.ts";
import { lapse } from "./duration.ts";
import sample from "./sample-tape.json" with { type: "json" };
import { Seal } from "./seal.tsx";

/** How many receipts the sample has. */
export const SAMPLE_COUNT = sample.lines.length;

/** The lines of the sample. */
export function SampleLines() {
  return (
    <>
      {sample.lines.map(({ kind, role, words, issuedAt }, i) => {
        const before = sample.lines[i - 1];
        return (
          <li class="proof-line">
            <Seal signer={roleOf(role)} />
            <b>{KIND_WORDS[kind as Kind]}</b>
            <span class="proof-mark">{before && `+${lapse(before.issuedAt, issuedAt)}`}</span>
            <span class="proof-words">
              <span class="unseen">Signed by the {role}: </span>
              {words}
            </span>
          </li>
        );
      })}
    </>
  );
}

function roleOf(text: string): Role {
  return ROLES.find((role) => role === text) ?? "runtime";
}

/** The kinds of receipt as headings. */
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  alert: "Alert",
  evidence: "Evidence",
  proposal: "Proposal",
  preview: "Preview",
  decision: "Decision",
  execution: "Execution",
  outcome: "Outcome",
  handoff: "Handoff",
};
