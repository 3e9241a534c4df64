import assert from 'node:assert/strict';
import { formatAge, formatSize } from '../../../src/explorer/quantity';

describe('A size', () => {
  const sizes: [number, string][] = [
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [12_345_678, '12.35 MB'],
    [1_500_000_000, '1.5 GB'],
    [5e15, '5,000 TB'],
  ];
  for (const [bytes, text] of sizes) {
    it(`of ${bytes} bytes reads ${text}`, () => assert.equal(formatSize(bytes), text));
  }
});

describe('An age', () => {
  const DAY = 86_400;
  const ages: [number, string][] = [
    [-30, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [3 * 60, '3 minutes ago'],
    [3599, '59 minutes ago'],
    [5 * 3600, '5 hours ago'],
    [DAY, '1 day ago'],
    [45 * DAY, '1 month ago'],
    [800 * DAY, '2 years ago'],
  ];
  for (const [seconds, text] of ages) {
    it(`of ${seconds} seconds reads ${text}`, () => {
      assert.equal(formatAge(new Date(1e12), new Date(1e12 + seconds * 1000)), text);
    });
  }
});
