// What the server uses of the machine, from /proc: all processes of its group, as `wrangler dev` is Node and two workerds.
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second and memory in pages. */
const MS_PER_TICK = 10;
const MB_PER_PAGE = 4096 / 1024 / 1024;

export interface Usage {
  /** Processor time so far, in milliseconds. */
  readonly cpuMs: number;
  /** Resident memory now, in MB. */
  readonly memoryMb: number;
  /** That of the largest process: the workerd that runs the Worker, beside wrangler's own processes. */
  readonly workerMb: number;
}

/** Sums up the processes of a group. */
export function usageOf(group: number): Usage {
  let ticks = 0;
  let pages = 0;
  let largest = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const fields = statOf(pid);
    if (Number(fields[2]) !== group) continue;
    ticks += Number(fields[11]) + Number(fields[12]);
    pages += Number(fields[21]);
    largest = Math.max(largest, Number(fields[21]));
  }
  return { cpuMs: ticks * MS_PER_TICK, memoryMb: pages * MB_PER_PAGE, workerMb: largest * MB_PER_PAGE };
}

/** The fields of /proc/<pid>/stat that follow the program's name, which may hold spaces; none when the process is gone. */
function statOf(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
