// Receivers of webhooks: addresses outside, at which this process answers itself.

/** Answers a message, of which it is shown the headers. */
export type Answer = (headers: Headers) => Promise<Response>;

const receivers = new Map<string, Answer>();

const outside = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const answer = receivers.get(String(input));
  return answer ? answer(new Headers(init?.headers)) : outside(input, init);
};

/** Answers at an address from now on. */
export function listen(url: string, answer: Answer): void {
  receivers.set(url, answer);
}

/** Puts something in front of what answers at an address. */
export function intercept(
  url: string,
  interceptor: (answer: () => Promise<Response>) => Promise<Response>,
): void {
  const answer = receivers.get(url);
  if (answer) listen(url, (headers) => interceptor(() => answer(headers)));
}
