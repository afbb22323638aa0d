// The colours of code against every ground that code stands on: at least 4.5 to 1 (WCAG 2.2, 1.4.3), light and dark.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const INKS = ["ink", "ink-soft", "bad", "code-keyword", "code-string", "code-literal", "code-name"];
const GROUNDS = ["sheet", "sunk", "added-ground", "removed-ground", "added-mark", "removed-mark"];

const tokens = new Map(
  [
    ...readFileSync("public/css/tokens.css", "utf8").matchAll(
      /--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g,
    ),
  ].map(([, name, light, dark]) => [name, { light: light ?? "", dark: dark ?? "" }]),
);

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

it.each(["light", "dark"] as const)("code can be read on every ground, %s", (scheme) => {
  const tooFaint = INKS.flatMap((ink) =>
    GROUNDS.flatMap((ground) => {
      const [a, b] = [tokens.get(ink)?.[scheme], tokens.get(ground)?.[scheme]];
      return a && b && contrast(a, b) >= 4.5 ? [] : [`${ink} on ${ground}`];
    }),
  );
  expect(tooFaint).toEqual([]);
});
