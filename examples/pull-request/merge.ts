// A gated merge on a forge with GitHub's HTTP API. The head that the reviewer saw is the precondition, and the decision's digest in
// the merge commit's message is how a merge is found again whose answer was lost.
import {
  defineDomain,
  gated,
  type Json,
  NotApplied,
  type RemoteContext,
  type RunEnv,
  read,
} from "countersign";
import * as z from "zod";

export interface ForgeEnv extends RunEnv {
  /** The repository's address in the forge's API: `https://api.github.com/repos/octo/shop`. */
  readonly FORGE_REPOSITORY: string;
  readonly FORGE_TOKEN: string;
}

type Forge = Pick<RemoteContext<ForgeEnv>, "env" | "signal">;

const pullSchema = z.object({
  title: z.string(),
  state: z.enum(["open", "closed"]),
  merged: z.boolean(),
  mergeable: z.boolean().nullable(),
  merge_commit_sha: z.string().nullable(),
  head: z.object({ sha: z.string() }),
  base: z.object({ ref: z.string() }),
});
const filesSchema = z.array(
  z.object({ filename: z.string(), additions: z.int(), deletions: z.int(), status: z.string() }),
);
const commitSchema = z.object({ commit: z.object({ message: z.string() }) });
const branchSchema = z.object({ commit: z.object({ sha: z.string() }) });
const mergedSchema = z.object({ sha: z.string() });

function ask({ env, signal }: Forge, path: string, body?: Json): Promise<Response> {
  return fetch(`${env.FORGE_REPOSITORY}/${path}`, {
    method: body === undefined ? "GET" : "PUT",
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${env.FORGE_TOKEN}`,
      "user-agent": "countersign",
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal,
  });
}

async function get<Value>(forge: Forge, path: string, schema: z.ZodType<Value>): Promise<Value> {
  const answer = await ask(forge, path);
  if (!answer.ok) throw new Error(`expected ${path} to answer 200, got ${answer.status}`);
  return schema.parse(await answer.json());
}

const pullOf = (forge: Forge, number: number) => get(forge, `pulls/${number}`, pullSchema);

const merge = gated({
  connector: "pulls",
  method: "merge",
  description: "Merges an open pull request.",
  args: z.strictObject({ number: z.int().positive(), base: z.string() }),
  // An open pull request is a resource that holds its head commit, and merging ends it. Its base may move on while a human decides,
  // so nothing is asked of that; the commit that it comes to is yet to be made.
  effects: [
    { resource: "open-pull:{number}", before: "read", after: "absent" },
    { resource: "branch:{+base}", before: "unknown", after: "unknown" },
  ],
  title: ({ number, base }) => `Merge pull request ${number} into ${base}`,
  async plan({ number, base }, forge: Forge) {
    const pull = await pullOf(forge, number);
    if (pull.state !== "open") throw new Error(`pull request ${number} is ${pull.state}`);
    if (pull.base.ref !== base)
      throw new Error(`pull request ${number} is on ${pull.base.ref}, not on ${base}`);
    if (pull.mergeable === false) throw new Error(`pull request ${number} has conflicts`);
    const files = await get(forge, `pulls/${number}/files`, filesSchema);
    const lines = files.map(
      (file) => `${file.status} ${file.filename} +${file.additions} -${file.deletions}`,
    );
    return [`${pull.title}`, `${pull.head.sha} onto ${base}`, ...lines].join("\n");
  },
  remote: {
    async send({ number }, { before, idempotencyKey, ...forge }: RemoteContext<ForgeEnv>) {
      const answer = await ask(forge, `pulls/${number}/merge`, {
        sha: before.get(`open-pull:${number}`) ?? null,
        merge_method: "merge",
        commit_message: `Approved-by: ${idempotencyKey}`,
      });
      // 409: the head has moved. 405: it cannot be merged. Every other 4xx but a timeout is a request that was refused, too.
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 408) {
        throw new NotApplied(
          `the forge refused to merge: ${answer.status} ${(await answer.text()).slice(0, 200)}`,
        );
      }
      if (!answer.ok) throw new Error(`expected the merge to answer 200, got ${answer.status}`);
      return mergedSchema.parse(await answer.json());
    },
    async find({ number }, { idempotencyKey, ...forge }) {
      const pull = await pullOf(forge, number);
      if (!pull.merged || pull.merge_commit_sha === null) return "absent";
      const { commit } = await get(forge, `commits/${pull.merge_commit_sha}`, commitSchema);
      return commit.message.includes(idempotencyKey) ? { result: { sha: pull.merge_commit_sha } } : "absent";
    },
  },
});

export const pullRequests = defineDomain<ForgeEnv>({
  name: "pull requests",
  rule: "A human approves every merge, of the very commit that was looked at.",
  calls: [merge],
  async read(resource, forge) {
    const [, kind, name = ""] = /^(open-pull|branch):(.+)$/.exec(resource) ?? [];
    if (kind === "branch") return (await get(forge, `branches/${name}`, branchSchema)).commit.sha;
    const { state, head } = await pullOf(forge, Number(name));
    return state === "open" ? head.sha : null;
  },
  reads: {
    pulls: {
      get: read<{ number: number }, ForgeEnv>({
        description: "A pull request by number.",
        args: z.strictObject({ number: z.int().positive() }),
        run: ({ number }, forge) => pullOf(forge, number),
      }),
    },
  },
  describe: ({ method, args }) => (method === "get" ? `Read pull request ${Object(args).number}` : null),
});
