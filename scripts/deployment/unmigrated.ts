// Durable Object bindings that Cloudflare refuses (error 10061): their class is in no migration. A dry run does not notice.

/** What is read of wrangler's configuration. */
export interface DurableObjectConfig {
  readonly durable_objects?: { readonly bindings?: readonly Binding[] } | undefined;
  readonly migrations?: readonly Migration[] | undefined;
}

interface Binding {
  readonly name: string;
  readonly class_name: string;
  readonly script_name?: string | undefined;
}

interface Migration {
  readonly new_classes?: readonly string[] | undefined;
  readonly new_sqlite_classes?: readonly string[] | undefined;
  readonly renamed_classes?: readonly { readonly from: string; readonly to: string }[] | undefined;
  readonly deleted_classes?: readonly string[] | undefined;
}

/** What is wrong with each binding whose class no migration makes. A class of another Worker is that one's to migrate. */
export function unmigratedBindings({ durable_objects, migrations = [] }: DurableObjectConfig): string[] {
  const classes = new Set<string>();
  for (const { new_classes, new_sqlite_classes, renamed_classes, deleted_classes } of migrations) {
    for (const name of [...(new_classes ?? []), ...(new_sqlite_classes ?? [])]) classes.add(name);
    for (const { from, to } of renamed_classes ?? []) {
      classes.delete(from);
      classes.add(to);
    }
    for (const name of deleted_classes ?? []) classes.delete(name);
  }
  return (durable_objects?.bindings ?? [])
    .filter(({ class_name, script_name }) => script_name === undefined && !classes.has(class_name))
    .map(
      ({ name, class_name }) => `the binding ${name} names the class ${class_name}, which is in no migration`,
    );
}
