import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { getLanguageService, TextDocument } from 'vscode-json-languageservice';
import { completeTaskDefinition } from '../src/taskdef/completion/completeTaskDefinition';
import { diagnose } from '../src/taskdef/diagnose';
import { parseTaskDefinition } from '../src/taskdef/document/taskDefinitionDocument';
import { definitionRules } from '../src/taskdef/rules/allRules';
import { fileRules } from '../src/taskdef/rules/fileRules';
import type { Severity } from '../src/taskdef/rules/rule';
import { FIXTURES } from '../test/unit/taskdef/rules/fixtures';
import { type Figure, inMilliseconds, median, quantile } from './figure';
import { largeDefinition } from './largeDefinition';

const ROUNDS = 200;
const WARM_UP = 50;
const SCHEMA = path.join(__dirname, '../dist/task-definition.schema.json');

/**
 * How long the rules take after a keystroke, held against the validation of VS Code's own JSON service, and what
 * they find in a folder of task definitions: the one that the environment variable `TASKDEF_CORPUS` names, else
 * the project's own fixtures.
 */
export async function measureTaskDefinition(say: (text: string) => void): Promise<Figure[]> {
  const text = largeDefinition();
  say(`checking a definition of ${Buffer.byteLength(text)} bytes ${ROUNDS} times`);
  const figures = [...(await measureKeystroke(text)), measureCompletion(text)];
  return [...figures, ...countRules(), ...countFindings(say)];
}

async function measureKeystroke(text: string): Promise<Figure[]> {
  const uri = 'inmemory://schema';
  const json = getLanguageService({});
  json.configure({
    schemas: [{ uri, fileMatch: ['*'], schema: JSON.parse(readFileSync(SCHEMA, 'utf8')) as object }],
  });
  const ours: number[] = [];
  const theirs: number[] = [];
  const onCpu: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    // As if a letter was typed and taken back.
    const edited = round % 2 === 0 ? text : text.replace('"family": "large"', '"family": "larges"');
    const used = process.cpuUsage();
    const begun = performance.now();
    const found = diagnose(parseTaskDefinition(edited));
    const between = performance.now();
    const { user, system } = process.cpuUsage(used);
    const document = TextDocument.create('inmemory://definition.json', 'json', round, edited);
    const problems = await json.doValidation(document, json.parseJSONDocument(document));
    const ended = performance.now();
    if (found.length > 0 || problems.length > 0) {
      throw new Error(`The definition is not valid: ${JSON.stringify([found, problems])}`);
    }
    if (round >= WARM_UP) {
      ours.push(between - begun);
      onCpu.push((user + system) / 1000);
      theirs.push(ended - between);
    }
  }
  const ratio = median(ours) / median(theirs);
  return [
    {
      name: 'Diagnostics of 64 KiB and ten containers, after a keystroke',
      seen: `${inMilliseconds(median(ours))}, of which on the processor ${inMilliseconds(median(onCpu))}`,
      goal: 'at most 10 ms',
    },
    {
      name: "VS Code's JSON validation of that text with that schema",
      seen: `${inMilliseconds(median(theirs))}; the rules take ${ratio.toFixed(2)} times as long`,
    },
  ];
}

/** Values that follow from the document, in each of which another part of it is read. */
const COMPLETED = [
  '"memory": "',
  '"containerName": "',
  '"sourceVolume": "',
  '"awslogs-region": "',
  '"condition": "',
];

function measureCompletion(text: string): Figure {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const before = COMPLETED[round % COMPLETED.length] ?? '';
    const begun = performance.now();
    const { items } = completeTaskDefinition(text, text.lastIndexOf(before) + before.length, {
      region: 'eu-central-1',
      regions: new Map([['eu-central-1', 'Europe (Frankfurt)']]),
    });
    if (items.length === 0) {
      throw new Error(`Nothing is completed after ${before}`);
    }
    if (round >= WARM_UP) {
      times.push(performance.now() - begun);
    }
  }
  return {
    name: 'Completion in it, without network',
    seen: `${inMilliseconds(median(times))}; 19 of 20 within ${inMilliseconds(quantile(times, 0.95))}`,
    goal: 'at most 20 ms',
  };
}

function countRules(): Figure[] {
  const rules = [...fileRules, ...definitionRules];
  const fixable = new Set(FIXTURES.filter(({ fixed }) => fixed !== undefined).map(({ rule }) => rule));
  return [
    {
      name: 'Rules, those with a fix, fixtures',
      seen: `${rules.length}, ${fixable.size}, ${FIXTURES.length * 2} (half of them pass, half fail)`,
    },
  ];
}

/** Says each rule's findings, so that somebody can look at every one. */
function countFindings(say: (text: string) => void): Figure[] {
  const folder = process.env.TASKDEF_CORPUS;
  const texts = folder === undefined ? ownTexts() : textsIn(folder);
  const byRule = new Map<string, { severity: Severity; places: string[] }>();
  const count: Record<Severity, number> = { error: 0, warning: 0, information: 0, hint: 0 };
  let withErrors = 0;
  for (const [name, text] of texts) {
    const found = diagnose(parseTaskDefinition(text));
    withErrors += found.some(({ severity }) => severity === 'error') ? 1 : 0;
    for (const { rule, severity, span } of found) {
      const row = byRule.get(rule.id) ?? { severity, places: [] };
      row.places.push(`${name}:${text.slice(0, span.offset).split('\n').length}`);
      byRule.set(rule.id, row);
      count[severity] += 1;
    }
  }
  for (const [id, { severity, places }] of [...byRule].sort(([one], [other]) => one.localeCompare(other))) {
    const shown = places.slice(0, 5).join(' ');
    say(`${id.padEnd(28)} ${severity.padEnd(11)} ${String(places.length).padStart(4)}  ${shown}`);
  }
  const severities = Object.entries(count).map(([severity, found]) => `${found} ${severity}`);
  return [
    {
      name: `Findings in ${texts.length} ${folder === undefined ? 'fixtures' : 'files'}`,
      seen: `${severities.join(', ')}; errors in ${withErrors}`,
    },
  ];
}

type NamedText = readonly [name: string, text: string];

function ownTexts(): NamedText[] {
  return FIXTURES.flatMap(({ rule, passes, fails }) =>
    Object.entries({ passes, fails }).map(([which, value]): NamedText => [
      `${rule} ${which}`,
      typeof value === 'string' ? value : JSON.stringify(value, null, 2),
    ]),
  );
}

function textsIn(folder: string): NamedText[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]);
}
