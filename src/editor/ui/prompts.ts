import * as vscode from 'vscode';
import { UserError } from '../../base/errors';

/** One row to choose from, with the value that choosing it gives. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface PickOptions {
  readonly title: string;
  readonly placeholder?: string;
  /** Chosen when the user just presses Enter. */
  readonly active?: (value: unknown) => boolean;
}

/** A dismissed prompt ends the whole command without a word. */
function dismissed(): UserError {
  return new UserError('cancelled', 'Cancelled.');
}

/**
 * Lets the user choose one row. Rows that arrive later are added while the user already types.
 * @throws UserError('cancelled') when dismissed; whatever the rows' source throws
 */
export async function pick<T>(
  choices: readonly Choice<T>[] | AsyncIterable<readonly Choice<T>[]>,
  options: PickOptions,
): Promise<T> {
  const box = vscode.window.createQuickPick<Choice<T>>();
  box.title = options.title;
  box.placeholder = options.placeholder;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.ignoreFocusOut = true;
  const show = (rows: readonly Choice<T>[]): void => {
    const held = box.activeItems[0]?.value;
    box.items = rows;
    const active = rows.find((row) =>
      held !== undefined ? row.value === held : options.active?.(row.value),
    );
    if (active) {
      box.activeItems = [active];
    }
  };
  try {
    return await new Promise<T>((resolve, reject) => {
      box.onDidAccept(() => {
        const chosen = box.selectedItems[0];
        if (chosen) {
          resolve(chosen.value);
        }
      });
      box.onDidHide(() => reject(dismissed()));
      box.show();
      void fill(box, choices, show).catch(reject);
    });
  } finally {
    box.dispose();
  }
}

async function fill<T>(
  box: vscode.QuickPick<Choice<T>>,
  choices: readonly Choice<T>[] | AsyncIterable<readonly Choice<T>[]>,
  show: (rows: readonly Choice<T>[]) => void,
): Promise<void> {
  if (!(Symbol.asyncIterator in choices)) {
    show(choices);
    return;
  }
  box.busy = true;
  const rows: Choice<T>[] = [];
  for await (const more of choices) {
    rows.push(...more);
    show(rows);
  }
  box.busy = false;
}

export interface InputOptions {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  /** Nobody is to read it from the screen. */
  readonly password?: boolean;
  /** What is wrong with the text, or `undefined`. */
  readonly validate?: (text: string) => string | undefined;
}

/** @throws UserError('cancelled') when dismissed */
export async function input(options: InputOptions): Promise<string> {
  const text = await vscode.window.showInputBox({
    title: options.title,
    prompt: options.prompt,
    value: options.value,
    placeHolder: options.placeholder,
    password: options.password,
    ignoreFocusOut: true,
    validateInput: options.validate && ((value) => options.validate?.(value.trim())),
  });
  if (text === undefined) {
    throw dismissed();
  }
  return text.trim();
}

/**
 * Asks before something is changed or lost.
 * @param action the button's label: a verb that says what will happen
 * @throws UserError('cancelled') when the user does not press it
 */
export async function confirm(message: string, action: string, detail?: string): Promise<void> {
  await confirmOneOf(message, [action], detail);
}

/**
 * The same with several buttons.
 * @returns the label of the button that was pressed
 * @throws UserError('cancelled') when the user presses none
 */
export async function confirmOneOf<T extends string>(
  message: string,
  actions: readonly T[],
  detail?: string,
): Promise<T> {
  const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...actions);
  if (answer === undefined) {
    throw dismissed();
  }
  return answer;
}

/**
 * Asks for a name to be typed, where data is lost that cannot be had again.
 * @throws UserError('cancelled') when dismissed
 */
export async function confirmByName(title: string, prompt: string, name: string): Promise<void> {
  await input({
    title,
    prompt,
    placeholder: name,
    validate: (text) => (text === name ? undefined : vscode.l10n.t('Type {0} to confirm.', name)),
  });
}
