// Requests as squares, six in a row: failed ones crossed out, then those that failed before and no more, then the others.
// Decoration only: the count always stands next to it as text.

export interface Count {
  readonly requests: number;
  readonly failed: number;
}

const IN_A_ROW = 6;
const STEP = 15;
const SIDE = 12;
/** Up to so many requests are drawn one by one; of more, the shares. */
const MOST_SQUARES = 60;

export function Squares({ count: { requests, failed }, cured }: { count: Count; cured: number }) {
  const scale = requests > MOST_SQUARES ? MOST_SQUARES / requests : 1;
  const drawn = Math.ceil(requests * scale);
  const bad = Math.ceil(failed * scale);
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
      {as === "is-failed" && <path class="cross" d={`M${x + 3.5} ${y + 3.5}l5 5m0 -5l-5 5`} />}
      {as === "is-cured" && <path class="cross" d={`M${x + 3} ${y + 6.5}l2 2l4 -4.5`} />}
    </>
  );
}
