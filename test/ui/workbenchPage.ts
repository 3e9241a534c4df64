import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { PageElement } from './pageElement';
import { WorkbenchEditor } from './workbenchEditor';

/** A row of a tree view as it stands on the page. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** 1 for the roots. */
  readonly level: number;
  /** `undefined` for a leaf. */
  readonly expanded: boolean | undefined;
}

export interface QuickPickRow {
  readonly label: string;
  readonly description: string;
}

/** Text to look for: a string is compared whole, a pattern is searched. */
export type TextMatch = string | RegExp;

const WAIT = { timeout: 20_000 };

/**
 * The workbench as a person meets it: every method does what a hand would do (click, type, right-click) or
 * reads what stands on the page, and waits until it stands there. Nothing waits for a time to pass.
 *
 * ```ts
 * const workbench = await openWorkbenchPage(browser, session.url());
 * await workbench.openViewContainer('AWS Containers');
 * await workbench.expand('ECR', 'web');                       // view title, row label
 * await workbench.chooseFromRowMenu('ECR', 'web', 'Copy URI');
 * await workbench.runCommand('awsContainers.image.push');     // id or palette title
 * await workbench.pick('web');                                // quick pick row
 * await workbench.answer('v2');                               // input box
 * await workbench.pressNotificationButton(/pushed/, 'Open Output');
 * await workbench.outputText('AWS Containers');
 * ```
 */
export class WorkbenchPage {
  /** The text editor: opening files, typing, completion. */
  readonly editor: WorkbenchEditor;

  constructor(readonly page: Page) {
    this.editor = new WorkbenchEditor(page, (name) => this.runCommand(name));
  }

  // ---- side bar and trees

  /** Opens a view container by its title in the activity bar; leaves it open when it is. */
  async openViewContainer(title: string): Promise<void> {
    // The tab itself gets its label only once it has been shown; its icon has it from the start.
    const tab = this.page.locator('.activitybar [role="tab"]', {
      has: this.page.locator(`a[aria-label^="${title}"]`),
    });
    await tab.waitFor(WAIT);
    if ((await tab.getAttribute('aria-expanded')) !== 'true') {
      await tab.click();
    }
    await this.page.locator('.sidebar .composite.title', { hasText: new RegExp(title, 'i') }).waitFor(WAIT);
  }

  /** The pane of a view, unfolded. */
  async view(title: string): Promise<Locator> {
    const header = this.page.locator(`.pane-header[aria-label="${title} Section"]`);
    await header.waitFor(WAIT);
    if ((await header.getAttribute('aria-expanded')) === 'false') {
      await header.click();
    }
    return this.page.locator('.pane', { has: header });
  }

  /** The rows that stand on the page: a long tree shows only those in sight. */
  async rows(viewTitle: string): Promise<TreeRow[]> {
    const view = await this.view(viewTitle);
    return view.locator('.monaco-list-row').evaluateAll((rows: PageElement[]) =>
      rows
        .map((row) => ({ row, index: Number(row.getAttribute('data-index')) }))
        .sort((a, b) => a.index - b.index)
        .map(({ row }) => ({
          label: row.querySelector('.label-name')?.textContent ?? '',
          description: row.querySelector('.label-description')?.textContent ?? '',
          level: Number(row.getAttribute('aria-level')),
          expanded: row.hasAttribute('aria-expanded')
            ? row.getAttribute('aria-expanded') === 'true'
            : undefined,
        })),
    );
  }

  /** Waits until a row is there and scrolls it into sight. */
  async row(viewTitle: string, label: TextMatch): Promise<Locator> {
    const view = await this.view(viewTitle);
    const found = view
      .locator('.monaco-list-row', { has: this.page.locator('.label-name', { hasText: exactly(label) }) })
      .first();
    await this.waitUntil(
      `a row ${label} in ${viewTitle}`,
      async () => {
        if (!(await found.isVisible())) {
          await this.scrollOn(view);
          return undefined;
        }
        // A tree that is loading anew may replace the row in between.
        return found.scrollIntoViewIfNeeded({ timeout: 1000 }).then(
          () => true as const,
          () => undefined,
        );
      },
      async () => JSON.stringify(await this.rows(viewTitle)),
    );
    return found;
  }

