// Standard output and standard error of a command. What could not be written whole must not pass for having been written.
import { fstatSync, writeFileSync } from "node:fs";

// Each write below says for itself how it ended. Without a listener, a failed one would also end the process, with exit code 1.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

/**
 * Writes a line or more to standard output. A reader that has seen enough, such as `head`, is no failure.
 * @throws {Error} when not all of it could be written: a full disk, for example.
 */
export async function print(text: string): Promise<void> {
  try {
    // To a file, process.stdout writes once, and takes what fitted on the disk for the whole.
    if (fstatSync(1).isFile()) writeFileSync(1, `${text}\n`);
    else await write(`${text}\n`);
  } catch (error) {
    throw new Error(`cannot write to standard output: ${error instanceof Error ? error.message : error}`);
  }
}

/** Says on standard error why there is no output, and gives the exit code that stands for that. */
export function complain(message: string): 2 {
  process.stderr.write(`${message}\n`);
  return 2;
}

function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error?: Error | null) => {
      if (!error || Reflect.get(error, "code") === "EPIPE") resolve();
      else reject(error);
    });
  });
}
