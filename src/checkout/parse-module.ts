// JavaScript as a syntax tree. The source may be anybody's: what is long, broken, or made to take the parser long is not parsed.
import { parser } from "@lezer/javascript";

export type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

/** Longest source that is parsed, in UTF-16 code units. */
const MAX_SOURCE = 32 * 1024;
/** Most of the words that may or may not be keywords: the parser follows both readings, and nested they fill the memory. */
const MAX_AMBIGUOUS = 200;
const AMBIGUOUS = /\b(?:async|await|yield)\b/g;

// Strict: it ends at the first error instead of guessing what was meant.
const strict = parser.configure({ strict: true });

/** A module that could be parsed. */
export class ParsedModule {
  readonly path: string;
  readonly source: string;
  readonly root: SyntaxNode;

  private constructor(path: string, source: string, root: SyntaxNode) {
    this.path = path;
    this.source = source;
    this.root = root;
  }

  /** Null where there is no tree to rely on. */
  static parse(path: string, source: string): ParsedModule | null {
    if (source.length > MAX_SOURCE || (source.match(AMBIGUOUS)?.length ?? 0) > MAX_AMBIGUOUS) return null;
    // For JavaScript all of these end a line, and a comment with it; the parser knows one. Offsets stay as they are.
    const text = source.replace(/\r\n/g, " \n").replace(/[\r\u2028\u2029]/g, "\n");
    try {
      return new ParsedModule(path, source, strict.parse(text).topNode);
    } catch {
      return null;
    }
  }

  /** What a node says, as the source writes it; "" for none. */
  text(node: SyntaxNode | null | undefined): string {
    return node ? this.source.slice(node.from, node.to) : "";
  }

  /** A node and all below it that are of one kind, in the order of the source. */
  find(kind: string, within = this.root): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    within.cursor().iterate((at) => {
      if (at.name === kind) found.push(at.node);
    });
    return found;
  }

  /** Where a name is given a meaning, in the order of the source. */
  definitions(name: string, within = this.root): SyntaxNode[] {
    return this.find("VariableDefinition", within).filter((node) => this.text(node) === name);
  }

  /** What it imports, or exports from elsewhere. `specifier` is null where only running the code can tell. */
  imports(): {
    readonly specifier: string | null;
    readonly target: string | null;
    readonly node: SyntaxNode;
  }[] {
    const kinds = ["ImportDeclaration", "ExportDeclaration", "DynamicImport"];
    return kinds
      .flatMap((kind) => this.find(kind))
      .flatMap((node) => {
        const literal = node.getChild("String");
        if (!literal && node.name !== "DynamicImport") return [];
        const quoted = literal ? this.text(literal).slice(1, -1) : "\\";
        const specifier = quoted.includes("\\") ? null : quoted;
        return [{ specifier, target: specifier === null ? null : resolve(this.path, specifier), node }];
      });
  }
}

/** The children of a node that are no punctuation and no comment: the arguments of a call. */
export function partsOf(node: SyntaxNode): SyntaxNode[] {
  const parts: SyntaxNode[] = [];
  for (let at = node.firstChild; at; at = at.nextSibling) parts.push(at);
  return parts.filter(({ name }) => /^\w/.test(name) && !name.endsWith("Comment"));
}

const isFunction = (node: SyntaxNode) => node.getChild("ParamList") !== null || node.name === "ArrowFunction";

/** The innermost function around a node; null at the top of the module. */
export function functionAround(node: SyntaxNode): SyntaxNode | null {
  for (let at = node.parent; at; at = at.parent) if (isFunction(at)) return at;
  return null;
}

/** The statement around a node that stands in a block of the same function. */
export function statementAround(node: SyntaxNode): SyntaxNode | null {
  for (let at = node; at.parent && !isFunction(at); at = at.parent) if (at.parent.name === "Block") return at;
  return null;
}

function resolve(path: string, specifier: string): string | null {
  if (!/^\.{0,2}\//.test(specifier)) return null;
  const steps = specifier.startsWith("/") ? [] : path.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}