  /** Unfolds a row and waits until its children, or the word that there are none, are there. */
  async expand(viewTitle: string, label: TextMatch): Promise<void> {
    const row = await this.row(viewTitle, label);
    if ((await row.getAttribute('aria-expanded')) !== 'true') {
      await row.locator('.monaco-tl-twistie').click();
    }
    await this.waitUntil(`${label} to unfold`, async () => {
      const loading = await row.locator('.monaco-tl-twistie.codicon-tree-item-loading').count();
      return (await row.getAttribute('aria-expanded')) === 'true' && loading === 0 ? true : undefined;
    });
  }

  /** Clicks a row as a person would, which runs the command that the row carries. */
  async clickRow(viewTitle: string, label: TextMatch): Promise<void> {
    await (await this.row(viewTitle, label)).locator('.label-name').click();
  }

  /** Presses an icon that shows on a row when the pointer is over it. */
  async pressRowAction(viewTitle: string, label: TextMatch, action: string): Promise<void> {
    const row = await this.row(viewTitle, label);
    await row.hover();
    await row.locator(`.actions a[aria-label^="${action}"]`).click(WAIT);
  }

  /** Presses an icon in a view's title. */
  async pressViewAction(viewTitle: string, action: string): Promise<void> {
    const view = await this.view(viewTitle);
    await view.hover();
    await view.locator(`.pane-header .actions a[aria-label^="${action}"]`).click(WAIT);
  }

  /** The text and the buttons of the welcome content of a view without rows. */
  async welcome(viewTitle: string): Promise<{ text: string; buttons: string[] }> {
    const welcome = (await this.view(viewTitle)).locator('.welcome-view-content');
    await welcome.waitFor(WAIT);
    return {
      text: await welcome.innerText(),
      buttons: await welcome.locator('.monaco-button').allInnerTexts(),
    };
  }

  // ---- menus

  /** Right-clicks a row and gives the titles in the menu, which stays open. */
  async openRowMenu(viewTitle: string, label: TextMatch): Promise<string[]> {
    const row = await this.row(viewTitle, label);
    await row.locator('.label-name').click({ button: 'right' });
    return this.menuItems();
  }

  async chooseFromRowMenu(viewTitle: string, label: TextMatch, item: string): Promise<void> {
    await this.openMenuWith(item, () => this.openRowMenu(viewTitle, label));
    await this.chooseFromMenu(item);
  }

  /** Right-clicks a file of the explorer, which must be open, and gives the titles in the menu. */
  async openFileMenu(file: string): Promise<string[]> {
    const folders = file.split('/');
    const name = folders.pop() ?? file;
    for (const folder of folders) {
      const row = this.explorerRow(folder);
      await row.waitFor(WAIT);
      if ((await row.getAttribute('aria-expanded')) === 'false') {
        await row.click(WAIT);
      }
    }
    await this.explorerRow(name).click({ button: 'right', ...WAIT });
    return this.menuItems();
  }

  private explorerRow(name: string): Locator {
    return this.page
      .locator('.explorer-folders-view .monaco-list-row', {
        has: this.page.locator('.label-name', { hasText: exactly(name) }),
      })
      .first();
  }

  async chooseFromFileMenu(file: string, item: string): Promise<void> {
    await this.openMenuWith(item, () => this.openFileMenu(file));
    await this.chooseFromMenu(item);
  }

  /** What a menu offers depends on what is loaded and known by then: opened anew until it has the item. */
  private openMenuWith(item: string, open: () => Promise<string[]>): Promise<true> {
    let items: string[] = [];
    return this.waitUntil(
      `${item} in the menu`,
      async () => {
        items = await open();
        if (items.includes(item)) {
          return true;
        }
        await this.page.keyboard.press('Escape');
        await this.page.locator('.monaco-menu').waitFor({ state: 'hidden', ...WAIT });
        return undefined;
      },
      () => Promise.resolve(items.join(' | ')),
    );
  }

  async menuItems(): Promise<string[]> {
    const items = this.page.locator('.monaco-menu .action-menu-item');
    await items.first().waitFor(WAIT);
    return (await items.locator('.action-label').allInnerTexts()).map((text) => text.trim()).filter(Boolean);
  }

  /** Chooses from the menu that is open. A menu ignores a click that comes right after it opened: so again. */
  async chooseFromMenu(item: string): Promise<void> {
    const entry = this.page
      .locator('.monaco-menu .action-menu-item', {
        has: this.page.locator('.action-label', { hasText: exactly(item) }),
      })
      .first();
    await entry.waitFor(WAIT);
    await this.waitUntil(`${item} to be chosen`, async () => {
      await entry.click({ timeout: 1000 }).catch(() => undefined);
      return entry.waitFor({ state: 'hidden', timeout: 500 }).then(
        () => true as const,
        () => undefined,
      );
    });
  }

