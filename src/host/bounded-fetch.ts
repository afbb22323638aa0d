// A fetch for a server that is not trusted to stop: its answer has a longest length, and it cannot send us, or a key, elsewhere.

/** Longest answer, in bytes. */
const LONGEST = 1_000_000;

export async function boundedFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: "manual" });
  let left = LONGEST;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      left -= chunk.length;
      if (left >= 0) controller.enqueue(chunk);
      else controller.error(new Error(`the answer is longer than ${LONGEST} bytes`));
    },
  });
  return new Response(response.body?.pipeThrough(counting) ?? null, response);
}
