import type { Engine } from '../containers/engine';
import { createEcrService } from './ecr/createEcrService';
import { createEcsService } from './ecs/createEcsService';
import { targetsOf } from './ecs/serviceTargets';
import { createEfsService } from './efs/createEfsService';
import { createElbService } from './elbv2/createElbService';
import { createIamService } from './iam/createIamService';
import { createLogsService } from './logs/createLogsService';
import { createSecretLookup } from './secretLookup';
import { createSecretsService } from './secretsmanager/createSecretsService';
import { applySeed, type Seed } from './seed';
import type { Backend } from './server';
import { SsoDirectory } from './ssooidc/ssoDirectory';
import { createSsmService } from './ssm/createSsmService';
import { openStore } from './state/store';
import { STS_SERVICE } from './sts';
import { createTaskRuntime } from './tasks/createTaskRuntime';

export interface BackendOptions {
  readonly dataDir: string;
  readonly engine: Engine | undefined;
  readonly registryHost: () => string;
  readonly seed?: Seed;
}

export interface OpenBackend extends Backend {
  /** Stops all tasks, and leaves nothing on the engine. */
  close(): Promise<void>;
}

/**
 * Opens the services on the state in `dataDir`. The server must answer already: an engine that pulls an
 * image for the first tasks asks its registry.
 */
export async function openBackend(options: BackendOptions): Promise<OpenBackend> {
  const { dataDir, engine, registryHost } = options;
  const store = openStore(dataDir);
  const logs = createLogsService(store, dataDir);
  const ecr = createEcrService(store, dataDir, { registryHost });
  const secrets = createSecretsService(store);
  const ssm = createSsmService(store);
  const tasks = createTaskRuntime({
    engine,
    images: ecr.images,
    logs: logs.sink,
    registryHost,
    dataDir,
    secrets: createSecretLookup(secrets, ssm),
  });
  const ecs = createEcsService(store, { tasks });
  const services = [
    logs.definition,
    ecr.definition,
    ecs.definition,
    STS_SERVICE,
    createIamService(store),
    secrets.definition,
    ssm.definition,
    createEfsService(store),
    createElbService(store, (region, arn) => targetsOf(ecs.state, region, arn)),
  ];
  const close = async (): Promise<void> => {
    await ecs.stop();
    await tasks.close();
    logs.close();
    store.close();
  };
  try {
    await tasks.sweep();
    if (options.seed) {
      await applySeed(options.seed, services, registryHost());
    }
    ecs.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { services, sso: new SsoDirectory(), registry: ecr.registry, close };
}
