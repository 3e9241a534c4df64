import type { Locator, Page } from 'playwright-core';
import type { PageElement } from './pageElement';

const WAIT = { timeout: 20_000 };
/** Lines of lenses between those of the text. */
const LENSES = '.editor-instance .codelens-decoration';

/** The text editor of the workbench, driven by keys and read from the page. */
export class WorkbenchEditor {
  constructor(
    private readonly page: Page,
    private readonly runCommand: (name: string) => Promise<void>,
  ) {}

  /** Opens a file of the workspace by its name or path, through Quick Open. */
  async open(file: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+P');
    const input = this.page.locator('.quick-input-widget:visible input[type="text"]');
    await input.waitFor(WAIT);
    await input.fill(file);
    const name = file.split('/').at(-1) ?? file;
    const row = this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`).first();
    await row.waitFor(WAIT);
    await row.click();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor(WAIT);
    await this.page.locator('.editor-instance .monaco-editor .view-line').first().waitFor(WAIT);
  }

  /** Puts the cursor at a line and column, both from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget:visible input[type="text"]');
    await input.waitFor(WAIT);
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget:visible').waitFor({ state: 'hidden', ...WAIT });
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 5 });
  }

  /** Replaces everything by what is put on the clipboard: typing would close brackets and tags by itself. */
  async replaceAll(text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('ControlOrMeta+V');
    // The clipboard is read on the side: a key pressed before that is over would act on the text of before.
    const last = text.split('\n').findLast((line) => line.trim() !== '') ?? '';
    const line = this.page
      .locator('.editor-instance .monaco-editor .view-line')
      .filter({ hasText: last.trim() });
    await line.first().waitFor(WAIT);
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached', ...WAIT });
  }

  /** Asks for completion at the cursor and gives the labels in sight, once the awaited one is among them. */
  async suggestions(awaited: string): Promise<string[]> {
    const widget = this.page.locator('.suggest-widget.visible');
    const row = widget.locator('.monaco-list-row', {
      has: this.page.locator('.label-name').getByText(awaited, { exact: true }),
    });
    // Asked before a language service has read the document, the editor offers its words, or nothing: ask again.
    for (let attempt = 1; !(await row.first().isVisible()); attempt++) {
      if (await widget.isVisible()) {
        await this.page.keyboard.press('Escape');
        await widget.waitFor({ state: 'hidden', ...WAIT });
      }
      await this.page.keyboard.press('Control+Space');
      const shown = row.first().waitFor({ timeout: 3_000 });
      await (attempt < 10 ? shown.catch(() => undefined) : shown);
    }
    return widget.locator('.monaco-list-row .label-name').allInnerTexts();
  }

  /** Takes a suggestion that is in sight. */
  async acceptSuggestion(label: string): Promise<void> {
    await this.page.locator(`.suggest-widget.visible .monaco-list-row[aria-label^="${label}"]`).click(WAIT);
  }

  /** The titles of the lenses in sight, once the awaited one is among them. */
  async lenses(awaited: string): Promise<string[]> {
    for (;;) {
      await this.lens(awaited).waitFor(WAIT);
      // They may be drawn anew in between.
      const titles = await this.page.locator(`${LENSES} a`).allInnerTexts();
      if (titles.some((title) => title.includes(awaited))) {
        return titles.map((title) => title.trim());
      }
    }
  }

  async pressLens(title: string): Promise<void> {
    await this.lens(title).click(WAIT);
  }

  private lens(title: string): Locator {
    return this.page.locator(`${LENSES} a`, { hasText: title }).first();
  }

  /** Presses the light bulb of the cursor's line, and gives what it offers. */
  async fixes(): Promise<string[]> {
    await this.page.locator('.monaco-editor [class*="lightbulb" i]:visible').first().click(WAIT);
    const rows = this.page.locator('.action-widget:visible .monaco-list-row.action');
    await rows.first().waitFor(WAIT);
    return rows.allInnerTexts();
  }

  /** Takes one of the fixes that the light bulb offers. */
  async applyFix(title: RegExp): Promise<void> {
    const row = this.page.locator('.action-widget:visible .monaco-list-row.action', { hasText: title });
    await row.first().click(WAIT);
    await row.first().waitFor({ state: 'hidden', ...WAIT });
  }

  /** The hover at the cursor, as text. */
  async hover(): Promise<string> {
    await this.runCommand('editor.action.showHover');
    const hover = this.page.locator('.monaco-editor .monaco-hover:visible, .monaco-hover:visible').first();
    await hover.waitFor(WAIT);
    return hover.innerText();
  }

  /** The lines in sight. */
  async visibleText(): Promise<string> {
    const lines = await this.page
      .locator('.editor-instance .monaco-editor .view-line')
      .evaluateAll((all: PageElement[]) =>
        all
          .map((line) => ({
            top: parseFloat(/top: *([\d.]+)/.exec(line.getAttribute('style') ?? '')?.[1] ?? '0'),
            text: line.textContent ?? '',
          }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text.replaceAll('\u00a0', ' ')),
      );
    return lines.join('\n');
  }

  /** The rows of the Problems view, which opens if it is not: the files and below each its problems. */
  async problems(): Promise<string[]> {
    // The command hides the view again that has the focus.
    if (!(await this.page.locator('.markers-panel').isVisible())) {
      await this.runCommand('workbench.actions.view.problems');
    }
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    await rows.first().waitFor(WAIT);
    return rows.allInnerTexts();
  }
}
