import type { EditorSchema, GeneratedSchema } from './editorSchema';

/**
 * By the name of a structure, its members in the order in which the API documents them, each with the structure of
 * its values, or '' where these have none. What is registered is `TaskDefinition`.
 */
export type MemberOrder = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads the order off what the type generator made of `RegisterTaskDefinitionCommandInput`. */
export function memberOrder({ properties, definitions }: GeneratedSchema): MemberOrder {
  const membersOf = (members: Readonly<Record<string, EditorSchema>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(members).map(([name, schema]) => {
        const structure = structureIn(schema) ?? '';
        return [name, definitions[structure]?.properties ? structure : ''];
      }),
    );
  const structures = Object.entries(definitions).flatMap(([name, schema]) =>
    schema.properties ? [[name, membersOf(schema.properties)] as const] : [],
  );
  return { TaskDefinition: membersOf(properties), ...Object.fromEntries(structures) };
}

/** The name of the structure that a value has, or the items of a list. */
function structureIn({ $ref, items, anyOf = [] }: EditorSchema): string | undefined {
  if ($ref !== undefined) {
    return $ref.slice($ref.lastIndexOf('/') + 1);
  }
  return [...(items ? [items] : []), ...anyOf].map(structureIn).find((name) => name !== undefined);
}
