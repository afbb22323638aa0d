// Everyone who watches a run: hibernatable WebSockets that hear its head and status at every receipt. They only listen.
// Whatever a client sends, but a ping, ends its socket: nobody can keep the run awake by talking to it.
import type { RunStatus } from "../chain/index.ts";
import { accept, type Digest, type Result, refuse } from "../receipt/index.ts";

/** What a socket hears, as JSON: on joining, and at every receipt. */
export interface LiveMessage {
  readonly head: Digest | null;
  readonly status: RunStatus;
}

/** Sockets that one run holds at a time. */
export const MAX_SOCKETS = 100;

export class LiveSockets {
  readonly #ctx: DurableObjectState;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    // Answered by the runtime itself, without waking the run.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  /** Takes in one more listener and tells it where the run is; gives the client's end. */
  join(now: LiveMessage): Result<WebSocket, "ERR_LIVE_LIMIT"> {
    if (this.#ctx.getWebSockets().length >= MAX_SOCKETS) {
      return refuse("ERR_LIVE_LIMIT", `${MAX_SOCKETS} are watching this run already; try again later`);
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.#ctx.acceptWebSocket(server);
    server.send(JSON.stringify(now));
    return accept(client);
  }

  /** Sends every listener away. */
  close(reason: string): void {
    for (const socket of this.#ctx.getWebSockets()) socket.close(1001, reason);
  }

  /** Tells every listener. One that is gone is passed over: telling must never fail a run. */
  announce(message: LiveMessage): void {
    const text = JSON.stringify(message);
    for (const socket of this.#ctx.getWebSockets()) {
      try {
        socket.send(text);
      } catch {
        socket.close(1011, "could not be told");
      }
    }
  }
}
