// Hears of a run over its WebSocket, for as long as the page is open: reconnects with backoff and jitter, and finds out by
// itself that a connection has died in its sleep. It only listens; what is heard is a hint to look, never shown as it is.
import { backOff } from "./back-off.ts";

/** What the page does about it. */
export interface Listener {
  /** The run told where it is. */
  heard(head: string | null): void;
  /** The connection is gone and is being sought again. Called at every attempt that fails. */
  lost(): void;
}

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 20_000;
const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 4_000;

/** Listens to a run until the page goes away, and again when it comes back. */
export function listen(run: string, listener: Listener): void {
  let socket: WebSocket | null = null;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let deadline: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    drop();
    const address = new URL(`/api/runs/${encodeURIComponent(run)}/live`, location.origin);
    address.protocol = address.protocol.replace("http", "ws");
    const opened = new WebSocket(address);
    socket = opened;
    opened.addEventListener("message", ({ data }) => {
      if (socket !== opened) return;
      clearTimeout(deadline);
      failures = 0;
      if (data !== "pong") listener.heard(headIn(String(data)));
    });
    opened.addEventListener("close", () => {
      if (socket === opened) fail();
    });
  }

  function fail(): void {
    drop();
    listener.lost();
    retry = setTimeout(connect, backOff(failures++, FIRST_WAIT_MS, LONGEST_WAIT_MS));
  }

  function drop(): void {
    clearTimeout(retry);
    clearTimeout(deadline);
    const old = socket;
    socket = null;
    old?.close();
  }

  /** A socket can be dead without knowing. The server answers a ping by itself, without waking the run. */
  function ping(): void {
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.send("ping");
    clearTimeout(deadline);
    deadline = setTimeout(fail, PONG_WITHIN_MS);
  }

  function wake(): void {
    if (document.visibilityState === "hidden") return;
    if (socket === null) connect();
    else ping();
  }

  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  addEventListener("pageshow", wake);
  addEventListener("pagehide", drop);
  setInterval(ping, PING_EVERY_MS);
  connect();
}

function headIn(text: string): string | null {
  const message: unknown = JSON.parse(text);
  if (typeof message !== "object" || message === null || !("head" in message)) return null;
  return typeof message.head === "string" ? message.head : null;
}
