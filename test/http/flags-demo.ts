// What the story of the examples needs to know of the tests' flags.
import type { Demo } from "./story.ts";

export const FLAGS: Demo = {
  alert: { title: "Carts are priced wrong" },
  feedback: "Say which carts.",
  resource: { name: "readme", content: "Flags of the shop, and who owns them." },
  edit: () => ({ connector: "flags", method: "set", args: { flag: "new_pricing", on: { share: 0.1 } } }),
};
