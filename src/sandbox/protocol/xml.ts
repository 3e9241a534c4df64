/**
 * An element with a value as the Query protocol writes it: the items of a list are `member` elements, absent
 * members are left out.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#response-serialization
 */
export function writeXml(name: string, value: unknown, attributes = ''): string {
  return `<${name}${attributes}>${writeContent(value)}</${name}>`;
}

function writeContent(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map((item) => writeXml('member', item)).join('');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => writeXml(name, member))
      .join('');
  }
  return escapeXml(String(value));
}

const XML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
  '\n': '&#xA;',
};

/** XML has no control characters but these, not even escaped. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escapeXml(text: string): string {
  return text
    .replace(IMPOSSIBLE, '\ufffd')
    .replace(/[&<>"'\r\n]/g, (character) => XML_ESCAPES[character] ?? character);
}
