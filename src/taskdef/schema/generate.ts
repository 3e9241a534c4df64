import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';
import { buildSchemas, type SdkStructures } from './buildSchemas';
import type { GeneratedSchema } from './editorSchema';
import { memberOrder } from './memberOrder';

/**
 * Build-time program: `generate.ts OUT_DIR` writes the schemas that VS Code's JSON service uses for task
 * definition files, and the order of members in which the editor writes them. It is the one place outside `src/aws` that reads the SDK, for its types, not its calls.
 */
function main(outDir: string): void {
  const require = createRequire(__filename);
  const root = join(require.resolve('@aws-sdk/client-ecs/package.json'), '..');
  const type = 'RegisterTaskDefinitionCommandInput';
  const generated = createGenerator({
    path: join(root, 'dist-types', 'commands', 'RegisterTaskDefinitionCommand.d.ts'),
    type,
    topRef: false,
    additionalProperties: false,
    skipTypeCheck: true,
  }).createSchema(type) as GeneratedSchema;
  const schemas = buildSchemas(generated, require('@aws-sdk/client-ecs') as SdkStructures);
  mkdirSync(outDir, { recursive: true });
  for (const [name, schema] of Object.entries(schemas)) {
    writeFileSync(join(outDir, `${name}.schema.json`), JSON.stringify(schema));
  }
  const order = join(__dirname, '..', 'memberOrder.generated.json');
  writeFileSync(order, JSON.stringify(memberOrder(generated)));
}

main(process.argv[2] ?? join(__dirname, '..', '..', '..', 'dist'));
