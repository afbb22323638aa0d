// Finds the expression that reads a property off something that may be undefined, in a function that can answer a request: in the
// syntax trees of the files in evidence alone. No path, name or line is known beforehand.
import { functionAround, ParsedModule, partsOf, type SyntaxNode, statementAround } from "../parse-module.ts";
import type { Known, SourceFile } from "./evidence.ts";

export type Fault = NonNullable<ReturnType<typeof locateFault>>;

type Answer = { readonly name: string; readonly status: string; readonly headers: SyntaxNode | undefined };

/** Most reads looked at in one file: each look takes time with its length. */
const MAX_READS = 50;
/** A base that a guard can repeat: names and members, and nothing that would be done twice. */
const PLAIN = /^(?!null$)[\p{ID_Continue}$.?[\]#]+$/u;
const COUNTING = /[^/]*(?:metric|stats|counter)[^/]*$/i;
const CHECKS = ["UnaryExpression", "BinaryExpression", "ConditionalExpression", "ParenthesizedExpression"];

/** The read on the failing route, or else the first; undefined when no file has one that a guard could be put before. */
export function locateFault(files: readonly SourceFile[], { property, paths }: Known["error"]) {
  const modules = files.flatMap(({ path, content }) => ParsedModule.parse(path, content) ?? []);
  const faults = modules.flatMap((module) =>
    readsOf(module, property).flatMap(([read, of]) => {
      const base = module.text(of);
      const statement = statementAround(read);
      const scope = statement && functionAround(statement);
      const answers = scope && mayBeMissing(module, base, read, scope) ? answersIn(module, scope) : [];
      // The function through which it refuses, or answers anything.
      const helper = (answers.find(({ status }) => status.startsWith("4")) ?? answers[0])?.name;
      if (!scope || !helper || !PLAIN.test(base)) return [];
      const head = `${module.path} ${module.text(scope).split("{")[0]}`;
      const isOnRoute = paths.some((path) => head.includes(path.split("/").findLast(Boolean) ?? "\n"));
      const headers = headersOf(module, answers, statement, scope);
      const { path, source } = module;
      const place = { path, source, property, base, at: statement.from, helper, headers, isOnRoute };
      return [{ ...place, metrics: metricsFor(module, modules) }];
    }),
  );
  return faults.find(({ isOnRoute }) => isOnRoute) ?? faults[0];
}

/** `base.property` and `const { property } = base`, each with its base. */
function readsOf(module: ParsedModule, property: string): (readonly [read: SyntaxNode, of: SyntaxNode])[] {
  const patterns = module.find("PatternProperty").flatMap(({ firstChild, parent }) => {
    const of = parent?.nextSibling?.name === "Equals" ? parent.nextSibling.nextSibling : null;
    return parent && of && module.text(firstChild) === property ? [[parent, of] as const] : [];
  });
  const members = module.find("MemberExpression").flatMap((node) => {
    const { firstChild, lastChild, nextSibling } = node;
    const isRead = lastChild?.prevSibling?.name === "." && nextSibling?.name !== "Equals";
    return firstChild && isRead && module.text(lastChild) === property ? [[node, firstChild] as const] : [];
  });
  return [...members, ...patterns].slice(0, MAX_READS);
}

/** False where the base is checked before it is read, or does not exist yet. */
function mayBeMissing(module: ParsedModule, base: string, read: SyntaxNode, scope: SyntaxNode): boolean {
  const isBefore = (node: SyntaxNode) => node.to <= read.from;
  const isCheck = (use: SyntaxNode) => module.text(use) === base && CHECKS.includes(use.parent?.name ?? "");
  const uses = [...module.find("VariableName", scope), ...module.find("MemberExpression", scope)];
  if (uses.some((use) => isBefore(use) && isCheck(use))) return false;
  const definitions = module.definitions(/^[\p{ID_Continue}$]*/u.exec(base)?.[0] ?? "", scope);
  return definitions.length === 0 || definitions.some(isBefore);
}

/** Calls `name(<status>, …)` that a function returns itself. */
function answersIn(module: ParsedModule, scope: SyntaxNode): Answer[] {
  return module.find("ReturnStatement", scope).flatMap((node) => {
    const call = (node.getChild("AwaitExpression") ?? node).getChild("CallExpression");
    const [callee, list] = [call?.getChild("VariableName"), call?.getChild("ArgList")];
    const [status, , headers] = list ? partsOf(list) : [];
    const isOwn = functionAround(node)?.from === scope.from && status?.name === "Number";
    return callee && isOwn ? [{ name: module.text(callee), status: module.text(status), headers }] : [];
  });
}

/** Headers of other answers, lower-case name to source of the value, where every name in that means something at the statement. */
function headersOf(module: ParsedModule, answers: Answer[], statement: SyntaxNode, scope: SyntaxNode) {
  const isHere = (one: SyntaxNode) => [undefined, scope.from].includes(functionAround(one)?.from);
  const isKnown = (name: SyntaxNode) =>
    module.definitions(module.text(name)).some((one) => isHere(one) && one.to <= statement.from);
  const pairs = answers.flatMap(({ headers }) => headers?.getChildren("Property") ?? []);
  const known = pairs.filter(
    ({ lastChild }) => lastChild && module.find("VariableName", lastChild).every(isKnown),
  );
  const nameOf = ({ firstChild }: SyntaxNode) => module.text(firstChild).replace(/["']/g, "").toLowerCase();
  return new Map(known.map((pair) => [nameOf(pair), module.text(pair.lastChild)]));
}

/** A function that counts, exported by a module beside this one, and the line that brings it in, unless one does. */
function metricsFor(module: ParsedModule, modules: readonly ParsedModule[]) {
  const folder = module.path.replace(/[^/]*$/, "");
  const other = modules.find(({ path }) => path.replace(COUNTING, "") === folder);
  const functions = other ? other.find("FunctionDeclaration") : [];
  const exported = functions.filter(({ parent }) => parent?.name === "ExportDeclaration");
  const counts = exported.find((one) => one.getChild("ParamList")?.getChild("VariableDefinition"));
  if (!other || !counts) return null;
  const name = other.text(counts.getChild("VariableDefinition"));
  const imports = module.imports().filter(({ node }) => node.name === "ImportDeclaration");
  const from = imports.find(({ target }) => target === other.path)?.node;
  const there = from && module.definitions(name, from).length > 0;
  // A name that means something else here cannot be brought in.
  if (!there && module.definitions(name).length > 0) return null;
  const line = there ? "" : `import { ${name} } from "./${other.path.slice(folder.length)}";`;
  return { name, line, at: imports[0]?.node.from ?? 0 };
}
