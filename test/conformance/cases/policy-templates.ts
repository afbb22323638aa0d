// The templates of a policy (§5.1, rule 28): what a call changes, as the policy says it.
import { type CorpusCase, faults, type Row } from "../case.ts";
import { drop, type Edit, type Json, put } from "../json-edit.ts";
import { digestOf } from "../primitives.ts";
import { SEQ } from "../scenarios.ts";

const { alert } = SEQ;

function template(resource: string, before = "absent", after = "absent"): Json {
  return { resource, before, after };
}

const withTemplate = (value: Json): Edit => put("effects.0.effects", [value]);

const atAlert = (name: string, policy: Edit): Row => [28, name, alert, {}, { options: { policy } }];

const resources: readonly (readonly [name: string, resource: string])[] = [
  ["an empty resource", ""],
  ["a resource of 1001 units", "r".repeat(1001)],
  ["an opening brace", "file:{"],
  ["a closing brace", "file:}"],
  ["a placeholder that is not closed", "file:{path"],
  ["a placeholder without a name", "file:{}"],
  ["a placeholder of a plus alone", "file:{+}"],
  ["a name that begins with a digit", "file:{1st}"],
  ["a name with a space", "file:{a path}"],
  ["a name with a minus", "file:{a-path}"],
  ["a name with a dot", "file:{a.path}"],
  ["a name with a letter that is not ASCII", "file:{größe}"],
  ["a name with a digit that is not ASCII", "file:{a١}"],
  ["a name with a trailing newline", "file:{path\n}"],
  ["another operator", "file:{#path}"],
  ["two names in one placeholder", "file:{a,b}"],
  ["a prefix length", "file:{path:3}"],
  ["braces twice", "file:{{path}}"],
  ["a brace after a placeholder", "file:{path}}"],
  ["a plus and more text", "file:{+path}.bak"],
  ["a placeholder, a plus and more text", "table:{schema}/{+table}.bak"],
  ["a plus, a placeholder and a plus", "table:{+schema}/{table}/{+column}"],
  ["a plus and another placeholder", "file:{+path}/{name}"],
  ["two placeholders with nothing between them", "table:{schema}{table}"],
  ["two placeholders with a plus, and nothing between them", "table:{schema}{+table}"],
  ["two placeholders with only a minus between them", "table:{schema}-{table}"],
  ["two placeholders with only unreserved text between them", "table:{schema}._~az09-{table}"],
  ["two placeholders with only a per cent sign between them", "table:{schema}%2F{table}"],
  ["two placeholders with only a letter beyond ASCII between them", "table:{schema}é{table}"],
  ["the third of three placeholders next to the second", "table:{a}/{b}{c}"],
];

const words: readonly (readonly [name: string, before: Json, after: Json])[] = [
  ["a before of null", null, "absent"],
  ["a before in upper case", "Read", "absent"],
  ["a before of another word", "null", "absent"],
  ["a before of an argument without its sign", "before", "absent"],
  ["a before of no argument", "$", "absent"],
  ["a before with a plus", "$+before", "absent"],
  ["a before with a dot", "$args.before", "absent"],
  ["a before with a trailing newline", "$before\n", "absent"],
  ["an after of null", "absent", null],
  ["an after that is read", "absent", "read"],
  ["an after of a digest", "absent", digestOf("x")],
  ["an after of no argument", "absent", "$"],
  ["an after that begins with a digit", "absent", "$1"],
  ["an after with a space", "absent", "$a b"],
];

export const policyTemplateCases: readonly CorpusCase[] = [
  ...faults(
    "template",
    "A template's resource is text with {name}, and {+name} at its end; nothing between two of them could be part of either.",
    resources.map(([name, resource]) => atAlert(name, withTemplate(template(resource)))),
  ),
  ...faults("template", "What stands before and after is one of few words, or an argument.", [
    ...words.map(([name, before, after]) =>
      atAlert(name, withTemplate({ resource: "file:{path}", before, after })),
    ),
    atAlert("an unknown member", put("effects.0.effects.0.content", "")),
    atAlert("no after", drop("effects.0.effects.0.after")),
    atAlert("a text in its place", put("effects.0.effects.0", "file:{path}")),
  ]),
];
