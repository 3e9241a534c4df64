import * as vscode from 'vscode';
import { resourceName } from '../../aws/arn';
import { contextKey, type AwsContext } from '../../aws/context';
import type { EcsGateway } from '../../aws/ecsGateway';
import { findServicesOf, type FamilyService } from '../../deploy/revisionUse';
import type { WithContext } from '../contexts/contextOfAnswers';
import { readRevision } from '../revisions/liveRevision';
import type { Services } from '../services';
import { withProgress } from '../ui/progress';
import { pick, type Choice } from '../ui/prompts';
import { readArguments } from './commandArguments';
import { readContext } from './readContext';
import { chooseDefinitionFile, nameOf, readDefinition } from './readDefinition';
import { showDifference } from './showDifference';

export interface CompareWithLiveAnswers extends WithContext {
  /** Path of the file; default is the one in the active editor. */
  readonly file?: string;
  /** Name or ARN of the cluster and the service whose revision is compared with. */
  readonly cluster?: string;
  readonly service?: string;
  /** `family`, `family:revision` or an ARN, in place of what a service runs. */
  readonly taskDefinition?: string;
}

export interface LiveComparison {
  /** Its path. */
  readonly file: string;
  /** `family:revision` */
  readonly taskDefinition: string;
  /** `cluster/service`, if it is what a service runs. */
  readonly service?: string;
  /** One sentence a difference, without the values of environment variables. */
  readonly changes: readonly string[];
}

/** A service as it is remembered, or "the newest active revision". */
type Counterpart = Pick<FamilyService, 'cluster' | 'service'> | 'newest';

/** What a file is compared with. */
interface Live {
  readonly id: string;
  /** `cluster/service` */
  readonly service?: string;
}

/**
 * "Diff with Live": a file with the revision that a service runs, or with the newest active one of its family where
 * no service runs it, in a diff editor. Where several services run the family the user picks one, which is remembered
 * for the file; called from the palette it is asked for again. Accepts `CompareWithLiveAnswers`; resolves to a
 * `LiveComparison`.
 */
export async function compareWithLive(services: Services, argument?: unknown): Promise<LiveComparison> {
  const answers = readArguments<CompareWithLiveAnswers>(argument);
  const file = chooseDefinitionFile(
    argument,
    answers.file,
    vscode.l10n.t('Open the task definition file that is to be compared.'),
  );
  const definition = await readDefinition(file);
  const context = await readContext(services, argument);
  const { ecs } = services.sessions.get(context);
  const { id, service } =
    (await liveOfAnswers(ecs, answers)) ??
    (await findLive(services, context, file, definition.family ?? '', argument === undefined));
  const live = await readRevision(ecs, id);
  const changes = await showDifference(services.diffs, {
    name: `${live.name}.task-definition.json`,
    before: {
      title: service === undefined ? live.name : vscode.l10n.t('{0} (runs in {1})', live.name, service),
      definition: live.definition,
    },
    after: { title: vscode.workspace.asRelativePath(file), definition },
  });
  return {
    file: nameOf(file),
    taskDefinition: live.name,
    ...(service === undefined ? {} : { service }),
    changes,
  };
}

async function liveOfAnswers(
  ecs: EcsGateway,
  { cluster, service, taskDefinition }: CompareWithLiveAnswers,
): Promise<Live | undefined> {
  if (cluster !== undefined && service !== undefined) {
    return serviceOf(ecs, { cluster, service });
  }
  return taskDefinition === undefined ? undefined : { id: taskDefinition };
}

async function serviceOf(
  ecs: EcsGateway,
  { cluster, service }: Pick<FamilyService, 'cluster' | 'service'>,
): Promise<Live> {
  const { taskDefinition = '', serviceName = service } = await ecs.service(cluster, service);
  return { id: taskDefinition, service: `${cluster}/${serviceName}` };
}

async function findLive(
  services: Services,
  context: AwsContext,
  file: vscode.Uri,
  family: string,
  askAgain: boolean,
): Promise<Live> {
  const { ecs } = services.sessions.get(context);
  const key = `live:${contextKey({ ...context, endpoint: undefined })}:${family}:${file.toString()}`;
  const remembered = services.memory.get<Counterpart>(key);
  if (remembered === 'newest' && !askAgain) {
    return { id: family };
  }
  if (remembered !== undefined && remembered !== 'newest' && !askAgain) {
    // It may be gone, or run something else by now: then it is found anew.
    const live = await serviceOf(ecs, remembered).catch(() => undefined);
    if (live) {
      return live;
    }
  }
  const found = await withProgress(
    vscode.l10n.t('Looking for the services that run {0}', family),
    (_report, signal) => findServicesOf(ecs, family, signal),
  );
  const [only, ...others] = found;
  if (!only) {
    return { id: family };
  }
  if (others.length === 0) {
    return { id: only.taskDefinitionArn, service: `${only.cluster}/${only.service}` };
  }
  const chosen = await pickCounterpart(family, found, remembered);
  await services.memory.update(key, chosen);
  return chosen === 'newest' ? { id: family } : serviceOf(ecs, chosen);
}

function pickCounterpart(
  family: string,
  found: readonly FamilyService[],
  remembered: Counterpart | undefined,
): Promise<Counterpart> {
  const choices = found.map(({ cluster, service, taskDefinitionArn }): Choice<Counterpart> => ({
    label: `${cluster}/${service}`,
    description: resourceName(taskDefinitionArn),
    iconPath: new vscode.ThemeIcon('server-process'),
    value: { cluster, service },
  }));
  const newest: Choice<Counterpart> = {
    label: vscode.l10n.t('The newest revision of {0}', family),
    iconPath: new vscode.ThemeIcon('git-commit'),
    value: 'newest',
  };
  const same = JSON.stringify(remembered);
  return pick([...choices, newest], {
    title: vscode.l10n.t('Diff with Live: What Which Service Runs?'),
    active: (value) => JSON.stringify(value) === same,
  });
}
