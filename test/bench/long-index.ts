// The list of runs, as long as one likes: rows made in bulk out of real entries, and reports as fast as they are taken.
import type { RunEntry } from "../../src/host/run-entry.ts";
import { RunIndex } from "../../src/index.ts";

/** What the benchmark asks of the list. Entries are real ones: of a run that has ended, and of one that waits. */
export type ListQuestion =
  | {
      readonly what: "fill";
      readonly ended: RunEntry;
      readonly waiting: RunEntry;
      readonly from: number;
      readonly rows: number;
    }
  | {
      readonly what: "report";
      readonly ended: RunEntry;
      readonly waiting: RunEntry;
      readonly lanes: number;
      readonly runs: number;
    };

/** One row in so many is of a run that waits. */
const WAITS = 100;

export class LongIndex extends RunIndex {
  /** Enters rows `from` to `from + rows`, a second apart, the newest now. @returns bytes of the whole database. */
  async fill(ended: RunEntry, waiting: RunEntry, from: number, rows: number): Promise<number> {
    const { sql } = this.ctx.storage;
    sql.exec(
      `WITH RECURSIVE numbers (i) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT i + 1 FROM numbers WHERE i < ?2 - 1),
         named AS (SELECT i, printf('run-%024x', i) AS run, strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-2000000 seconds', i || ' seconds') AS at FROM numbers)
       INSERT INTO runs (run, created_at, status, count, expires_at, entry)
       SELECT run, at, iif(i % ?3, ?4, ?5), iif(i % ?3, ?6, ?7), iif(i % ?3, NULL, ?8),
         json_set(iif(i % ?3, ?9, ?10), '$.run', run, '$.createdAt', at) FROM named`,
      ...[
        from,
        from + rows,
        WAITS,
        ended.status,
        waiting.status,
        ended.count,
        waiting.count,
        waiting.expiresAt,
      ],
      ...[JSON.stringify(ended), JSON.stringify(waiting)],
    );
    sql.exec(
      "INSERT INTO issuers (run, issuer) SELECT run, 'https://bench.example' FROM runs WHERE true ON CONFLICT DO NOTHING",
    );
    return sql.databaseSize;
  }
}

/** Answers a question, and says how many milliseconds it took. */
export async function answerList(
  list: DurableObjectStub<LongIndex>,
  question: ListQuestion,
): Promise<Response> {
  const began = Date.now();
  const { ended, waiting } = question;
  if (question.what === "fill") {
    const bytes = await list.fill(ended, waiting, question.from, question.rows);
    return Response.json({ bytes, ms: Date.now() - began });
  }
  // As a run does: once when it waits, and once when it has ended.
  let left = question.runs;
  const lane = async () => {
    while (left-- > 0) {
      const run = `run-${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
      await list.report({ ...waiting, run }, "https://bench.example");
      await list.report({ ...ended, run }, "https://bench.example");
    }
  };
  await Promise.all(Array.from({ length: question.lanes }, lane));
  return Response.json({ ms: Date.now() - began });
}
