// What the agent looked at: one entry per finished connector call, as the runtime's own log recorded it.
import { Chapter } from "./chapter.tsx";
import { SourceBox } from "./code-box.tsx";
import { artifactPath, ExactBytes } from "./digest-text.tsx";
import { EvidenceResult, EvidenceTitle } from "./evidence-result.tsx";
import { CallName } from "./round-section.tsx";
import { Words } from "./shown-text.tsx";
import type { EvidenceStory } from "./story.ts";

export function EvidenceSection({ run, evidence }: { run: string; evidence: EvidenceStory }) {
  const { receipt, items, code } = evidence;
  const { summary, items: named } = receipt.statement.predicate;
  return (
    <Chapter id="evidence" title="What the agent looked at" receipts={[receipt]}>
      <p class="words">
        <Words text={summary} />
      </p>
      <ol class="evidence">
        {items.map(({ artifact, call }, i) => (
          <li>
            <details>
              <summary>
                <CallName {...(named[i] ?? { connector: "", method: "" })} />{" "}
                <span class="aside">{call && <EvidenceTitle call={call} />}</span>
              </summary>
              <EvidenceResult call={call} text={artifact.text} exact={artifactPath(run, artifact.sha256)} />
              <ExactBytes run={run} sha256={artifact.sha256} />
            </details>
          </li>
        ))}
      </ol>
      {items.length === 0 && <p>No call finished.</p>}
      <details>
        <summary>The script that asked for all this</summary>
        <SourceBox
          label="The investigation script"
          path="script.js"
          text={code.text ?? ""}
          exact={artifactPath(run, code.sha256)}
        />
        <ExactBytes run={run} sha256={code.sha256} />
      </details>
    </Chapter>
  );
}
