import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createSession, type AwsSession } from '../../src/aws/session';
import { detectEngine } from '../../src/containers/detectEngine';
import type { EngineId } from '../../src/containers/engine';
import { pushImage } from '../../src/image/pushImage';
import { readTaskDefinition } from '../../src/taskdef/readTaskDefinition';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';
import { PROJECT } from './session';

const SAMPLE = path.join(PROJECT, 'samples', 'web');
const REPOSITORY = 'web';
const CLUSTER = 'demo';

/**
 * Brings the sample to life in a sandbox that has its first resources: pushes it as `web:v1`, registers its task
 * definition with that image, and creates the service `web` in the cluster `demo`. Without a container engine
 * the image is a stand-in of a few bytes, as its tasks are simulated.
 */
export async function populateSandbox(sandbox: {
  readonly endpoint: string;
  readonly engine: string;
}): Promise<void> {
  const session = createSession(sandboxContext(sandbox.endpoint, 'us-east-1'));
  try {
    const { repositoryUri = '' } = await session.ecr.repository(REPOSITORY);
    if (sandbox.engine === 'none') {
      await new TinyImages(await session.ecr.authorization(), REPOSITORY).push('sample', 'v1');
    } else {
      await pushSample(session, repositoryUri, sandbox.engine);
    }
    await createSampleService(session, `${repositoryUri}:v1`);
  } finally {
    session.dispose();
  }
}

async function pushSample(session: AwsSession, repositoryUri: string, engine: string): Promise<void> {
  const steps = pushImage(
    { dockerfile: path.join(SAMPLE, 'Dockerfile'), buildContext: SAMPLE, repositoryUri, tag: 'v1' },
    {
      engine: await detectEngine(engine as EngineId),
      authorization: (signal) => session.ecr.authorization(signal),
      findDigest: async (id, signal) => {
        const identifier = id.includes(':') ? { imageDigest: id } : { imageTag: id };
        return (await session.ecr.image(REPOSITORY, identifier, signal))?.imageDigest;
      },
    },
  );
  for (let step = await steps.next(); !step.done; step = await steps.next());
}

async function createSampleService(session: AwsSession, image: string): Promise<void> {
  const file = path.join(SAMPLE, 'task-definition.json');
  const definition = readTaskDefinition(await readFile(file, 'utf8'), file);
  const { taskDefinitionArn } = await session.ecs.registerTaskDefinition({
    ...definition,
    containerDefinitions: definition.containerDefinitions?.map((container) => ({ ...container, image })),
  });
  await session.ecs.createService({
    cluster: CLUSTER,
    serviceName: 'web',
    taskDefinition: taskDefinitionArn,
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0123456789abcdef0'] } },
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  });
}
