import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { PROJECT } from './session';

/** Keeps the browser from phoning home, and lets it run as root in a container. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/** Starts the browser that `node test/workbench/prepare.mjs browser` found or fetched, without a window. */
export function startBrowser(): Promise<Browser> {
  const note = path.join(PROJECT, '.vscode-test', 'browser.json');
  if (!existsSync(note)) {
    throw new Error('No browser was looked for yet: run `node test/workbench/prepare.mjs browser`');
  }
  const { executable, libraries } = JSON.parse(readFileSync(note, 'utf8')) as {
    executable: string;
    libraries?: string;
  };
  return chromium.launch({
    executablePath: executable,
    args: QUIET,
    ...(libraries === undefined ? {} : { env: { ...environment(), LD_LIBRARY_PATH: libraries } }),
  });
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
