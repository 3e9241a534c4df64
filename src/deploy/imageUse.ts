import type { EcrGateway } from '../aws/ecrGateway';
import type { EcsGateway } from '../aws/ecsGateway';
import { limiter } from '../aws/page';
import { referenceInto } from '../image/ecrRegistry';
import { describeWorkload, listWorkloads, type Workload } from './workloads';

/** That a service or a task uses an image of a repository. */
export interface ImageUse {
  readonly workload: Workload;
  /** ARN of the task definition by which it does. */
  readonly taskDefinition: string;
  readonly digest: string;
  /** The tag that it is named by, where what is started next depends on it. */
  readonly tag?: string;
}

/** A repository, as `EcrGateway` names it and as task definitions do. */
export interface UsedRepository {
  readonly name: string;
  readonly uri: string;
}

/** What images are matched by: of an index, the digests of its images too. */
export interface ImageDigests {
  readonly digest: string;
  readonly members?: readonly string[];
}

/** Task definitions and tags asked for at once. */
const AT_ONCE = 10;

interface Naming {
  readonly workload: Workload;
  readonly taskDefinition: string;
  readonly digest?: string;
  readonly tag?: string;
}

/**
 * Finds what uses the images of a repository in any cluster of the context: services by the task definitions that
 * they and their deployments are set to, tasks by the digests that ECS says they run. A tag in a task definition
 * stands for the image that it is on now. Each task definition and each tag is asked for once. What runs images
 * outside of ECS, as a function or a schedule that names a task definition, is not seen.
 *
 * @param report called with the name of each cluster before it is asked
 * @throws UserError when a part could not be read, since an image might be in use there
 */
export async function findImageUse(
  { ecr, ecs }: { readonly ecr: EcrGateway; readonly ecs: EcsGateway },
  repository: UsedRepository,
  signal?: AbortSignal,
  report?: (cluster: string) => void,
): Promise<readonly ImageUse[]> {
  const limit = limiter(AT_ONCE);
  const definitions = new Map<string, Promise<readonly string[]>>();
  const imagesOf = (arn: string): Promise<readonly string[]> => {
    const known =
      definitions.get(arn) ??
      limit(async () => {
        const { taskDefinition } = await ecs.taskDefinition(arn, signal);
        return (taskDefinition.containerDefinitions ?? []).flatMap(({ image = [] }) => image);
      });
    // It is awaited further down, together with the others.
    known.catch(() => undefined);
    definitions.set(arn, known);
    return known;
  };
  const namings: Naming[] = [];
  const later: Promise<void>[] = [];
  const nameByDefinition = (workload: Workload, taskDefinition: string): void => {
    const named = imagesOf(taskDefinition).then((images) => {
      namings.push(...images.flatMap((image) => readName(repository, image, workload, taskDefinition)));
    });
    named.catch(() => undefined);
    later.push(named);
  };
  for await (const workload of listWorkloads(ecs, undefined, signal, report)) {
    const [taskDefinition = ''] = workload.taskDefinitions;
    if (workload.kind === 'service') {
      workload.taskDefinitions.forEach((arn) => nameByDefinition(workload, arn));
      continue;
    }
    for (const { image, imageDigest: digest } of workload.task.containers ?? []) {
      if (image === undefined) {
        nameByDefinition(workload, taskDefinition);
      } else if (referenceInto(repository.uri, image)) {
        // What it runs stays what it is, wherever the tag has gone since.
        namings.push(
          ...(digest === undefined
            ? readName(repository, image, workload, taskDefinition)
            : [{ workload, taskDefinition, digest }]),
        );
      }
    }
  }
  await Promise.all(later);
  const tags = [...new Set(namings.flatMap(({ tag = [] }) => tag))];
  const digests = new Map(
    await Promise.all(
      tags.map((imageTag) =>
        limit(
          async () =>
            [imageTag, (await ecr.image(repository.name, { imageTag }, signal))?.imageDigest] as const,
        ),
      ),
    ),
  );
  return namings.flatMap((naming): ImageUse[] => {
    const digest = naming.tag === undefined ? naming.digest : digests.get(naming.tag);
    return digest === undefined ? [] : [{ ...naming, digest }];
  });
}

/** What uses an image; an index is used by what runs one of its images. */
export function usesOf(uses: readonly ImageUse[], { digest, members = [] }: ImageDigests): ImageUse[] {
  return uses.filter((use) => use.digest === digest || members.includes(use.digest));
}

/** The users in words, each once, as "service demo/web". */
export function usersInWords(uses: readonly Pick<ImageUse, 'workload'>[]): string[] {
  return [...new Set(uses.map(({ workload }) => describeWorkload(workload)))];
}

function readName(
  { uri }: UsedRepository,
  image: string,
  workload: Workload,
  taskDefinition: string,
): Naming[] {
  const reference = referenceInto(uri, image);
  if (!reference) {
    return [];
  }
  const { digest, tag = 'latest' } = reference;
  return [{ workload, taskDefinition, ...(digest === undefined ? { tag } : { digest }) }];
}
