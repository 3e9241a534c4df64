import * as vscode from 'vscode';
import { SessionPool } from './aws/session';
import { COMMANDS, registerCommands } from './editor/commands/commandTable';
import { ContextKeeper } from './editor/contexts/contextKeeper';
import { ContextSettingsStore } from './editor/contexts/contextSettings';
import { createContextStatusItem } from './editor/contexts/contextStatusItem';
import { ContextStore } from './editor/contexts/contextStore';
import { openInitialContext } from './editor/contexts/initialContext';
import { keepSignedIn } from './editor/contexts/keepSignedIn';
import { EngineProvider } from './editor/engineProvider';
import { checkLifecyclePolicies } from './editor/language/lifecyclePolicyDiagnostics';
import { registerTaskDefinitionLanguage } from './editor/language/registerTaskDefinitionLanguage';
import { TaskDefinitionSchemas } from './editor/language/taskDefinitionSchemas';
import { VerifyProblems } from './editor/language/verifyProblems';
import { LogStreams } from './editor/logStreams';
import { PolicyFiles } from './editor/policies/policyFiles';
import { RevisionFiles } from './editor/revisions/revisionFiles';
import { SandboxController } from './editor/sandboxController';
import type { Services } from './editor/services';
import { registerTrees } from './editor/trees/registerTrees';
import { DiffView } from './editor/ui/diffView';
import { ReportView } from './editor/ui/reportView';
import { ResourceIndex } from './explorer/resourceIndex';
import { StoppedTaskMemory } from './explorer/stoppedTaskMemory';

/** Composition root: builds what the commands and views share, wires it, and returns. */
export async function activate(extension: vscode.ExtensionContext): Promise<void> {
  const own = <T extends vscode.Disposable>(item: T): T => {
    extension.subscriptions.push(item);
    return item;
  };
  const log = own(vscode.window.createOutputChannel('AWS Containers', { log: true }));
  const settings = new ContextSettingsStore(extension.globalState);
  const contexts = own(new ContextStore(extension.workspaceState, settings));
  const keeper = new ContextKeeper(contexts);
  const resources = new ResourceIndex({
    contexts: () => contexts.all(),
    gateways: (context) => sessions.get(context),
  });
  const sessions = own(
    new SessionPool({
      mfaCode: keeper.mfaCode,
      allowChange: async (context, change) => {
        await keeper.allowChange(context, change);
        resources.forget();
      },
    }),
  );
  own(contexts.onDidChange(() => resources.forget()));
  const stoppedTasks = new StoppedTaskMemory({
    read: () => extension.workspaceState.get('stoppedTasks'),
    write: (records) => void extension.workspaceState.update('stoppedTasks', records),
  });
  const trees = own(
    registerTrees({ contexts, sessions, log, stoppedTasks, memory: extension.workspaceState }),
  );
  const diffs = own(new DiffView());
  const services: Services = {
    contexts,
    keeper,
    sessions,
    engines: own(new EngineProvider()),
    sandbox: own(new SandboxController(extension, log)),
    trees,
    resources,
    stoppedTasks,
    diffs,
    reports: own(new ReportView()),
    policies: own(new PolicyFiles({ contexts, sessions, trees, diffs })),
    revisions: own(new RevisionFiles({ contexts, sessions, trees, diffs, log })),
    verifyProblems: own(new VerifyProblems()),
    logStreams: own(new LogStreams(log)),
    log,
    buildOutput: own(vscode.window.createOutputChannel('AWS Containers: Build and Push')),
    deployOutput: own(vscode.window.createOutputChannel('AWS Containers: Deployments', 'log')),
    memory: extension.workspaceState,
  };
  own(registerCommands(services, COMMANDS));
  own(registerTaskDefinitionLanguage(services));
  own(checkLifecyclePolicies(log));
  own(new TaskDefinitionSchemas(vscode.Uri.joinPath(extension.extensionUri, 'dist'), log));
  own(createContextStatusItem(contexts, sessions));
  own(keepSignedIn({ contexts, sessions, trees }));
  own(
    contexts.onDidClose((context) => {
      services.logStreams.stopContext(context);
      sessions.release(context);
    }),
  );
  await openInitialContext(contexts);
  await vscode.commands.executeCommand('setContext', 'awsContainers.ready', true);
}
