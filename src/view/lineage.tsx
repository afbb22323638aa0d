// The runs before and after this one. What it continues is bound by its own first receipt; what continues it are notes that nobody signed.
import type { RunStory } from "../host/run-story.ts";
import { Instant } from "./instant.tsx";
import { Name } from "./shown-text.tsx";

export function LineageFold({ story }: { story: RunStory }) {
  const { ancestors, continuedBy } = story.lineage;
  if (ancestors.length === 0 && continuedBy.length === 0) return null;
  const count = ancestors.length + continuedBy.length;
  return (
    <details class="fold" id="lineage">
      <summary>
        Before and after this run <span class="aside">{count === 1 ? "1 run" : `${count} runs`}</span>
      </summary>
      <div>
        {ancestors.length > 0 && (
          <p>
            It continues{" "}
            {ancestors.map(({ run, issuer }, i) => (
              <>
                {i > 0 && ", which continues "}
                <RunName run={run} issuer={issuer} own={story.issuer} />
              </>
            ))}
            . Its first receipt binds that run’s whole chain.
          </p>
        )}
        {continuedBy.length > 0 && (
          <p>
            Continued by{" "}
            {continuedBy.map(({ run, notedAt }, i) => (
              <>
                {i > 0 && ", "}
                <a href={`/runs/${run}`}>
                  <code>{run}</code>
                </a>{" "}
                (<Instant at={notedAt} />)
              </>
            ))}
            . This run does not sign that; the first receipt of each of those runs does.
          </p>
        )}
      </div>
    </details>
  );
}

/** A run by its name; a link if it is one of this deployment. */
function RunName({ run, issuer, own }: { run: string; issuer: string; own: string | null }) {
  if (issuer === own)
    return (
      <a href={`/runs/${run}`}>
        <code>{run}</code>
      </a>
    );
  return (
    <>
      <code>{run}</code> of <Name text={issuer} />
    </>
  );
}
