import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { poll } from '../src/base/delay';
import { chunk } from '../src/aws/page';
import { TinyImages } from '../test/support/tinyImage';
import type { SandboxSession } from './withSandbox';

/** How much of each there is: the sizes that the issue of scale names. */
export const SCENE = {
  repositories: 5000,
  images: 10_000,
  clusters: 200,
  services: 1000,
  tasks: 500,
  families: 2000,
  revisions: 1000,
} as const;

/** Names of what the measurements open. */
export const OPENED = {
  repository: 'repository-0000',
  cluster: 'cluster-000',
  crowdedService: 'crowded',
  crowdedCluster: 'cluster-001',
  family: 'family-0000',
} as const;

/** Calls under way at once while the scene is made; a call takes the sandbox about a millisecond. */
const AT_ONCE = 20;

/** Makes all of the scene, by the calls that a client would make. */
export async function makeScene(session: SandboxSession, say: (text: string) => void): Promise<void> {
  say(`making ${SCENE.repositories} repositories, ${SCENE.images} images`);
  await many(SCENE.repositories, (index) =>
    session.ecr.createRepository({ repositoryName: `repository-${padded(index, 4)}` }),
  );
  await pushImages(session);
  say(`making ${SCENE.clusters} clusters, ${SCENE.services} services, ${SCENE.tasks} tasks`);
  await makeFamilies(session);
  await many(SCENE.clusters, (index) =>
    session.ecs.createCluster({ clusterName: `cluster-${padded(index, 3)}` }),
  );
  await many(SCENE.services, (index) =>
    session.ecs.createService({
      cluster: OPENED.cluster,
      serviceName: `service-${padded(index, 4)}`,
      taskDefinition: OPENED.family,
      desiredCount: 0,
    }),
  );
  await runTasks(session);
}

/** One layer and one configuration under 10,000 manifests: an image a manifest, as ECR counts. */
async function pushImages({ ecr, context }: SandboxSession): Promise<void> {
  const first = await new TinyImages(await ecr.authorization(), OPENED.repository).push('layer', 'first');
  const [image] = await ecr.manifests(OPENED.repository, [first]);
  const manifest = JSON.parse(image?.imageManifest ?? '') as object;
  const { endpoint, region } = context;
  const credentials = { accessKeyId: 'AKIAEXAMPLEEXAMPLE', secretAccessKey: 'example' };
  const client = new ECRClient({ endpoint, region, credentials });
  await many(SCENE.images - 1, (index) =>
    client.send(
      new PutImageCommand({
        repositoryName: OPENED.repository,
        imageTag: `v${index}`,
        imageManifest: JSON.stringify({ ...manifest, annotations: { build: String(index) } }),
      }),
    ),
  );
  client.destroy();
}

async function makeFamilies({ ecs }: SandboxSession): Promise<void> {
  const containerDefinitions = [{ name: 'web', image: 'public.example/web:1', memory: 64 }];
  const register = (index: number): Promise<unknown> =>
    ecs.registerTaskDefinition({ family: `family-${padded(index, 4)}`, containerDefinitions });
  await many(SCENE.families, register);
  await many(SCENE.revisions - 1, () => register(0));
}

async function runTasks({ ecs }: SandboxSession): Promise<void> {
  const { crowdedCluster: cluster, crowdedService: serviceName, family: taskDefinition } = OPENED;
  await ecs.createService({ cluster, serviceName, taskDefinition, desiredCount: SCENE.tasks });
  await poll(
    async () => {
      const { runningCount, deployments } = await ecs.service(cluster, serviceName);
      const settled = deployments?.[0]?.rolloutState === 'COMPLETED';
      return runningCount === SCENE.tasks && settled ? true : undefined;
    },
    { interval: 200, signal: AbortSignal.timeout(180_000) },
  );
}

async function many(count: number, make: (index: number) => Promise<unknown>): Promise<void> {
  for (const indexes of chunk([...Array(count).keys()], AT_ONCE)) {
    await Promise.all(indexes.map(make));
  }
}

function padded(index: number, digits: number): string {
  return String(index).padStart(digits, '0');
}
