import type { Browser } from 'playwright-core';
import { WorkbenchPage } from './workbenchPage';

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
}

/**
 * Opens a window of the workbench in a fresh browser profile, and waits until the workbench and its
 * extensions are up. Close it with `workbench.page.context().close()`.
 */
export async function openWorkbenchPage(
  browser: Browser,
  url: string,
  { width = 1400, height = 900 }: PageOptions = {},
): Promise<WorkbenchPage> {
  const context = await browser.newContext({
    viewport: { width, height },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  await page.goto(url);
  await page
    .locator('.monaco-workbench .part.statusbar .statusbar-item')
    .first()
    .waitFor({ timeout: 60_000 });
  // Ours is there once the extensions' contributions are.
  await page
    .locator('.activitybar [role="tab"] a[aria-label^="AWS Containers"]')
    .waitFor({ timeout: 60_000 });
  return new WorkbenchPage(page);
}
