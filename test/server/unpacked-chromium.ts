// Before the first test that needs a browser: the package unpacks its Chromium into the temporary folder, and a second test worker
// would take the half of it that is there for the whole.
import { findChromium } from "./chromium.ts";

export default async function setup(): Promise<void> {
  await findChromium();
}
