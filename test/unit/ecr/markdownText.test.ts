import assert from 'node:assert/strict';
import { escapeMarkdown, httpsUrl, markdownLink, markdownTable } from '../../../src/ecr/markdownText';

describe('Markdown of texts that others wrote', () => {
  it('has no markup of theirs', () => {
    assert.equal(escapeMarkdown('a *b* <img src=x> | `c`'), 'a \\*b\\* \\<img src\\=x\\> \\| \\`c\\`');
    assert.equal(escapeMarkdown('[here](command:x)'), '\\[here\\]\\(command\\:x\\)');
    assert.equal(escapeMarkdown(' # one\n\n- two\r\n'), '\\# one \\- two');
  });

  it('has no links of theirs, also not of what looks like an address', () => {
    assert.equal(escapeMarkdown('see http://evil.example'), 'see http\\:\\/<!-- -->\\/evil\\.example');
    assert.equal(escapeMarkdown('///x'), '\\/<!-- -->\\/\\/x');
    assert.equal(escapeMarkdown('ask me@evil.example'), 'ask me<!-- -->\\@evil\\.example');
    assert.equal(escapeMarkdown('mailto:me'), 'mailto<!-- -->\\:me');
  });

  it('has nothing that is not seen', () => {
    assert.equal(escapeMarkdown('a\u202Eb\u200B\u0007c'), 'abc');
  });

  it('leads to https addresses only, whose host is what it seems', () => {
    assert.equal(
      httpsUrl('https://www.cve.org/CVERecord?id=CVE-1900-1'),
      'https://www.cve.org/CVERecord?id=CVE-1900-1',
    );
    for (const other of [
      undefined,
      '',
      'no address',
      'http://cve.example',
      'command:workbench.action.quit',
      'javascript:alert(1)',
      'https://aws.amazon.com@evil.example/',
      'https://:secret@evil.example/',
    ]) {
      assert.equal(httpsUrl(other), undefined, other);
    }
  });

  it('has links that end where they should', () => {
    assert.equal(
      markdownLink('CVE [1]', 'https://cve.example/a(b)|c?d=<e>\\f'),
      '[CVE \\[1\\]](<https://cve.example/a%28b%29%7Cc?d=%3Ce%3E%5Cf>)',
    );
    assert.equal(markdownLink('CVE', 'http://cve.example'), 'CVE');
  });

  it('has tables of a line a row', () => {
    assert.deepEqual(markdownTable(['A', 'B'], [['1', '2']]), ['| A | B |', '| --- | --- |', '| 1 | 2 |']);
  });
});
