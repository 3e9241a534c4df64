const DOCS = 'https://docs.aws.amazon.com/AmazonECS/latest';

/** The page of a type of the API, at one of its members; the SDK's comments hold the same text. */
export function apiType(type: string, member: string): string {
  return `${DOCS}/APIReference/API_${type}.html#ECS-Type-${type}-${member}`;
}

/** The page of RegisterTaskDefinition, at one of the members of its input. */
export function apiInput(member: string): string {
  return `${DOCS}/APIReference/API_RegisterTaskDefinition.html#ECS-RegisterTaskDefinition-request-${member}`;
}

/** A page of the developer guide. */
export function guide(page: string): string {
  return `${DOCS}/developerguide/${page}.html`;
}
