// Reads corpus.json as README.md describes it, and judges one case with a verifier, in the corpus's own words.
// Runs wherever the verifier runs: Node, workerd, a browser.
import type { CorpusCase, Expected, Unusable, Verdict } from "./case.ts";
import { readPublished } from "./published-form.ts";

/** The verifier that is judged, in the shape of `countersign/chain`. */
export interface Verifier {
  readDocument(bytes: Uint8Array): { readonly ok: true; readonly value: unknown } | { readonly ok: false };
  verify(bundle: unknown, trust: unknown, options: Options): Promise<{ readonly report: Report }>;
  follow(
    bundle: unknown,
    trusts: readonly unknown[],
    options: Options & { readonly parents: readonly unknown[] },
  ): Promise<{ readonly runs: readonly { readonly report: Report }[] }>;
  /** True for what `verify` and `follow` throw for input that is unusable. */
  isUnusable(error: unknown): error is { readonly code: Unusable };
}

interface Options {
  readonly run?: string | undefined;
  readonly head?: { readonly seq: number; readonly digest: `sha256:${string}` } | undefined;
}

interface Report {
  readonly verdict: Verdict;
  readonly checks: readonly {
    readonly ok: boolean;
    readonly code?: string | undefined;
    readonly seq?: number | undefined;
  }[];
}

/** Every case of the corpus's text. */
export const readCorpus = (text: string): CorpusCase[] => readPublished<CorpusCase>(text);

/** What a verifier says of a case, in the form of its `expect`. Anything that it may not throw is thrown on. */
export async function judge(each: CorpusCase, verifier: Verifier): Promise<CorpusCase["expect"]> {
  const documents = [read(each.raw?.bundle, verifier), read(each.raw?.trust, verifier)];
  const [bundle, trust] = documents;
  if (documents.some((document) => document?.ok === false)) return { unusable: "ERR_DOCUMENT" };
  try {
    return await say(each, bundle?.value ?? each.bundle, trust?.value ?? each.trust, verifier);
  } catch (error) {
    if (verifier.isUnusable(error)) return { unusable: error.code };
    throw error;
  }
}

async function say(each: CorpusCase, bundle: unknown, trust: unknown, { verify, follow }: Verifier) {
  const options = optionsOf(each);
  if (!each.follow) return tell((await verify(bundle, trust, options)).report);
  const { trusts, parents } = each.follow;
  const { runs } = await follow(bundle, [trust, ...trusts], { ...options, parents });
  const [newest, ...before] = runs.map(({ report }) => tell(report));
  if (!newest) throw new Error("expected a report of the newest run");
  return { ...newest, parents: before };
}

function read(base64: string | undefined, { readDocument }: Verifier) {
  if (base64 === undefined) return null;
  const document = readDocument(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  return document.ok ? { ok: true, value: document.value } : { ok: false, value: null };
}

function optionsOf({ expectRun, expectHead }: CorpusCase): Options {
  const [seq = "", digest = ""] = expectHead?.split(/:(.*)/s) ?? [];
  return {
    run: expectRun,
    head: expectHead === undefined ? undefined : { seq: Number(seq), digest: `sha256:${digest.slice(7)}` },
  };
}

function tell({ verdict, checks }: Report): Expected {
  const failed = checks.find(({ ok, code }) => !ok && code !== "ERR_INCOMPLETE");
  const { code = null, seq } = failed ?? {};
  return { verdict, code, ...(seq === undefined ? {} : { seq }) };
}
