// What the code around a fault offers a guard: how refusals are worded, which headers other answers carry,
// and where metrics are counted. All of it is read from the files in evidence.
import type { Fault } from "./locate-fault.ts";
import { blankText, blocksAround } from "./source-shape.ts";

export interface Surroundings {
  /** Keys of a refusal's body, for its code and for its text. */
  keys: { code: string; message: string };
  /** True when the answering function takes headers as its third argument. */
  takesHeaders: boolean;
  /** Headers that the answering function sends by itself: lower-case name to source of the value. */
  sent: ReadonlyMap<string, string>;
  /** Headers on other answers of this file whose value can be written at the fault. */
  elsewhere: ReadonlyMap<string, string>;
  metrics: MetricFunction | null;
}

export interface MetricFunction {
  name: string;
  /** The module that exports it. */
  path: string;
  /** First part of metric names here. */
  prefix: string;
}

const HEADER_PAIR = /["']([A-Za-z][\w-]*)["']\s*:\s*((?:"[^"\n]*"|'[^'\n]*'|[^,{}()\n"']|\([^()\n]*\))+)/g;

/** The first value of each header, in the order of the source. */
function headerPairs(source: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [, name = "", value = ""] of source.matchAll(HEADER_PAIR)) {
    if (!pairs.has(name.toLowerCase())) pairs.set(name.toLowerCase(), value.trim());
  }
  return pairs;
}

/** True when every name in the expression means something at the fault's line. */
function inScope(expression: string, fault: Fault): boolean {
  const blank = blankText(fault.source);
  const before = blank.slice(fault.scope.open, fault.at);
  const roots = blankText(expression).match(/(?<![\w$.])[A-Za-z_$][\w$]*/g) ?? [];
  return roots.every((root) => {
    if (/^(?:null|undefined|true|false|String|Number|Date|JSON)$/.test(root)) return true;
    const name = root.replaceAll("$", "\\$");
    const local = new RegExp(`\\b(?:const|let|var)\\s+(?:${name}\\b|\\{[^}]*\\b${name}\\b)`);
    const top = new RegExp(
      `^import\\b[^;]*?(?<![\\w$])${name}(?![\\w$])[^;]*;|^(?:export\\s+)?(?:async\\s+)?(?:function|const|let)\\s+${name}\\b`,
      "m",
    );
    const parameter = new RegExp(`\\([^)]*(?<![\\w$])${name}(?![\\w$])`);
    return local.test(before) || top.test(fault.source) || parameter.test(fault.scope.head);
  });
}

function definitionOf(helper: string, files: ReadonlyMap<string, string>) {
  const start = new RegExp(
    `(?:\\bfunction\\s+${helper}|\\b(?:const|let)\\s+${helper}\\s*=\\s*(?:async\\s*)?)\\s*\\(([^)]*)\\)`,
  );
  for (const source of files.values()) {
    const match = start.exec(source);
    if (!match) continue;
    const blank = blankText(source);
    const inside = blank.indexOf("{", match.index + match[0].length) + 1;
    const block = blocksAround(blank, inside).find(({ open }) => open === inside - 1);
    const parameters = (match[1] ?? "").split(",").filter((one) => one.trim() !== "");
    return { parameters: parameters.length, body: block ? source.slice(block.open, block.close) : "" };
  }
  return null;
}

function findMetrics(fault: Fault, files: ReadonlyMap<string, string>): MetricFunction | null {
  const named = [...files].filter(([path]) => /(?:metric|telemetry|stats|counter)[^/]*$/i.test(path));
  const stem =
    fault.path
      .split("/")
      .at(-1)
      ?.replace(/\.\w+$/, "") ?? "checkout";
  for (const [path, source] of named) {
    const name = /\bexport\s+(?:async\s+)?function\s+([A-Za-z_$][\w$]*)\s*\(\s*\w/.exec(source)?.[1];
    if (name) {
      const used = new RegExp(`\\b${name}\\(\\s*["']([\\w-]+)\\.`).exec(fault.source)?.[1];
      return { name, path, prefix: used ?? stem };
    }
  }
  return null;
}

export function readSurroundings(fault: Fault, files: ReadonlyMap<string, string>): Surroundings {
  const refusal = new RegExp(
    `\\b${fault.helper}\\(\\s*4\\d\\d\\s*,\\s*\\{\\s*(\\w+)\\s*:\\s*["'][^"'\\n]*["']\\s*(?:,\\s*(\\w+)\\s*:\\s*["'])?`,
  );
  const own = fault.source.slice(fault.scope.open, fault.scope.close);
  const [, code = "error", message = "message"] = refusal.exec(own) ?? refusal.exec(fault.source) ?? [];
  const definition = definitionOf(fault.helper, files);
  const elsewhere = new Map([...headerPairs(fault.source), ...headerPairs(own)]);
  return {
    keys: { code, message },
    takesHeaders: (definition?.parameters ?? 0) >= 3,
    sent: headerPairs(definition?.body ?? ""),
    elsewhere: new Map([...elsewhere].filter(([, value]) => inScope(value, fault))),
    metrics: findMetrics(fault, files),
  };
}
