// What the probe measured, as a picture that is also a table: one square for every request, and what became of it.
// The numbers stand beside the squares, so the picture carries nothing alone.
import type { Tally } from "../receipt/index.ts";
import type { ProbeReport } from "./artifact-json.ts";
import { Name, Path, Words } from "./shown-text.tsx";
import { type Count, Squares } from "./squares.tsx";

/** One pass of the probe by kind of request; with `after`, two passes side by side. */
export function ProbeTable({ before, after }: { before: ProbeReport; after?: ProbeReport | null }) {
  const rows = before.byKind.map((one) => ({
    label: one.kind,
    before: one,
    after: after?.byKind.find(({ kind }) => kind === one.kind) ?? null,
  }));
  const someCured = rows.some((row) => row.after && row.after.failed < row.before.failed);
  const good = {
    label: "of these, valid checkouts not answered 200",
    before: goodOf(before),
    after: after ? goodOf(after) : null,
  };
  return (
    <div class="table-box">
      <table class="probe">
        <caption>
          One square is one request: <Key mark="is-failed" /> failed,{" "}
          {someCured && (
            <>
              <Key mark="is-cured" /> failed before and no more,{" "}
            </>
          )}
          <Key mark="is-sound" /> answered.
        </caption>
        <thead>
          <tr>
            <th scope="col">Kind of request</th>
            <th scope="col">{after ? "Failed before" : "Failed"}</th>
            {after && <th scope="col">Failed after</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ProbeRow {...row} compared={after != null} />
          ))}
        </tbody>
        <tbody class="of-good">
          <ProbeRow {...good} compared={after != null} />
        </tbody>
      </table>
    </div>
  );
}

function goodOf({ tally: { good, goodFailed } }: ProbeReport): Count {
  return { requests: good, failed: goodFailed };
}

interface ProbeRowProps {
  readonly label: string;
  readonly before: Count;
  readonly after: Count | null;
  readonly compared: boolean;
}

function ProbeRow({ label, before, after, compared }: ProbeRowProps) {
  return (
    <tr>
      <th scope="row">
        <Name text={label} />
      </th>
      <td>
        <CountCell count={before} />
      </td>
      {compared && <td>{after ? <CountCell count={after} earlier={before} /> : "not sent"}</td>}
    </tr>
  );
}

function CountCell({ count, earlier = count }: { count: Count; earlier?: Count }) {
  const cured = Math.max(0, earlier.failed - count.failed);
  return (
    <span class="count">
      <Squares count={count} cured={cured} />
      <span class={count.failed > 0 ? "failed" : cured > 0 ? "cured" : "sound"}>
        {count.failed} of {count.requests}
      </span>
    </span>
  );
}

function Key({ mark }: { mark: "is-failed" | "is-cured" | "is-sound" }) {
  const one = { requests: 1, failed: mark === "is-failed" ? 1 : 0 };
  return <Squares count={one} cured={mark === "is-cured" ? 1 : 0} />;
}

/** `6 of 32 requests failed. All 16 valid checkouts were answered 200.` */
export function tallySentence(tally: Tally): string {
  return `${tally.failed} of ${tally.requests} requests failed. ${checkoutSentence(tally)}`;
}

/** `All 16 valid checkouts were answered 200.` */
export function checkoutSentence({ good, goodFailed }: Tally): string {
  return goodFailed === 0
    ? `All ${good} valid checkouts were answered 200.`
    : `${goodFailed} of ${good} valid checkouts ${goodFailed === 1 ? "was" : "were"} not answered 200.`;
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
      <figure class="table-box" aria-label="Failed requests" tabindex={0}>
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
                    <Name text={method} />
                  </code>{" "}
                  <Path text={path} />{" "}
                  <span class="aside">
                    <Name text={id} />
                  </span>
                </td>
                <td>{status}</td>
                <td>{error !== null && <Words text={error} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </figure>
    </details>
  );
}
