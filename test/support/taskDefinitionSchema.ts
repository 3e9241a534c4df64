import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getLanguageService, type LanguageService } from 'vscode-json-languageservice';
import type { EditorSchema } from '../../src/taskdef/schema/editorSchema';

const GENERATOR = join(__dirname, '..', '..', 'src', 'taskdef', 'schema', 'generate.ts');

/** Generating takes seconds: the first suite of a run does it for all of them. */
let generated: EditorSchema | undefined;

/**
 * The schema of task definitions, as it is generated from the installed SDK, and a JSON service that holds every
 * JSON document against it. Its members can be read within hooks and tests.
 */
export function useTaskDefinitionSchema(): {
  readonly schema: EditorSchema;
  readonly service: LanguageService;
} {
  let current: { readonly schema: EditorSchema; readonly service: LanguageService } | undefined;
  before(function () {
    this.timeout(60_000);
    const schema = (generated ??= generate());
    const service = getLanguageService({});
    service.configure({
      schemas: [{ uri: 'inmemory://schema', fileMatch: ['*.json'], schema: schema as object }],
    });
    current = { schema, service };
  });
  const used = (): { readonly schema: EditorSchema; readonly service: LanguageService } => {
    if (current === undefined) {
      throw new Error('The schema is there within hooks and tests only.');
    }
    return current;
  };
  return {
    get schema() {
      return used().schema;
    },
    get service() {
      return used().service;
    },
  };
}

function generate(): EditorSchema {
  const folder = mkdtempSync(join(tmpdir(), 'schema-'));
  try {
    execFileSync(process.execPath, ['--import', 'tsx', GENERATOR, folder]);
    return JSON.parse(readFileSync(join(folder, 'task-definition.schema.json'), 'utf8')) as EditorSchema;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
