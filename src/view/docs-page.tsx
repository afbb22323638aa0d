// The API as a page to read, from the OpenAPI document: every operation, what it takes, what it answers. Needs no script.
import { CodeBox, JsonBox } from "./code-box.tsx";
import { Page } from "./page.tsx";

interface Example {
  readonly summary?: string;
  readonly value?: unknown;
  readonly "x-served-at"?: string;
}

interface Content {
  readonly schema?: unknown;
  readonly examples?: Readonly<Record<string, Example>>;
}

interface Answer {
  readonly description?: string;
  readonly content?: Readonly<Record<string, Content>>;
}

interface Operation {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses?: Readonly<Record<string, unknown>>;
}

/** The parts of an OpenAPI document that the page shows. */
export interface ShownDocument {
  readonly info: { readonly description?: string };
  readonly paths?: Readonly<Record<string, object>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const METHODS = ["get", "post"] as const;

export function DocsPage({ document }: { document: ShownDocument }) {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = (item as Partial<Record<string, Operation>>)[method];
      return operation ? [{ method, path, operation }] : [];
    }),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))];
  return (
    <Page title="The API · Countersign" name="docs">
      <article class="docs">
        <h1>The API</h1>
        <p class="words">
          <WithCode text={document.info.description ?? ""} />
        </p>
        <p class="onward">
          <a href="/openapi.json">The same as OpenAPI 3.1</a>
        </p>
        {tags.map((tag) => (
          <section aria-labelledby={`tag-${tag}`}>
            <h2 id={`tag-${tag}`}>{tag}</h2>
            {operations
              .filter(({ operation }) => operation.tags?.includes(tag))
              .map((entry) => (
                <OperationEntry {...entry} />
              ))}
          </section>
        ))}
        <section aria-labelledby="schemas">
          <h2 id="schemas">Schemas</h2>
          {Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => (
            <details id={`schema-${name}`}>
              <summary>
                <code>{name}</code>
              </summary>
              <CodeBox label={`Schema ${name}`} text={JSON.stringify(schema, null, 2)} />
            </details>
          ))}
        </section>
      </article>
    </Page>
  );
}

function OperationEntry({ method, path, operation }: { method: string; path: string; operation: Operation }) {
  const { summary, description, parameters = [], requestBody, responses = {} } = operation;
  const body = requestBody as { content?: Readonly<Record<string, Content>> } | undefined;
  return (
    <details id={operation.operationId}>
      <summary>
        <code>
          {method.toUpperCase()} {path}
        </code>{" "}
        <span class="aside">{summary}</span>
      </summary>
      <div>
        {description && (
          <p>
            <WithCode text={description} />
          </p>
        )}
        {parameters.length > 0 && (
          <dl>
            {(parameters as readonly { name: string; in: string; description?: string }[]).map(
              (parameter) => (
                <>
                  <dt>
                    <code>{parameter.name}</code> <span class="aside">in the {parameter.in}</span>
                  </dt>
                  <dd>
                    <WithCode text={parameter.description ?? ""} />
                  </dd>
                </>
              ),
            )}
          </dl>
        )}
        {Object.entries(body?.content ?? {}).map(([type, { schema, examples }]) => (
          <>
            <h3>
              Body, <code>{type}</code>
            </h3>
            <Examples of={operation} examples={examples} />
            <details>
              <summary>Its schema</summary>
              <JsonBox label={`Schema of the body, ${type}`} value={schema} />
            </details>
          </>
        ))}
        <h3>Answers</h3>
        <dl class="answers">
          {Object.entries(responses as Readonly<Record<string, Answer>>).map(([status, answer]) => (
            <>
              <dt>
                <code>{status}</code>
              </dt>
              <dd>
                <WithCode text={answer.description ?? ""} /> <AnswerSchema answer={answer} />
                {Object.values(answer.content ?? {}).map(({ examples }) => (
                  <Examples of={operation} status={status} examples={examples} />
                ))}
              </dd>
            </>
          ))}
        </dl>
      </div>
    </details>
  );
}

/** Bodies that were really sent or answered. A long one is a file of its own. */
function Examples({
  of,
  status,
  examples = {},
}: {
  of: Operation;
  status?: string;
  examples?: Content["examples"];
}) {
  return (
    <>
      {Object.entries(examples).map(([name, { summary, value, "x-served-at": address }]) =>
        address === undefined ? (
          <details class="example">
            <summary>{summary}</summary>
            <ExampleBox label={`Example ${name} of ${of.operationId} ${status ?? ""}`} value={value} />
          </details>
        ) : (
          <p class="onward">
            <a href={address}>{summary}</a>
          </p>
        ),
      )}
    </>
  );
}

function ExampleBox({ label, value }: { label: string; value: unknown }) {
  return typeof value === "string" ? (
    <CodeBox label={label} text={value} as="wraps" />
  ) : (
    <JsonBox label={label} value={value} />
  );
}

/** Text in which `code` stands between backticks, as OpenAPI has it. */
function WithCode({ text }: { text: string }) {
  return <>{text.split("`").map((part, i) => (i % 2 === 1 ? <code>{part}</code> : part))}</>;
}

/** Where the schema of an answer's body stands on this page. */
function AnswerSchema({ answer }: { answer: Answer }) {
  const [content] = Object.values(answer.content ?? {});
  const reference = (content?.schema as { $ref?: string } | undefined)?.$ref;
  const name = reference?.split("/").at(-1);
  return name ? <a href={`#schema-${name}`}>{name}</a> : null;
}
