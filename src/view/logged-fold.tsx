// What the deployment's log has of a run, on its page.
import type { RunStory } from "../host/run-story.ts";
import { Instant } from "./instant.tsx";
import { Path } from "./shown-text.tsx";

/** What the deployment's log has of the run, and who saw it there. */
export function LoggedFold({ logged }: Pick<RunStory, "logged">) {
  const [first] = logged;
  if (!first) return null;
  return (
    <details class="fold" id="logged">
      <summary>
        In the log <span class="aside">{first.origin}</span>
      </summary>
      <div>
        <ul class="resources">
          {logged.map(({ seq, index, witnesses }) => (
            <li>
              Receipt {seq}, as entry {index}; seen by{" "}
              {witnesses.length === 0
                ? "no witness"
                : witnesses.map(({ name, time }, i) => (
                    <>
                      {i > 0 && ", "}
                      <Path text={name} /> at <Instant at={new Date(time * 1000).toISOString()} />
                    </>
                  ))}
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
