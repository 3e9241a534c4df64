import * as vscode from 'vscode';
import { CONTEXT_COLOURS, type AwsContext, type ContextColour } from '../../aws/context';
import { UserError } from '../../base/errors';
import type { WithContext } from '../contexts/contextOfAnswers';
import { MAX_NAME, type ContextSettings } from '../contexts/contextSettings';
import { nameOf } from '../contexts/contextStore';
import type { Services } from '../services';
import { input, pick, type Choice } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readContext } from './readContext';

/** An empty name and the colour `none` stand for what the context has by itself. */
interface CustomizeAnswers extends WithContext {
  readonly name?: string;
  readonly colour?: ContextColour | 'none';
  readonly guard?: ContextSettings['guard'];
}

const GUARDS = ['none', 'protected', 'readOnly'] as const;

/**
 * "Name, Colour and Protection...": how a context is shown and what it is held to. Accepts `CustomizeAnswers`, of which
 * those that are there are taken; resolves to what the user has chosen for the context by then.
 */
export async function customizeContext(services: Services, argument?: unknown): Promise<ContextSettings> {
  const answers = readArguments<CustomizeAnswers>(argument);
  const context = await readContext(services, argument);
  const given = answers.name !== undefined || answers.colour !== undefined || answers.guard !== undefined;
  const change = given ? answers : await askForChange(services, context);
  const { name, colour, guard } = { ...settingsOf(services, context), ...readChange(change) };
  const settings: ContextSettings = {
    ...(name ? { name } : {}),
    ...(colour !== undefined && colour !== 'none' ? { colour } : {}),
    ...(guard === undefined ? {} : { guard }),
  };
  // Its gateways say the name in what they tell: new ones have the new name.
  services.sessions.release(context);
  await services.contexts.customize(context, settings);
  return settings;
}

/** Moves a context's row up by one. Accepts `{context}`. */
export async function moveContextUp(services: Services, argument?: unknown): Promise<void> {
  await services.contexts.move(await readContext(services, argument), -1);
}

/** Moves a context's row down by one. Accepts `{context}`. */
export async function moveContextDown(services: Services, argument?: unknown): Promise<void> {
  await services.contexts.move(await readContext(services, argument), 1);
}

function settingsOf(services: Services, context: AwsContext): CustomizeAnswers {
  return services.contexts.settingsOf(context);
}

function readChange({ name, colour, guard }: CustomizeAnswers): CustomizeAnswers {
  const wrong =
    (name !== undefined && (typeof name !== 'string' || name.trim().length > MAX_NAME)) ||
    (colour !== undefined && colour !== 'none' && !CONTEXT_COLOURS.includes(colour)) ||
    (guard !== undefined && !GUARDS.includes(guard));
  if (wrong) {
    throw new UserError(
      'invalidInput',
      vscode.l10n.t(
        'A context has a name of at most {0} letters, a colour ({1}) and a protection ({2}).',
        MAX_NAME,
        ['none', ...CONTEXT_COLOURS].join(', '),
        GUARDS.join(', '),
      ),
    );
  }
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(colour === undefined ? {} : { colour }),
    ...(guard === undefined ? {} : { guard }),
  };
}

async function askForChange(services: Services, context: AwsContext): Promise<CustomizeAnswers> {
  const title = `${context.label} · ${context.region}`;
  const what = await pick<'name' | 'colour' | 'guard'>(
    [
      {
        label: vscode.l10n.t('Name'),
        iconPath: new vscode.ThemeIcon('edit'),
        description: context.label,
        value: 'name',
      },
      {
        label: vscode.l10n.t('Colour'),
        iconPath: new vscode.ThemeIcon('symbol-color'),
        description: context.colour ?? vscode.l10n.t('none'),
        value: 'colour',
      },
      {
        label: vscode.l10n.t('Protection'),
        iconPath: new vscode.ThemeIcon('shield'),
        description: guardName(services.contexts.guardOf(context) ?? 'none'),
        value: 'guard',
      },
    ],
    { title },
  );
  switch (what) {
    case 'name':
      return {
        name: await input({
          title,
          prompt: vscode.l10n.t('The name of its row. Leave it empty for: {0}', nameOf(context.source)),
          value: services.contexts.settingsOf(context).name ?? '',
          validate: (text) =>
            text.length > MAX_NAME ? vscode.l10n.t('At most {0} letters.', MAX_NAME) : undefined,
        }),
      };
    case 'colour':
      return { colour: await pick(colourChoices(), { title, active: (value) => value === context.colour }) };
    case 'guard': {
      const now = services.contexts.guardOf(context) ?? 'none';
      return { guard: await pick(guardChoices(), { title, active: (value) => value === now }) };
    }
  }
}

function colourChoices(): Choice<ContextColour | 'none'>[] {
  return [
    { label: vscode.l10n.t('none'), value: 'none' },
    ...CONTEXT_COLOURS.map((colour): Choice<ContextColour> => ({
      label: colour,
      iconPath: new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor(`charts.${colour}`)),
      value: colour,
    })),
  ];
}

function guardChoices(): Choice<(typeof GUARDS)[number]>[] {
  const details = {
    none: vscode.l10n.t('Commands change things once they have asked'),
    protected: vscode.l10n.t('Whatever changes something wants the name of the resource typed'),
    readOnly: vscode.l10n.t('Nothing can be changed: no push, no deployment, no deletion'),
  };
  return GUARDS.map((guard) => ({ label: guardName(guard), detail: details[guard], value: guard }));
}

function guardName(guard: (typeof GUARDS)[number]): string {
  return {
    none: vscode.l10n.t('none'),
    protected: vscode.l10n.t('protected'),
    readOnly: vscode.l10n.t('read-only'),
  }[guard];
}
