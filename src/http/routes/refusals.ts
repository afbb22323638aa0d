// What routes share in their documentation.
import { z } from "zod";

export const UNKNOWN = "There is no such run.";

export const BODY = {
  400: "The body is no JSON.",
  413: "The body is over 64 KiB.",
  415: "The content type is not application/json.",
};

export const prefer = z.object({
  prefer: z.string().optional().meta({ description: "`respond-async` answers at once (RFC 7240)." }),
});

export const starting = prefer.extend({
  "idempotency-key": z.string().optional().meta({
    description: "1 to 200 printable ASCII characters. The same key and body lead to the same run.",
  }),
});
