import assert from 'node:assert/strict';
import type { Deployment, DeploymentConfiguration, ServiceDeployment } from '@aws-sdk/client-ecs';
import { judgeDeployment, type Verdict } from '../../../src/deploy/judgeDeployment';

const OWN = 'ecs-svc/2';
const FORMER = 'ecs-svc/1';
const LATER = 'ecs-svc/3';
const BREAKER: DeploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const COMPLETE = 'COMPLETED';

interface Case {
  readonly what: string;
  readonly deployments: readonly Deployment[];
  readonly status?: ServiceDeployment['status'];
  readonly configuration?: DeploymentConfiguration;
  readonly failedForMs?: number;
  readonly state: Verdict['state'];
}

const own = (rolloutState: Deployment['rolloutState'], status = 'PRIMARY'): Deployment => ({
  id: OWN,
  status,
  rolloutState,
});
const other = (id: string, rolloutState: Deployment['rolloutState'], status = 'PRIMARY'): Deployment => ({
  id,
  status,
  rolloutState,
});

const CASES: readonly Case[] = [
  {
    what: 'in progress',
    deployments: [own('IN_PROGRESS'), other(FORMER, COMPLETE, 'ACTIVE')],
    state: 'inProgress',
  },
  { what: 'its own rollout completed', deployments: [own(COMPLETE)], state: 'completed' },
  {
    what: 'its service deployment successful',
    deployments: [own(undefined)],
    status: 'SUCCESSFUL',
    state: 'completed',
  },
  {
    what: 'completed after it had failed, as another deployment',
    deployments: [other(FORMER, COMPLETE)],
    status: 'ROLLBACK_SUCCESSFUL',
    state: 'rolledBack',
  },
  {
    what: 'a stable service in which it is not primary',
    deployments: [other(FORMER, COMPLETE)],
    state: 'rolledBack',
  },
  {
    what: 'a rollback that was asked for',
    deployments: [own('IN_PROGRESS')],
    status: 'ROLLBACK_REQUESTED',
    state: 'rollingBack',
  },
  {
    what: 'a rollback under way',
    deployments: [other(FORMER, 'IN_PROGRESS'), own('FAILED', 'ACTIVE')],
    status: 'ROLLBACK_IN_PROGRESS',
    state: 'rollingBack',
  },
  {
    what: 'a rollback that failed',
    deployments: [other(FORMER, 'FAILED')],
    status: 'ROLLBACK_FAILED',
    state: 'failed',
  },
  {
    what: 'stopped by its circuit breaker',
    deployments: [own('FAILED')],
    status: 'STOPPED',
    state: 'failed',
  },
  {
    what: 'stopped because another began',
    deployments: [other(LATER, 'IN_PROGRESS'), own('IN_PROGRESS', 'ACTIVE')],
    status: 'STOPPED',
    state: 'superseded',
  },
  {
    what: 'another began, seen in the deployments alone',
    deployments: [other(LATER, 'IN_PROGRESS'), own('IN_PROGRESS', 'ACTIVE')],
    state: 'superseded',
  },
  { what: 'another completed and it is gone', deployments: [other(LATER, COMPLETE)], state: 'superseded' },
  { what: 'failed without rollback', deployments: [own('FAILED')], state: 'failed' },
  {
    what: 'failed, the rollback about to begin',
    deployments: [own('FAILED')],
    configuration: BREAKER,
    state: 'rollingBack',
  },
  {
    what: 'failed, the rollback never began',
    deployments: [own('FAILED')],
    configuration: BREAKER,
    failedForMs: 90_000,
    state: 'failed',
  },
  {
    what: 'failed and rolling back, seen in the deployments alone',
    deployments: [other(FORMER, 'IN_PROGRESS'), own('FAILED', 'ACTIVE')],
    configuration: BREAKER,
    state: 'rollingBack',
  },
  {
    what: 'failed and rolled back, seen in the deployments alone',
    deployments: [other(FORMER, COMPLETE), own('FAILED', 'ACTIVE')],
    configuration: BREAKER,
    state: 'rolledBack',
  },
  {
    what: 'failed and its rollback failed, seen in the deployments alone',
    deployments: [other(FORMER, 'FAILED'), own('FAILED', 'ACTIVE')],
    configuration: BREAKER,
    state: 'failed',
  },
  {
    what: 'failed, its service deployment yet to say so',
    deployments: [other(FORMER, COMPLETE), own('FAILED', 'ACTIVE')],
    status: 'IN_PROGRESS',
    state: 'rollingBack',
  },
  {
    what: 'gone from the deployments, its service deployment yet to say why',
    deployments: [other(LATER, COMPLETE)],
    status: 'IN_PROGRESS',
    state: 'inProgress',
  },
  {
    what: 'a status of a later API',
    deployments: [own('IN_PROGRESS')],
    status: 'PAUSED' as never,
    state: 'inProgress',
  },
];

describe('judging a deployment', () => {
  for (const { what, deployments, status, configuration, failedForMs = 0, state } of CASES) {
    it(`says ${state}: ${what}`, () => {
      const verdict = judgeDeployment({
        deploymentId: OWN,
        formerIds: new Set([FORMER]),
        service: {
          deployments: [...deployments],
          ...(configuration && { deploymentConfiguration: configuration }),
        },
        serviceDeployment: status && { status },
        failedForMs,
      });
      assert.equal(verdict.state, state);
    });
  }
});
