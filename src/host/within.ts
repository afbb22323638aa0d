// Waiting with a limit for a client that wants an answer now, while the work goes on by itself.

/** Waits for work to end, but no longer than that. Leaves no timer behind, which would keep its object in memory. */
export async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
