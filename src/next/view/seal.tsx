// The seal of a signer's role. Three shapes and three colours, so that neither alone has to carry the meaning.
import type { Role } from "../receipt/index.ts";

const SHAPES: Readonly<Record<Role, { outer: string; inner: string; letter: string }>> = {
  agent: {
    outer: "M16 1.5 28.6 8.75v14.5L16 30.5 3.4 23.25V8.75Z",
    inner: "M16 5 25.5 10.5v11L16 27 6.5 21.5v-11Z",
    letter: "A",
  },
  human: {
    outer: "M16 1a15 15 0 1 1 0 30a15 15 0 1 1 0-30Z",
    inner: "M16 4.4a11.6 11.6 0 1 1 0 23.2a11.6 11.6 0 1 1 0-23.2Z",
    letter: "H",
  },
  runtime: {
    outer:
      "M5.5 3h21A2.5 2.5 0 0 1 29 5.5v21a2.5 2.5 0 0 1-2.5 2.5h-21A2.5 2.5 0 0 1 3 26.5v-21A2.5 2.5 0 0 1 5.5 3Z",
    inner: "M7 6h18a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1Z",
    letter: "R",
  },
};

/** Decoration only: the role always stands beside it in words. */
export function Seal({ signer }: { signer: Role }) {
  const { outer, inner, letter } = SHAPES[signer];
  return (
    <svg class={`seal seal-${signer}`} viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <path class="seal-ground" d={outer} />
      <path class="seal-ring" d={inner} />
      <text class="seal-letter" x="16" y="21.2" text-anchor="middle">
        {letter}
      </text>
    </svg>
  );
}
