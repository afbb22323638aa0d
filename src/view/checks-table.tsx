// What the runtime measured, before and after, in numbers and drawn: the picture carries nothing alone. Where nothing was measured again
// there is nothing to compare, and nothing to draw.
import type { Tally } from "../receipt/index.ts";
import { Name } from "./shown-text.tsx";
import { Squares } from "./squares.tsx";

interface Measured {
  readonly name: string;
  readonly before: Tally;
  readonly after: Tally | null;
}

/** Each check in a row: before and, where it was measured again, after. */
export function ChecksTable({ checks }: { checks: readonly Measured[] }) {
  if (checks.length === 0) return null;
  const hasAfter = checks.some(({ after }) => after !== null);
  return (
    <table class="checks">
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">What was measured</span>
          </th>
          <th scope="col">{hasAfter ? "Before" : "As the run found it"}</th>
          {hasAfter && <th scope="col">After</th>}
        </tr>
      </thead>
      <tbody>
        {checks.map(({ name, before, after }) => (
          <tr>
            <th scope="row">
              <Name text={name} />
            </th>
            <td>
              <Count count={before} isDrawn={hasAfter} />
            </td>
            {hasAfter && <td>{after ? <Count count={after} was={before} /> : "not measured"}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CountProps {
  readonly count: Tally;
  readonly was?: Tally;
  readonly isDrawn?: boolean;
}

function Count({ count, was = count, isDrawn = true }: CountProps) {
  const { total, failed } = count;
  const cured = Math.max(0, was.failed - failed);
  return (
    <span class="count">
      <b class={failed > 0 ? "removed" : "added"}>
        {failed} of {total}
      </b>
      {isDrawn && <Squares count={count} cured={cured} />}
    </span>
  );
}
