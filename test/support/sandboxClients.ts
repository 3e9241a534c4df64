import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EFSClient } from '@aws-sdk/client-efs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { type SandboxOptions, startSandboxServer } from '../../src/sandbox/startSandbox';

export interface SandboxClients {
  readonly ecr: ECRClient;
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
  readonly sts: STSClient;
  readonly iam: IAMClient;
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly efs: EFSClient;
  readonly elb: ElasticLoadBalancingV2Client;
}

/** A sandbox that runs while the tests of a `describe` do. Its members can be read within hooks and tests. */
export interface SandboxUnderTest extends SandboxClients {
  readonly endpoint: string;
  /** "127.0.0.1:PORT" */
  readonly registry: string;
  readonly dataDir: string;
  /** Clients for another region, or that retry; ended with the sandbox. */
  clients(settings: ClientSettings): SandboxClients;
  /** A control request, such as `control('POST', 'faults', {...})`; resolves to the answer's body. */
  control(method: string, name: string, body?: object): Promise<unknown>;
  /** Ends the sandbox as a signal would, and starts it again on the same data directory and port. */
  restart(): Promise<void>;
}

export interface ClientSettings {
  readonly region?: string;
  /** Default 1: errors reach the test as the first answer gave them. */
  readonly maxAttempts?: number;
}

/** Starts a sandbox before the tests of the current `describe` and ends it after them. */
export function useSandbox(options: Partial<SandboxOptions> = {}): SandboxUnderTest {
  let current: RunningTestSandbox | undefined;
  before(async function () {
    this.timeout(60_000);
    current = await startTestSandbox(options);
  });
  after(async function () {
    this.timeout(60_000);
    await current?.close();
  });
  const running = (): RunningTestSandbox => {
    if (current === undefined) {
      throw new Error('The sandbox runs within hooks and tests only.');
    }
    return current;
  };
  return {
    get ecr() {
      return running().ecr;
    },
    get ecs() {
      return running().ecs;
    },
    get logs() {
      return running().logs;
    },
    get sts() {
      return running().sts;
    },
    get iam() {
      return running().iam;
    },
    get secretsManager() {
      return running().secretsManager;
    },
    get ssm() {
      return running().ssm;
    },
    get efs() {
      return running().efs;
    },
    get elb() {
      return running().elb;
    },
    get endpoint() {
      return running().endpoint;
    },
    get registry() {
      return running().registry;
    },
    get dataDir() {
      return running().dataDir;
    },
    clients: (settings) => running().clients(settings),
    control: (method, name, body) => running().control(method, name, body),
    restart: () => running().restart(),
  };
}

export interface RunningTestSandbox extends SandboxUnderTest {
  close(): Promise<void>;
}

/** The same for tests that start and end sandboxes on their own; a data directory that is given stays. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<RunningTestSandbox> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'sandbox-'));
  const settings: SandboxOptions = { engine: undefined, port: 0, ...options, dataDir };
  let server = await startSandboxServer(settings);
  const { endpoint, registry } = server;
  const made: SandboxClients[] = [];
  const clients = ({ region = 'eu-central-1', maxAttempts = 1 }: ClientSettings): SandboxClients => {
    const configuration = {
      endpoint,
      region,
      maxAttempts,
      credentials: { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'example' },
    };
    const set = {
      ecr: new ECRClient(configuration),
      ecs: new ECSClient(configuration),
      logs: new CloudWatchLogsClient(configuration),
      sts: new STSClient(configuration),
      iam: new IAMClient(configuration),
      secretsManager: new SecretsManagerClient(configuration),
      ssm: new SSMClient(configuration),
      efs: new EFSClient(configuration),
      elb: new ElasticLoadBalancingV2Client(configuration),
    };
    made.push(set);
    return set;
  };
  const destroyClients = (): void =>
    made
      .flatMap((set) => Object.values<{ destroy(): void }>({ ...set }))
      .forEach((client) => client.destroy());
  return {
    ...clients({}),
    endpoint,
    registry,
    dataDir,
    clients,
    control: (method, name, body) => callControl(endpoint, method, name, body),
    restart: async () => {
      // Kept connections would end in the middle of the first calls after.
      destroyClients();
      await server.close();
      server = await startSandboxServer({ ...settings, port: Number(new URL(endpoint).port) });
    },
    close: async () => {
      destroyClients();
      await server.close();
      if (options.dataDir === undefined) {
        rmSync(dataDir, { recursive: true });
      }
    },
  };
}

async function callControl(endpoint: string, method: string, name: string, body?: object): Promise<unknown> {
  const response = await fetch(`${endpoint}/_sandbox/${name}`, {
    method,
    headers: { 'x-sandbox-control': '1' },
    body: body && JSON.stringify(body),
  });
  const answer = (await response.json()) as { message?: string };
  if (!response.ok) {
    throw new Error(`${method} ${name} was answered with ${response.status}: ${answer.message ?? ''}`);
  }
  return answer;
}
