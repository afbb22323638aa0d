// `npm run test:kills -- 200`: kills `wrangler dev`, all its processes, so many times and says what became of its runs. With `remote`,
// the approved calls are merges on another system. Exits 1 on any problem. Ctrl-C ends the kills, not the account; a second one ends
// that too.
import { killRounds } from "../test/server/kills/kill-rounds.ts";
import { remoteKillRounds } from "../test/server/kills/remote-rounds.ts";
import { serve } from "../test/server/kills/serve.ts";

const [count = "200", kind] = process.argv.slice(2);
const kills = Number(count);
if (!Number.isSafeInteger(kills) || kills < 1 || (kind !== undefined && kind !== "remote")) {
  console.error(
    "expected how many times to kill the server, and perhaps remote: npm run test:kills -- 200 remote",
  );
  process.exit(2);
}
const end = new AbortController();
// In place of dev-server.ts's own, which would end the server at once.
process.removeAllListeners("SIGINT");
process.on("SIGINT", () => (end.signal.aborted ? process.exit(130) : end.abort()));
const tell = (kill: number) => {
  if (kill % 10 === 0) console.log(`killed ${kill} times`);
};
const report =
  kind === "remote"
    ? await remoteKillRounds(kills, tell, end.signal)
    : await killRounds(serve, kills, tell, end.signal);
console.log(JSON.stringify(report, null, 2));
process.exit(report.problems.length === 0 ? 0 : 1);
