import * as vscode from 'vscode';
import { messageOf, UserError } from '../../base/errors';
import { bestMatches } from '../../explorer/fuzzyMatch';
import type { FoundResource } from '../../explorer/resourceIndex';
import type { Services } from '../services';
import { readArguments } from './commandArguments';

export interface GoToAnswers {
  /** Its whole name. */
  readonly name: string;
  readonly kind?: FoundResource['kind'];
  /** Of a service. */
  readonly cluster?: string;
}

/** Rows of the list: more would have to be read, which takes longer than typing another letter. */
const MOST_SHOWN = 100;

const ICONS: Readonly<Record<FoundResource['kind'], string>> = {
  repository: 'repo',
  cluster: 'server',
  service: 'server-process',
  family: 'notebook',
};

/**
 * "Go to Resource...": selects the row of a repository, cluster, service or family, found by some letters of
 * its name in all open contexts. Accepts `GoToAnswers`. Resolves to `{kind, name}`, with `{cluster}` of a service.
 */
export async function goToResource(
  services: Services,
  argument?: unknown,
): Promise<Pick<FoundResource, 'kind' | 'name' | 'cluster'>> {
  const answers = readArguments<GoToAnswers>(argument);
  const found =
    answers.name === undefined
      ? await chooseResource(services)
      : await findResource(services, { ...answers, name: answers.name });
  await services.trees.goTo(found.view, found.context, found.ids);
  const { kind, name, cluster } = found;
  return { kind, name, ...(cluster === undefined ? {} : { cluster }) };
}

async function findResource(
  { resources }: Services,
  { name, kind, cluster }: GoToAnswers,
): Promise<FoundResource> {
  const stop = new AbortController();
  const failures: unknown[] = [];
  try {
    for await (const page of resources.search(stop.signal)) {
      if (page.kind === 'failed') {
        failures.push(page.error);
        continue;
      }
      const found = page.resources.find(
        (each) =>
          each.name === name &&
          (kind ?? each.kind) === each.kind &&
          (cluster === undefined || each.cluster === cluster),
      );
      if (found) {
        return found;
      }
    }
  } finally {
    stop.abort();
  }
  // It may be among what could not be listed.
  if (failures.length > 0) {
    throw failures[0];
  }
  throw new UserError('notFound', vscode.l10n.t('Nothing in the open profiles has this name: {0}', name));
}

interface ResourceItem extends vscode.QuickPickItem {
  readonly resource?: FoundResource;
}

/** @throws UserError('cancelled') when dismissed */
async function chooseResource(services: Services): Promise<FoundResource> {
  const box = vscode.window.createQuickPick<ResourceItem>();
  box.title = vscode.l10n.t('Go to Resource');
  box.placeholder = vscode.l10n.t('Some letters of a repository, cluster, service or task definition family');
  const stop = new AbortController();
  const found: FoundResource[] = [];
  const failures: ResourceItem[] = [];
  const several = services.contexts.all().length > 1;
  const show = (): void => {
    const best = bestMatches(box.value, found, ({ name }) => name, MOST_SHOWN);
    box.items = [...best.map((resource) => toItem(resource, several)), ...failures];
  };
  const fill = async (): Promise<void> => {
    box.busy = true;
    for await (const page of services.resources.search(stop.signal)) {
      if (page.kind === 'found') {
        found.push(...page.resources);
      } else {
        failures.push({
          label: `$(warning) ${page.context.label} · ${page.context.region}`,
          detail: messageOf(page.error),
          alwaysShow: true,
        });
      }
      show();
    }
    box.busy = false;
  };
  try {
    return await new Promise<FoundResource>((resolve, reject) => {
      box.onDidChangeValue(show);
      box.onDidAccept(() => {
        const resource = box.selectedItems[0]?.resource;
        if (resource) {
          resolve(resource);
        }
      });
      box.onDidHide(() => reject(new UserError('cancelled', 'Cancelled.')));
      box.show();
      void fill().catch(reject);
    });
  } finally {
    stop.abort();
    box.dispose();
  }
}

function toItem(resource: FoundResource, several: boolean): ResourceItem {
  const { context, cluster, name, kind } = resource;
  const place = several ? `${context.label} · ${context.region}` : undefined;
  return {
    label: `$(${ICONS[kind]}) ${name}`,
    description: [cluster, place].filter((part) => part !== undefined).join(' · '),
    // What was typed need not stand in the name in one piece, which is what the list itself would look for.
    alwaysShow: true,
    resource,
  };
}
