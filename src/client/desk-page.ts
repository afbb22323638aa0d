// The script of the desk and of the further pages of its list. They work without it; what it adds is that they follow the
// runs while they stand open, that ages and times left stay true, and that the sample is verified here.
import { keepFocus } from "./keep-focus.ts";
import { part } from "./page-part.ts";
import { poll } from "./poll.ts";
import { runAges } from "./run-ages.ts";
import { servedPage } from "./served-page.ts";
import { verifySample } from "./verify-sample.ts";

// First of all, before anything here touches what the server sent.
const look = servedPage("desk", `${location.pathname}${location.search}`, (merge) => {
  const restoreFocus = keepFocus();
  merge();
  restoreFocus();
});
runAges();
poll(async () => {
  const answered = await look();
  const note = part("out-of-touch");
  if (answered) note.hidden = true;
  else if (note.hidden) {
    note.textContent = "Out of touch with the server: this list may be behind. It keeps trying.";
    note.hidden = false;
  }
  return answered;
});
void verifySample();
