// The headers that every answer of the Worker carries, whatever route or refusal it comes from. Static files never reach the
// Worker: public/_headers says the same for them.
import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";

const POLICY = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    workerSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  // A page of ours may use passkeys; one that it framed, and it frames none, never.
  permissionsPolicy: { publickeyCredentialsGet: ["self"], publickeyCredentialsCreate: ["self"] },
  referrerPolicy: "same-origin",
  xFrameOptions: "DENY",
};

// A year, and of this host alone: what else lives under the domain is not ours to decide.
const overHttps = secureHeaders({ ...POLICY, strictTransportSecurity: "max-age=31536000" });
const overHttp = secureHeaders({ ...POLICY, strictTransportSecurity: false });

export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  // The headers of a socket's handshake are the protocol's, and cannot be changed any more.
  if (c.res.status === 101) return;
  const set = new URL(c.req.url).protocol === "https:" ? overHttps : overHttp;
  await set(c, () => Promise.resolve());
};
