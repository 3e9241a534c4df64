import * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposal';
import type { Services } from '../services';
import { COMPLETION_TRIGGERS, TaskDefinitionCompletion } from './taskDefinitionCompletion';
import { checkTaskDefinitions } from './taskDefinitionDiagnostics';
import { FIX_METADATA, taskDefinitionFixes } from './taskDefinitionFixes';
import { TaskDefinitionHover } from './taskDefinitionHover';
import { taskDefinitionLenses } from './taskDefinitionLenses';
import { TaskDefinitionLinks } from './taskDefinitionLinks';

/** Makes the editor know task definitions. Runs no program. */
export function registerTaskDefinitionLanguage(
  services: Pick<Services, 'contexts' | 'sessions' | 'log'>,
): vscode.Disposable {
  const store = new DisposableStore();
  store.add(checkTaskDefinitions(services.log));
  // For every JSON file, because the globs are a setting: the provider itself looks at the name.
  const json = [{ language: 'json' }, { language: 'jsonc' }];
  store.add(vscode.languages.registerCodeActionsProvider(json, taskDefinitionFixes, FIX_METADATA));
  const completion = store.add(new TaskDefinitionCompletion(services));
  store.add(vscode.languages.registerCompletionItemProvider(json, completion, ...COMPLETION_TRIGGERS));
  store.add(vscode.languages.registerHoverProvider(json, new TaskDefinitionHover(services)));
  store.add(vscode.languages.registerDocumentLinkProvider(json, new TaskDefinitionLinks(services)));
  store.add(vscode.languages.registerCodeLensProvider(json, taskDefinitionLenses));
  return store;
}
