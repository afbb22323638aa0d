// What has to be cleared up when a process ends, also when a signal ends it: a Ctrl-C, for one, comes without an `exit`.

/** Does some synchronous work when this process ends. Only a SIGKILL leaves it undone. */
export function atTheEnd(work: () => void): void {
  process.once("exit", work);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      work();
      process.kill(process.pid, signal);
    });
}
