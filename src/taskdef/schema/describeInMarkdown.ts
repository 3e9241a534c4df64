import TurndownService from 'turndown';

/**
 * Turns the HTML of the SDK's documentation comments into Markdown for hovers. The comments escape braces,
 * which TSDoc would otherwise read as tags.
 */
export function describeInMarkdown(html: string): string {
  const service = new TurndownService({ codeBlockStyle: 'fenced', bulletListMarker: '-', emDelimiter: '_' });
  service.addRule('note', {
    filter: ({ nodeName }) => nodeName === 'NOTE' || nodeName === 'IMPORTANT',
    replacement: (content) => `\n\n> ${content.trim().replaceAll('\n', '\n> ')}\n\n`,
  });
  return service.turndown(html.replace(/\\([{}@])/g, '$1')).trim();
}
