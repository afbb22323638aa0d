// The result of one connector call. Known calls are laid out to be read; any other is shown as the JSON it is.
import type { z } from "zod";
import { callResults, type EvidenceCall } from "./artifact-json.ts";
import { ArtifactBox, SourceBox } from "./code-box.tsx";
import { FailureTable, ProbeTable, tallySentence } from "./probe-report.tsx";
import { Name, Path, Title, Words } from "./shown-text.tsx";

type Drawn = {
  [Name in keyof typeof callResults]: { name: Name; result: z.infer<(typeof callResults)[Name]> };
};

/** Reads the result of a call that the page knows, or null. */
function readResult({ connector, method, result }: EvidenceCall): Drawn[keyof Drawn] | null {
  switch (`${connector}.${method}`) {
    case "browser.run_checkout":
      return drawn("probe", callResults.probe.safeParse(result).data);
    case "runbooks.search":
      return drawn("runbooks", callResults.runbooks.safeParse(result).data);
    case "workspace.read_notes":
      return drawn("notes", callResults.notes.safeParse(result).data);
    case "repository.read_file":
      return drawn("file", callResults.file.safeParse(result).data);
    default:
      return null;
  }
}

function drawn<Name extends string, Value>(name: Name, result: Value | undefined) {
  return result === undefined ? null : { name, result };
}

/** A few words that tell one call from the next. */
export function EvidenceTitle({ call }: { call: EvidenceCall }) {
  const known = readResult(call);
  switch (known?.name) {
    case "probe":
      return `${known.result.tally.failed} of ${known.result.tally.requests} failed`;
    case "runbooks":
      return (
        <>
          {known.result.results.length} pages, best: <Title text={known.result.results[0]?.title ?? "none"} />
        </>
      );
    case "notes":
      return `${known.result.notes.length} notes`;
    case "file":
      return <Path text={known.result.path} />;
    default:
      return null;
  }
}

/** `text` is the whole artifact, for a call of unknown shape. */
export function EvidenceResult({
  call,
  text,
  exact,
}: {
  call: EvidenceCall | null;
  text: string | null;
  /** Where the whole artifact is. */
  exact: string;
}) {
  const known = call && readResult(call);
  switch (known?.name) {
    case "probe":
      return (
        <>
          <p>{tallySentence(known.result.tally)}</p>
          <ProbeTable before={known.result} />
          <FailureTable failures={known.result.failures} />
        </>
      );
    case "runbooks":
      return <Pages pages={known.result.results.map(({ slug, ...page }) => ({ ...page, from: slug }))} />;
    case "notes":
      return <Pages pages={known.result.notes.map(({ path, ...note }) => ({ ...note, from: path }))} />;
    case "file":
      return (
        <SourceBox
          label={known.result.path}
          path={known.result.path}
          text={known.result.content}
          exact={exact}
        />
      );
    default:
      return <ArtifactBox label="The call and its result" text={text} exact={exact} />;
  }
}

function Pages({ pages }: { pages: readonly { from: string; title: string; body: string }[] }) {
  return (
    <ul class="pages">
      {pages.map(({ from, title, body }) => (
        <li>
          <details>
            <summary>
              <Title text={title} />{" "}
              <span class="aside">
                <Name text={from} />
              </span>
            </summary>
            <div class="page-text">
              <Words text={body.trim()} />
            </div>
          </details>
        </li>
      ))}
    </ul>
  );
}
