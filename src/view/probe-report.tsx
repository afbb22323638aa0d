// What the probe measured, as a picture that is also a table: one square for every request, filled when it failed.
// The numbers stand beside the squares, so the picture carries nothing alone.
import type { Tally } from "../receipt/index.ts";
import type { ProbeReport } from "./artifact-json.ts";

/** Up to so many requests of a kind are drawn one by one; more become a bar of this length. */
const MOST_SQUARES = 12;
const STEP = 12;
const SIDE = 10;

interface Count {
  readonly requests: number;
  readonly failed: number;
}

/** One pass of the probe by kind of request; with `after`, two passes side by side. */
export function ProbeTable({
  caption,
  before,
  after,
}: {
  caption: string;
  before: ProbeReport;
  after?: ProbeReport | null;
}) {
  const rows = before.byKind.map((one) => ({
    kind: one.kind,
    before: one,
    after: after?.byKind.find(({ kind }) => kind === one.kind) ?? null,
  }));
  return (
    <div class="table-box">
      <table class="probe">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Kind of request</th>
            <th scope="col">{after ? "Before" : "Failed"}</th>
            {after && <th scope="col">After</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row">{row.kind}</th>
              <td>
                <CountCell count={row.before} />
              </td>
              {after && <td>{row.after ? <CountCell count={row.after} /> : "not sent"}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CountCell({ count }: { count: Count }) {
  return (
    <span class="count">
      <Squares count={count} />
      <span class={count.failed > 0 ? "failed" : "sound"}>
        {count.failed} of {count.requests}
      </span>
    </span>
  );
}

/** Decoration: the count stands next to it as text. */
function Squares({ count: { requests, failed } }: { count: Count }) {
  const drawn = Math.min(requests, MOST_SQUARES);
  const width = Math.max(drawn, 1) * STEP;
  if (requests > MOST_SQUARES) {
    const part = (failed / requests) * width;
    return (
      <svg class="squares" width={width} height={SIDE} viewBox={`0 0 ${width} ${SIDE}`} aria-hidden="true">
        <rect class="square" width={width} height={SIDE} />
        <rect class="square is-failed" width={part} height={SIDE} />
      </svg>
    );
  }
  return (
    <svg class="squares" width={width} height={SIDE} viewBox={`0 0 ${width} ${SIDE}`} aria-hidden="true">
      {Array.from({ length: drawn }, (_, i) => (
        <rect
          class={i < failed ? "square is-failed" : "square"}
          x={i * STEP + 0.5}
          y="0.5"
          width={SIDE - 1}
          height={SIDE - 1}
        />
      ))}
    </svg>
  );
}

/** `6 of 32 requests failed. All 16 valid checkouts were answered 200.` */
export function tallySentence({ requests, failed, good, goodFailed }: Tally): string {
  const checkouts =
    goodFailed === 0
      ? `All ${good} valid checkouts were answered 200.`
      : `${goodFailed} of ${good} valid checkouts ${goodFailed === 1 ? "was" : "were"} not answered 200.`;
  return `${failed} of ${requests} requests failed. ${checkouts}`;
}

/** The share of failed requests in per cent, with one decimal below ten. */
export function failureRate({ requests, failed }: Count): string {
  if (requests === 0) return "0";
  const rate = (failed / requests) * 100;
  return rate > 0 && rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
}

/** The failed requests, one a line. */
export function FailureTable({ failures }: { failures: ProbeReport["failures"] }) {
  if (failures.length === 0) return null;
  return (
    <details>
      <summary>
        {failures.length === 1 ? "The failed request" : `The ${failures.length} failed requests`}
      </summary>
      <section class="table-box" aria-label="Failed requests" tabindex={0}>
        <table class="failures">
          <thead>
            <tr>
              <th scope="col">Request</th>
              <th scope="col">Answer</th>
              <th scope="col">Error</th>
            </tr>
          </thead>
          <tbody>
            {failures.map(({ id, method, path, status, error }) => (
              <tr>
                <td>
                  <code>
                    {method} {path}
                  </code>{" "}
                  <span class="aside">{id}</span>
                </td>
                <td>{status}</td>
                <td>{error ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
