import assert from 'node:assert/strict';
import { poll } from '../../../../src/base/delay';
import { createEcsService, type EcsService } from '../../../../src/sandbox/ecs/createEcsService';
import type { SchedulerTiming } from '../../../../src/sandbox/ecs/serviceReconciler';
import { ServiceError } from '../../../../src/sandbox/protocol/serviceError';
import { openMemoryStore, type Store } from '../../../../src/sandbox/state/store';
import { ScriptedRuntime } from './scriptedRuntime';

/** What the tests read of the wire forms. */
/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- the wire's shapes are what is tested */
type Wire = any;

export const FAST: SchedulerTiming = { healthyAfter: 20, retryDelay: 5, longestRetryDelay: 20 };

/** The ECS operations over a memory store and a scripted runtime, called as the server calls them. */
export class EcsHarness {
  readonly runtime: ScriptedRuntime;
  readonly service: EcsService;

  constructor(
    readonly store: Store = openMemoryStore(),
    timing: Partial<SchedulerTiming> = {},
  ) {
    this.runtime = new ScriptedRuntime();
    this.service = createEcsService(store, {
      tasks: this.runtime,
      scheduleMs: 5,
      timing: { ...FAST, ...timing },
    });
    this.service.start();
  }

  async call(operation: string, input: object = {}, region = 'eu-west-1'): Promise<Wire> {
    const handler = this.service.definition.operations[operation];
    assert.ok(handler, `no operation ${operation}`);
    const scope = { region, accountId: '000000000000', signal: new AbortController().signal };
    const output = await handler(JSON.parse(JSON.stringify(input)), scope);
    return JSON.parse(JSON.stringify(output));
  }

  /** The refusal that the operation answers; fails where it answers anything else. */
  async refusal(operation: string, input: object, region?: string): Promise<ServiceError> {
    try {
      await this.call(operation, input, region);
    } catch (error) {
      assert.ok(error instanceof ServiceError, String(error));
      return error;
    }
    return assert.fail(`${operation} was not refused`);
  }

  async describeService(name = 'web'): Promise<Wire> {
    return (await this.call('DescribeServices', { services: [name] })).services[0];
  }

  /** Waits until the service is as wanted, and gives it. */
  async serviceWhere(wanted: (service: Wire) => boolean, name = 'web'): Promise<Wire> {
    let last: Wire;
    try {
      return await poll(
        async () => {
          last = await this.describeService(name);
          return wanted(last) ? last : undefined;
        },
        { interval: 3, signal: AbortSignal.timeout(4000) },
      );
    } catch {
      return assert.fail(`the service did not come to that: ${JSON.stringify(last, null, 1)}`);
    }
  }

  /** A family of one container with this image. */
  async register(image: string, members: object = {}, container: object = {}): Promise<Wire> {
    const { taskDefinition } = await this.call('RegisterTaskDefinition', {
      family: 'web',
      containerDefinitions: [{ name: 'app', image, memory: 64, ...container }],
      ...members,
    });
    return taskDefinition;
  }

  /** A cluster "default" with a service "web" of this image. */
  async createWeb(image: string, members: object = {}, container: object = {}): Promise<Wire> {
    await this.call('CreateCluster');
    const definition = await this.register(image, {}, container);
    const { service } = await this.call('CreateService', {
      serviceName: 'web',
      taskDefinition: definition.taskDefinitionArn,
      desiredCount: 1,
      ...members,
    });
    return service;
  }
}

export function isSteady(service: Wire): boolean {
  return (
    service.deployments.length === 1 &&
    service.deployments[0].rolloutState === 'COMPLETED' &&
    service.runningCount === service.desiredCount
  );
}

export function messages(service: Wire): string[] {
  return service.events.map(({ message }: Wire) => message);
}
