import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposal';
import { messageOf } from '../../base/errors';
import { ownGlobs } from './taskDefinitionFiles';

/** Under which the schema can be named anywhere that VS Code takes the address of one. */
const SCHEME = 'aws-containers-schema';
const ADDRESS = `${SCHEME}:/task-definition.json`;

/** An entry of the setting `json.schemas`. */
interface SchemaEntry {
  readonly fileMatch?: readonly string[];
  readonly url?: string;
}

/**
 * Gives the user's own globs the schema too. An extension can name files of a schema in its manifest only, and
 * VS Code has nothing to add more later (https://github.com/microsoft/vscode/issues/230136) but the user's setting
 * `json.schemas`: an entry there is offered, kept in step once it is there, and never made without consent.
 */
export class TaskDefinitionSchemas implements vscode.Disposable {
  private readonly store = new DisposableStore();

  constructor(
    private readonly folder: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.store.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('awsContainers.taskDefinition.files')) {
          this.follow().catch((error: unknown) =>
            this.log.error('The setting json.schemas could not be changed', error),
          );
        }
      }),
    );
  }

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const name = path === '/container-definitions.json' ? 'container-definitions' : 'task-definition';
    const file = vscode.Uri.joinPath(this.folder, `${name}.schema.json`);
    try {
      return Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8');
    } catch (error) {
      this.log.error(`The schema could not be read: ${messageOf(error)}`);
      throw error;
    }
  }

  dispose(): void {
    this.store.dispose();
  }

  /** Brings `json.schemas` in step with the globs, where the user has agreed to it. */
  private async follow(): Promise<void> {
    const globs = ownGlobs();
    const target = targetOfGlobs();
    const entries = entriesIn(target);
    const present = entries.find(({ url }) => url === ADDRESS);
    if (!present && (globs.length === 0 || !(await this.agrees(globs)))) {
      return;
    }
    if (JSON.stringify(present?.fileMatch ?? []) === JSON.stringify(globs)) {
      return;
    }
    const others = entries.filter((entry) => entry !== present);
    const wanted = globs.length === 0 ? others : [...others, { fileMatch: globs, url: ADDRESS }];
    await vscode.workspace
      .getConfiguration('json')
      .update('schemas', wanted.length === 0 ? undefined : wanted, target);
  }

  private async agrees(globs: readonly string[]): Promise<boolean> {
    const add = vscode.l10n.t('Add to json.schemas');
    const pressed = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Problems and their fixes are shown in {0} from now on. For the names and descriptions of members too, VS Code needs these files in its setting "json.schemas".',
        globs.join(', '),
      ),
      add,
    );
    return pressed === add;
  }
}

/** Where the user has set the globs: the entry belongs to the same settings. */
function targetOfGlobs(): vscode.ConfigurationTarget {
  const set = vscode.workspace.getConfiguration('awsContainers').inspect('taskDefinition.files');
  return set?.workspaceValue === undefined
    ? vscode.ConfigurationTarget.Global
    : vscode.ConfigurationTarget.Workspace;
}

function entriesIn(target: vscode.ConfigurationTarget): readonly SchemaEntry[] {
  const set = vscode.workspace.getConfiguration('json').inspect<readonly SchemaEntry[]>('schemas');
  return (target === vscode.ConfigurationTarget.Global ? set?.globalValue : set?.workspaceValue) ?? [];
}
