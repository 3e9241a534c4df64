import assert from 'node:assert/strict';
import type * as EcsSdk from '@aws-sdk/client-ecs';
import { poll } from '../../../../src/base/delay';
import { createEcsService, type EcsService } from '../../../../src/sandbox/ecs/createEcsService';
import type { SchedulerTiming } from '../../../../src/sandbox/ecs/serviceReconciler';
import { ServiceError } from '../../../../src/sandbox/protocol/serviceError';
import { openMemoryStore, type Store } from '../../../../src/sandbox/state/store';
import { ScriptedRuntime } from './scriptedRuntime';

type Sdk = typeof EcsSdk;
type CommandName = Extract<keyof Sdk, `${string}Command`>;
type Operation = CommandName extends `${infer Name}Command` ? Name : never;
type CommandOf<Name extends Operation> = Sdk[`${Name}Command` & CommandName];
type OutputOf<Name extends Operation> =
  CommandOf<Name> extends new (input: never) => SdkCommand<infer Output> ? Output : never;
interface SdkCommand<Output> {
  resolveMiddleware(...args: never[]): (input: never) => Promise<{ output: Output }>;
}

/**
 * What the SDK declares as output, as it is on the wire: times are numbers. Members and first elements are
 * taken to be there; the test that reads one fails where it is not.
 */
export type Wire<T> = T extends Date
  ? number
  : T extends string | number | boolean
    ? T
    : T extends readonly (infer Element)[]
      ? [Wire<Element>, ...Wire<Element>[]]
      : { [Member in keyof T]-?: Wire<NonNullable<T[Member]>> };

export type WireService = Wire<EcsSdk.Service>;

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

  async call<Name extends Operation>(
    operation: Name,
    input: object = {},
    region = 'eu-west-1',
  ): Promise<Wire<OutputOf<Name>>> {
    const handler = this.service.definition.operations[operation];
    assert.ok(handler, `no operation ${operation}`);
    const scope = { region, accountId: '000000000000', signal: new AbortController().signal };
    const output = await handler(JSON.parse(JSON.stringify(input)), scope);
    return JSON.parse(JSON.stringify(output)) as Wire<OutputOf<Name>>;
  }

  /** The refusal that the operation answers; fails where it answers anything else. */
  async refusal(operation: Operation, input: object, region?: string): Promise<ServiceError> {
    try {
      await this.call(operation, input, region);
    } catch (error) {
      assert.ok(error instanceof ServiceError, String(error));
      return error;
    }
    return assert.fail(`${operation} was not refused`);
  }

  async describeService(name = 'web'): Promise<WireService> {
    return (await this.call('DescribeServices', { services: [name] })).services[0];
  }

  /** Waits until the service is as wanted, and gives it. */
  async serviceWhere(wanted: (service: WireService) => boolean, name = 'web'): Promise<WireService> {
    let last: WireService | undefined;
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
  async register(
    image: string,
    members: object = {},
    container: object = {},
  ): Promise<Wire<EcsSdk.TaskDefinition>> {
    const { taskDefinition } = await this.call('RegisterTaskDefinition', {
      family: 'web',
      containerDefinitions: [{ name: 'app', image, memory: 64, ...container }],
      ...members,
    });
    return taskDefinition;
  }

  /** A cluster "default" with a service "web" of this image. */
  async createWeb(image: string, members: object = {}, container: object = {}): Promise<WireService> {
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

export function isSteady(service: WireService): boolean {
  return (
    service.deployments.length === 1 &&
    service.deployments[0].rolloutState === 'COMPLETED' &&
    service.runningCount === service.desiredCount
  );
}

export function messages(service: WireService): string[] {
  return service.events.map(({ message }) => message);
}
