import type * as vscode from 'vscode';
import type { SessionPool } from '../aws/session';
import type { ContextKeeper } from './contexts/contextKeeper';
import type { ResourceIndex } from '../explorer/resourceIndex';
import type { StoppedTaskMemory } from '../explorer/stoppedTaskMemory';
import type { ContextStore } from './contexts/contextStore';
import type { EngineProvider } from './engineProvider';
import type { VerifyProblems } from './language/verifyProblems';
import type { PolicyFiles } from './policies/policyFiles';
import type { RevisionFiles } from './revisions/revisionFiles';
import type { SandboxController } from './sandboxController';
import type { LogStreams } from './logStreams';
import type { Trees } from './trees/registerTrees';
import type { DiffView } from './ui/diffView';
import type { ReportView } from './ui/reportView';

/** What `extension.ts` builds once and hands to every command. */
export interface Services {
  readonly contexts: ContextStore;
  /** Holds back what the user does not want changed. */
  readonly keeper: ContextKeeper;
  readonly sessions: SessionPool;
  readonly engines: EngineProvider;
  readonly sandbox: SandboxController;
  readonly trees: Trees;
  /** Names of all resources of the open contexts. */
  readonly resources: ResourceIndex;
  /** How tasks ended that ECS has forgotten. */
  readonly stoppedTasks: StoppedTaskMemory;
  readonly log: vscode.LogOutputChannel;
  /** The engines' full output: builds and pushes. */
  readonly buildOutput: vscode.OutputChannel;
  /** What deployments did: events, failures with their reasons, outcomes. */
  readonly deployOutput: vscode.OutputChannel;
  readonly diffs: DiffView;
  readonly reports: ReportView;
  readonly revisions: RevisionFiles;
  readonly policies: PolicyFiles;
  readonly verifyProblems: VerifyProblems;
  readonly logStreams: LogStreams;
  /** Remembered per workspace: answers to prompts, by a key of the command's own. */
  readonly memory: vscode.Memento;
}

/** What a command does. It resolves to a plain result, or throws `UserError`, which is shown in one place. */
export type Handler = (services: Services, ...args: unknown[]) => Promise<unknown>;
