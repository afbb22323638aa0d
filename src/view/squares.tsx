// A count as squares: those that fail crossed out, then those that failed before and no more, then the others.
// Decoration only: the count always stands next to it as text.
import type { Tally } from "../receipt/index.ts";

const IN_A_ROW = 8;
const STEP = 12;
const SIDE = 10;
/** Up to so many are drawn one by one; of more, the shares. */
const MOST_SQUARES = 48;

export function Squares({ count: { total, failed }, cured = 0 }: { count: Tally; cured?: number }) {
  const scale = total > MOST_SQUARES ? MOST_SQUARES / total : 1;
  const drawn = Math.ceil(total * scale);
  const bad = Math.min(drawn, Math.ceil(failed * scale));
  const width = Math.min(Math.max(drawn, 1), IN_A_ROW) * STEP - STEP + SIDE;
  const height = Math.max(1, Math.ceil(drawn / IN_A_ROW)) * STEP - STEP + SIDE;
  return (
    <svg class="squares" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {Array.from({ length: drawn }, (_, i) => (
        <Square
          x={(i % IN_A_ROW) * STEP}
          y={Math.floor(i / IN_A_ROW) * STEP}
          as={i < bad ? "is-failed" : i < bad + Math.ceil(cured * scale) ? "is-cured" : "is-sound"}
        />
      ))}
    </svg>
  );
}

function Square({ x, y, as }: { x: number; y: number; as: "is-failed" | "is-cured" | "is-sound" }) {
  return (
    <>
      <rect class={`square ${as}`} x={x + 0.5} y={y + 0.5} width={SIDE - 1} height={SIDE - 1} rx="1.5" />
      {as === "is-failed" && <path class="cross" d={`M${x + 3} ${y + 3}l4 4m0 -4l-4 4`} />}
      {as === "is-cured" && <path class="cross" d={`M${x + 2.5} ${y + 5}l2 2l3 -3.5`} />}
    </>
  );
}
