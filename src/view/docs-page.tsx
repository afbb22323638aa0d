// The API in one screen: how to call it, and every operation in a line. All else is in the OpenAPI document.
import { CodeBox } from "./code-box.tsx";
import { Page } from "./page.tsx";

/** The parts of an OpenAPI document that the page shows. */
export interface ShownDocument {
  readonly paths?: Readonly<Record<string, object>>;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
}

const METHODS = ["get", "post", "put", "delete"] as const;

export function DocsPage({ document, origin }: { document: ShownDocument; origin: string }) {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as Partial<Record<string, Operation>>)[method];
      return operation ? [{ method: method.toUpperCase(), path, ...operation }] : [];
    }),
  );
  const tags = [...new Set(operations.map(({ tags }) => tags?.[0] ?? "Other"))];
  return (
    <Page title="API" description="Start runs, decide, and fetch receipts over HTTP." name="docs">
      <article class="docs">
        <h1>API</h1>
        <p>
          Start a run, decide, fetch its receipts. Errors are <code>application/problem+json</code> with a
          stable <code>code</code>. Bodies, answers and examples: <a href="/openapi.json">OpenAPI 3.1</a>.
        </p>
        <CodeBox
          label="Fetch a run and verify it"
          as="wraps"
          text={`curl ${origin}/api/runs/RUN/bundle > bundle.json\ncurl ${origin}/.well-known/countersign.json > trust.json\nnpx countersign-verify bundle.json --trust trust.json`}
        />
        {tags.map((tag) => (
          <section aria-labelledby={`tag-${tag}`}>
            <h2 id={`tag-${tag}`}>{tag}</h2>
            <dl class="operations">
              {operations
                .filter(({ tags }) => (tags?.[0] ?? "Other") === tag)
                .map(({ method, path, summary }) => (
                  <div>
                    <dt>
                      <code>
                        {method} {path}
                      </code>
                    </dt>
                    <dd>{summary}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </article>
    </Page>
  );
}