  // ---- palette, quick picks, input boxes

  /** Runs a command from the palette, by its whole title with category, or by its id. */
  async runCommand(name: string): Promise<void> {
    await this.dismissMenus();
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget:visible input[type="text"]');
    const labels = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    await labels.first().waitFor(WAIT);
    const before = await labels.allInnerTexts();
    await input.fill(`>${name}`);
    const there = async (): Promise<string> => (await labels.allInnerTexts()).join(' | ');
    if (COMMAND_ID.test(name)) {
      // A whole id finds its command, and puts it first, once the list has taken the filter.
      await this.waitUntil(
        `the command ${name} in the palette`,
        async () => {
          const now = await labels.allInnerTexts();
          return now.length > 0 && now[0] !== NO_MATCH && now.join() !== before.join() ? true : undefined;
        },
        there,
      );
      await this.page.keyboard.press('Enter');
    } else {
      const row = labels.filter({ hasText: exactly(name) }).first();
      await this.waitUntil(
        `the command ${name} in the palette`,
        async () => ((await row.isVisible()) ? true : undefined),
        there,
      );
      await row.click();
    }
  }

  /**
   * The title, placeholder and rows of the quick pick that is open. With a title it waits for that very one:
   * the pick before may still be there.
   */
  async quickPick(awaited = /(?:)/): Promise<{ title: string; placeholder: string; rows: QuickPickRow[] }> {
    const widget = this.page.locator('.quick-input-widget:visible', {
      has: this.page.locator('.quick-input-title', { hasText: awaited }),
    });
    await widget.locator('.quick-input-list .monaco-list-row').first().waitFor(WAIT);
    return {
      title: await widget.locator('.quick-input-title').innerText(),
      placeholder:
        (await widget.locator('input[type="text"]').getAttribute('placeholder', { timeout: 1000 })) ?? '',
      rows: await widget.locator('.quick-input-list .monaco-list-row').evaluateAll((rows: PageElement[]) =>
        rows.map((row) => ({
          label: row.querySelector('.label-name')?.textContent ?? '',
          description: row.querySelector('.label-description')?.textContent ?? '',
        })),
      ),
    };
  }

  /** Waits for a quick pick that has the row, and takes it. */
  async pick(label: TextMatch): Promise<void> {
    const row = this.page
      .locator('.quick-input-widget:visible .quick-input-list .monaco-list-row', {
        has: this.page.locator('.label-name', { hasText: exactly(label) }),
      })
      .first();
    await row.waitFor(WAIT);
    // The details that show on a row under the pointer would lie over the others.
    await this.page.mouse.move(0, 0);
    await row.click(WAIT);
  }

