import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';

export function readTaskDefinition(text: string, fileName: string): RegisterTaskDefinitionCommandInput {
  throw new Error(`being written: ${text.length} ${fileName}`);
}
