/**
 * A family, and a container's name.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export const VALID_NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** The name that is nearest to a text: letters, digits, "-" and "_"; empty where the text has none of them. */
export function validName(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 255);
}