  /** Waits for an input box (not a quick pick), with the title if one is given, and answers it. */
  async answer(text: string, title?: RegExp): Promise<void> {
    const input = this.page
      .locator(
        '.quick-input-widget:visible:not(:has(.quick-input-list:visible))',
        title ? { hasText: title } : {},
      )
      .locator('input:visible')
      .first();
    await input.waitFor(WAIT);
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Waits until the open input box says this: its prompt, or why the text is refused. */
  async inputMessage(text: RegExp): Promise<void> {
    await this.page
      .locator('.quick-input-widget:visible .quick-input-message', { hasText: text })
      .waitFor(WAIT);
  }

  /** Closes the quick pick or input box without an answer. */
  async cancelInput(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator('.quick-input-widget:visible').waitFor({ state: 'hidden', ...WAIT });
  }

  // ---- messages

  /** Waits for a notification and gives its text. */
  async notification(text: RegExp, timeout = WAIT.timeout): Promise<string> {
    const message = this.notificationRow(text).locator('.notification-list-item-message');
    await message.waitFor({ timeout });
    return message.innerText();
  }

  async pressNotificationButton(text: RegExp, button: string, timeout = WAIT.timeout): Promise<void> {
    await this.notificationRow(text)
      .locator('.notification-list-item-buttons-container .monaco-button', { hasText: button })
      .click({ timeout });
  }

  /** The texts of the notifications on show. */
  notifications(): Promise<string[]> {
    return this.page.locator('.notification-list-item-message:visible').allInnerTexts();
  }

  clearNotifications(): Promise<void> {
    return this.runCommand('notifications.clearAll');
  }

  /** Waits for a modal dialog and gives its message, detail and buttons. */
  async dialog(): Promise<{ message: string; detail: string; buttons: string[] }> {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.waitFor(WAIT);
    const detail = dialog.locator('.dialog-message-detail');
    return {
      message: await dialog.locator('.dialog-message').innerText(),
      detail: (await detail.count()) > 0 ? await detail.innerText() : '',
      buttons: await dialog.locator('.dialog-buttons .monaco-button').allInnerTexts(),
    };
  }

  async pressDialogButton(button: string): Promise<void> {
    await this.page.locator('.monaco-dialog-box .monaco-button', { hasText: exactly(button) }).click(WAIT);
    await this.page.locator('.monaco-dialog-box').waitFor({ state: 'hidden', ...WAIT });
  }

  // ---- output and status bar

  /** Opens an output channel by its name, as a person would: from the list of channels. */
  async showOutput(channel: TextMatch): Promise<void> {
    await this.runCommand('workbench.action.showOutputChannels');
    await this.pick(channel);
    await this.outputEditor().waitFor(WAIT);
  }

  /**
   * The whole text of an output channel, also what is out of sight: selected and copied. Without a name, of
   * the channel on show.
   */
  async outputText(channel?: TextMatch): Promise<string> {
    if (channel !== undefined) {
      await this.showOutput(channel);
    }
    await this.outputEditor().waitFor(WAIT);
    await this.outputEditor().click();
    await this.page.evaluate('navigator.clipboard.writeText("")');
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('ControlOrMeta+C');
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** Waits until a channel's text matches, and gives the text. */
  async outputMatching(channel: TextMatch, text: RegExp, timeout = WAIT.timeout): Promise<string> {
    await this.showOutput(channel);
    let last = '';
    return this.waitUntil(
      `the output ${channel} to show ${text}`,
      async () => {
        last = await this.outputText();
        return text.test(last) ? last : undefined;
      },
      () => Promise.resolve(last.slice(-2000)),
      timeout,
    );
  }

  /** The texts of the status bar's items. */
  async statusBar(): Promise<string[]> {
    const texts = await this.page.locator('.statusbar-item:visible').allInnerTexts();
    return texts.map((text) => text.trim()).filter(Boolean);
  }

  statusBarItem(text: TextMatch): Locator {
    return this.page.locator('.statusbar-item', { hasText: exactly(text) });
  }

  // ---- the window

  readClipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** Closes an open menu: it would swallow the next keys. */
  async dismissMenus(): Promise<void> {
    if (await this.page.locator('.monaco-menu').count()) {
      await this.page.keyboard.press('Escape');
    }
  }

  /** Takes the pointer off whatever it hovers, so that no tooltip stands in a picture. */
  async pointAway(): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.page
      .locator('.monaco-hover:visible')
      .first()
      .waitFor({ state: 'hidden', ...WAIT });
  }

  async screenshot(file: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
  }

  /** Calls `probe` until it gives a value; at the deadline says what was awaited and what was there. */
  async waitUntil<T>(
    what: string,
    probe: () => Promise<T | undefined>,
    found?: () => Promise<string>,
    timeout = WAIT.timeout,
  ): Promise<T> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const value = await probe();
      if (value !== undefined) {
        return value;
      }
      if (Date.now() > deadline) {
        throw new Error(
          `Waited ${timeout / 1000} s for ${what}${found ? `; there is: ${await found()}` : ''}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private notificationRow(text: RegExp): Locator {
    return this.page.locator('.notification-list-item:visible', { hasText: text }).first();
  }

  private outputEditor(): Locator {
    return this.page.locator('.output-view-container .monaco-editor, .output-view .monaco-editor').first();
  }

  /** Scrolls a long tree on by less than its height; from its end back to its start. */
  private async scrollOn(view: Locator): Promise<void> {
    const list = view.locator('.monaco-list').first();
    const box = (await list.count()) > 0 ? await list.boundingBox() : null;
    if (!box || box.height < 30) {
      return;
    }
    const before = await this.firstRowTop(list);
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.page.mouse.wheel(0, box.height * 0.7);
    if ((await this.firstRowTop(list)) === before) {
      await this.page.mouse.wheel(0, -1_000_000);
    }
  }

  private firstRowTop(list: Locator): Promise<string | null> {
    return list.locator('.monaco-list-rows').getAttribute('style');
  }
}

const NO_MATCH = 'No matching commands';
const COMMAND_ID = /^[\w-]+(\.[\w-]+)+$/;

/** A filter that compares whole texts, so that `web` is not found in `web-admin`. */
function exactly(text: TextMatch): RegExp {
  return text instanceof RegExp
    ? text
    : new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
