import type { RequestScope } from '../operation';
import { ServiceError } from '../protocol/serviceError';
import { parseEcsArn } from './arns';
import type { EcsState } from './ecsState';
import { requireService } from './findService';
import { compareText, cutPage, type PageRequest, tokenOf } from './page';
import type { ServiceDeploymentRecord, ServiceRecord } from './records';
import { invalidParameter, requireAtMost } from './refusals';
import { ONGOING } from './rollout';
import { ServiceChange } from './serviceChange';
import {
  serviceKey,
  viewServiceDeployment,
  viewServiceDeploymentBrief,
  viewServiceRevision,
} from './serviceView';
import type { TaskLedger } from './taskLedger';

const MOST_DESCRIBED = 20;

interface ListInput extends PageRequest {
  readonly service: string;
  readonly cluster?: string;
  readonly status?: readonly string[];
  /** Epoch seconds. */
  readonly createdAt?: { readonly before?: number; readonly after?: number };
}

/** The history of a service's deployments, and stopping the one under way. */
export function createServiceDeploymentOperations(
  state: EcsState,
  ledger: TaskLedger,
  notify: (serviceKey: string) => void,
) {
  return {
    ListServiceDeployments: (input: ListInput, scope: RequestScope): object => {
      const service = requireService(state, input.cluster, input.service, scope);
      const { before = Infinity, after = 0 } = input.createdAt ?? {};
      const found = new Map<string, ServiceDeploymentRecord>();
      for (const [key, record] of state.serviceDeployments.entries(`${serviceKey(service)}/`)) {
        const created = record.createdAt / 1000;
        const wanted = !input.status?.length || input.status.includes(record.status);
        if (wanted && created < before && created > after) {
          found.set(`${String(record.createdAt).padStart(15, '0')}/${key}`, record);
        }
      }
      const newestFirst = [...found.keys()].sort(compareText).reverse();
      const question = [service.serviceArn, input.status, input.createdAt];
      const page = cutPage(newestFirst, input, question, { usual: 20, most: 100 }, true);
      const serviceDeployments = page.items
        .flatMap((key) => found.get(key) ?? [])
        .map((record) => viewServiceDeploymentBrief(service, record));
      return { ...tokenOf(page), serviceDeployments };
    },

    DescribeServiceDeployments: (
      input: { serviceDeploymentArns: readonly string[] },
      scope: RequestScope,
    ): object => {
      const answer = describeEach(input.serviceDeploymentArns, (arn) => {
        const found = findServiceDeployment(state, arn, scope);
        return (
          found &&
          viewServiceDeployment(found.service, found.record, ledger.ofService(serviceKey(found.service)))
        );
      });
      return { serviceDeployments: answer.found, failures: answer.failures };
    },

    DescribeServiceRevisions: (
      input: { serviceRevisionArns: readonly string[] },
      scope: RequestScope,
    ): object => {
      const answer = describeEach(input.serviceRevisionArns, (arn) => {
        const record = state.serviceRevisions.get(keyOf(arn, 'service-revision', scope));
        return record && viewServiceRevision(record);
      });
      return { serviceRevisions: answer.found, failures: answer.failures };
    },

    StopServiceDeployment: (
      input: { serviceDeploymentArn: string; stopType?: 'ABORT' | 'ROLLBACK' },
      scope: RequestScope,
    ): object => {
      const found = findServiceDeployment(state, input.serviceDeploymentArn, scope);
      if (!found) {
        throw new ServiceError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
      }
      const { service, record } = found;
      if (!ONGOING.includes(record.status)) {
        throw new ServiceError(
          'ConflictException',
          `The service deployment cannot be stopped because it is in the ${record.status} state.`,
        );
      }
      const stopType = input.stopType ?? 'ROLLBACK';
      if (stopType === 'ROLLBACK' && !service.lastCompleted) {
        throw invalidParameter(
          'The service deployment cannot be rolled back because there is no completed service revision to roll back to.',
        );
      }
      if (record.status === 'PENDING' || record.status === 'IN_PROGRESS') {
        const change = new ServiceChange(state, serviceKey(service), service, Date.now());
        change.setServiceDeployment({
          status: stopType === 'ROLLBACK' ? 'ROLLBACK_REQUESTED' : 'STOP_REQUESTED',
        });
        change.commit();
        notify(change.key);
      }
      return { serviceDeploymentArn: record.serviceDeploymentArn };
    },
  };
}

function describeEach(
  arns: readonly string[],
  describe: (arn: string) => object | undefined,
): { found: object[]; failures: object[] } {
  requireAtMost(arns, MOST_DESCRIBED, 'ARNs');
  const found: object[] = [];
  const failures: object[] = [];
  for (const arn of new Set(arns)) {
    const view = describe(arn);
    if (view) {
      found.push(view);
    } else {
      failures.push({ arn, reason: 'MISSING' });
    }
  }
  return { found, failures };
}

function findServiceDeployment(
  state: EcsState,
  arn: string,
  scope: RequestScope,
): { service: ServiceRecord; record: ServiceDeploymentRecord } | undefined {
  const key = keyOf(arn, 'service-deployment', scope);
  const record = state.serviceDeployments.get(key);
  const service = state.services.get(key.slice(0, key.lastIndexOf('/')));
  return record && service && { service, record };
}

/** @throws ServiceError InvalidParameterException for anything but an ARN of this type */
function keyOf(text: string, type: string, scope: RequestScope): string {
  const arn = parseEcsArn(text);
  if (arn?.type !== type || arn.path.length !== 3) {
    throw invalidParameter('Invalid arn syntax.');
  }
  return `${arn.region === scope.region ? arn.region : ''}/${arn.path.join('/')}`;
}
