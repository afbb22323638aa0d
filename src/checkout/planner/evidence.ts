// Evidence as the planner uses it: parsed here, once; a result of another shape is passed over. Nothing else feeds a proposal.
import * as z from "zod";
import type { Evidence } from "../../domain/index.ts";

const requestSchema = z.object({ path: z.string(), failure: z.string().nullable() });
const probeSchema = z.object({ report: z.object({ requests: z.array(requestSchema) }) });
const pagesSchema = z.object({ results: z.array(z.object({ title: z.string(), body: z.string() })) });
const fileSchema = z.object({ path: z.string(), content: z.string() });
const filesSchema = z.object({ files: z.array(fileSchema) });

export type SourceFile = z.infer<typeof fileSchema>;
export type Known = Exclude<ReturnType<typeof readEvidence>, string>;

const READ_OFF_NOTHING =
  /^(?:Cannot read properties of (?:undefined|null) \(reading|Cannot destructure property) '([\p{ID_Continue}$]+)'/u;
const ADVICE =
  /\b(?:answer|respond|reply|return)(?:\s+with)?\s+(?:an?\s+)?[`"']?(\d{3})\b[`"']?[^.\n]*?\berror code\s+[`"']?([A-Za-z][\w-]*)/i;

/** Statuses that a refusal may carry. */
export const isRefusalStatus = (status: string) => Number(status) >= 400 && Number(status) <= 451;

/** What the evidence says of the fault and its cure; a string says why that is not enough. */
export function readEvidence(evidence: readonly Evidence[]) {
  const items = evidence.flatMap((one) => one.items);
  const resultsOf = <Schema extends z.ZodType>(call: string, schema: Schema): z.infer<Schema>[] =>
    items
      .filter(({ connector, method }) => `${connector}.${method}` === call)
      .flatMap(({ result }) => schema.safeParse(result).data ?? []);
  const requests = resultsOf("browser.run_checkout", probeSchema).at(-1)?.report.requests;
  if (!requests) return "The evidence holds no report of the probe.";
  if (requests.every(({ failure }) => failure === null)) return "No request fails: nothing is to be cured.";
  const error = commonError(requests);
  if (!error) return "The failures do not say which property was read off nothing.";
  const pages = resultsOf("runbooks.search", pagesSchema).flatMap(({ results }) => results);
  const [advice] = pages.flatMap(readAdvice);
  if (!advice) return "No runbook advises which status from 400 to 451 and which error code to answer with.";
  const files = resultsOf("repository.read_files", filesSchema).flatMap((read) => read.files);
  return { error, advice, files };
}

/** The most frequent failure that says which property was read off nothing, and the request paths on which it happened. */
function commonError(requests: readonly z.infer<typeof requestSchema>[]) {
  const [total, failed] = [requests.length, requests.filter(({ failure }) => failure !== null).length];
  const byMessage = Map.groupBy(requests, ({ failure }) => failure ?? "");
  const errors = [...byMessage].flatMap(([message, of]) => {
    const property = READ_OFF_NOTHING.exec(message)?.[1];
    return property ? [{ message, property, paths: of.map(({ path }) => path), failed, total }] : [];
  });
  return errors.sort((a, b) => b.paths.length - a.paths.length)[0];
}

/** What a page advises to answer. No status and no code is known beforehand. */
function readAdvice({ title, body }: { title: string; body: string }) {
  const [, status = "", code = ""] = ADVICE.exec(body) ?? [];
  return isRefusalStatus(status) ? [{ status, code, page: title }] : [];
}
