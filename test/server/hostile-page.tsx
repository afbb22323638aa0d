// A page with three drawings of one text: a new file, an edit of one, and a script.
import { SourceBox } from "../../src/view/code-box.tsx";
import { DiffTable } from "../../src/view/diff-table.tsx";
import { Page } from "../../src/view/page.tsx";

const BEFORE = "start();\nallow();\nend();\n";

export async function hostilePage(after: string): Promise<string> {
  const change = { path: "src/a.js", after, isText: true };
  const html = (
    <Page title="A change" name="run">
      <section id="proposal-1">
        <DiffTable id="new" change={{ ...change, before: "", isNew: true }} />
        <DiffTable id="edit" change={{ ...change, before: BEFORE, isNew: false }} />
        <SourceBox label="Script" path="script.js" text={after} />
      </section>
    </Page>
  );
  return `<!doctype html>${await html.toString()}`;
}
