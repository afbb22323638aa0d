// Scripts that ask for gated writes, and the call at which a run then waits.
import { expect } from "vitest";
import type { RunContext } from "../../src/run/run-context.ts";

/** Appends text to a file. */
export const WRITE = (path: string, text: string) => `async () => {
  const file = await repository.read_file({ path: ${JSON.stringify(path)} });
  return await repository.write_file({ path: file.path, content: file.content + ${JSON.stringify(text)}, before: file.digest });
}`;

/** Two files, one after the other. */
export const TWO_WRITES = `async () => {
  for (const path of ["src/http.js", "src/pricing.js"]) {
    const file = await repository.read_file({ path });
    await repository.write_file({ path, content: file.content + "\\n// seen\\n", before: file.digest });
  }
  return "done";
}`;

/** The call that waits for a decision, and a way to approve it without letting the run go on. */
export function openCall({ chain, gate, store }: RunContext) {
  const { proposal, preview } = chain.state.round ?? {};
  const action = proposal && store.artifact(proposal.statement.subject[0]?.digest.sha256 ?? "");
  if (!action || !preview) throw new Error("expected an open preview");
  const { args }: { args: { path: string; content: string; before: string } } = JSON.parse(
    new TextDecoder().decode(action),
  );
  return {
    id: preview.statement.predicate.execution.id,
    args,
    approve() {
      const decided = chain.commit(({ append }) =>
        append("decision", [["action", action]], {
          decision: "approve",
          proposal: proposal.digest,
          preview: preview.digest,
          reason: "",
          reviewer: { id: "r", method: "test" },
        }),
      );
      expect(decided.ok).toBe(true);
    },
    /** Signs that the approved call failed, as the step would, but leaves the fence as it is. */
    fail() {
      const decision = chain.state.round?.decision?.digest ?? null;
      const told = chain.commit(({ append }) =>
        append("execution", [["action", action]], {
          decision,
          execution: preview.statement.predicate.execution,
          status: "failed",
          reason: "Told as failed.",
          written: false,
          changes: [],
          more: false,
          recovered: false,
        }),
      );
      expect(told.ok).toBe(true);
    },
    async attempt(execution: string, received: unknown) {
      try {
        return `wrote version ${(await gate.write(execution, received)).version}`;
      } catch (error) {
        return String(error);
      }
    },
  };
}
