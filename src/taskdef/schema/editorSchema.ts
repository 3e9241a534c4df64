import type { JSONSchema7 } from 'json-schema';

/** JSON Schema with the members that VS Code's JSON service adds to it. */
export interface EditorSchema extends Omit<
  JSONSchema7,
  'properties' | 'definitions' | 'items' | 'anyOf' | 'if' | 'then' | 'else' | 'not' | 'additionalProperties'
> {
  markdownDescription?: string;
  deprecationMessage?: string;
  patternErrorMessage?: string;
  errorMessage?: string;
  properties?: Record<string, EditorSchema>;
  definitions?: Record<string, EditorSchema>;
  items?: EditorSchema;
  anyOf?: EditorSchema[];
  if?: EditorSchema;
  then?: EditorSchema;
  else?: EditorSchema;
  not?: EditorSchema;
  additionalProperties?: boolean | EditorSchema;
  deprecated?: unknown;
}

/** What the type generator makes: never without members. */
export type GeneratedSchema = EditorSchema & Required<Pick<EditorSchema, 'properties' | 'definitions'>>;
