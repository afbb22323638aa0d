// Writes the proposal: read the file afresh, apply the edits, look at a probe of the result, ask for the write.
// The script stops by itself when the file has changed or the preview is no better than what runs now.
import { literal } from "./script-literal.ts";
import type { Edit } from "./write-guard.ts";

export interface Goal {
  path: string;
  edits: readonly Edit[];
  /** What the probe measured before the patch. */
  failed: number;
  goodFailed: number;
}

/** A text as its lines, so that a reviewer can read the script. */
function linesOf(text: string): string {
  const lines = text.split("\n").map(literal);
  if (lines.length === 1) return lines[0] ?? literal(text);
  return `[\n${lines.map((line) => `        ${line},\n`).join("")}      ].join("\\n")`;
}

function editOf({ find, replace }: Edit): string {
  return `    {\n      find: ${linesOf(find)},\n      replace: ${linesOf(replace)},\n    },`;
}

export function writeProposalScript({ path, edits, failed, goodFailed }: Goal): string {
  return `async () => {
  const path = ${literal(path)};
  const edits = [
${edits.map(editOf).join("\n")}
  ];

  const file = await repository.read_file({ path });
  let content = file.content;
  for (const { find, replace } of edits) {
    const parts = content.split(find);
    if (parts.length !== 2) throw new Error(path + " has changed since the investigation: " + JSON.stringify(find));
    content = parts.join(replace);
  }

  const { probe } = await repository.preview_patch({ path, content });
  const { tally } = probe;
  if (tally.failed >= ${literal(failed)} || tally.goodFailed > ${literal(goodFailed)}) {
    throw new Error("The patch cures nothing: " + tally.failed + " failed, " + tally.goodFailed + " good ones.");
  }

  return await repository.write_file({ path, content, before: file.digest });
}`;
}
