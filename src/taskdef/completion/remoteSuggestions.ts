import type { TextSpan } from '../document/textSpan';
import type { Place } from './place';
import type { RemoteList, RemoteRepository, RemoteValues } from './remoteValues';
import type { Scene } from './scene';
import type { Detail, Suggestion } from './suggestion';

/** What of AWS fits a place. */
export type RemoteRequest =
  | { readonly kind: 'images' | 'roles' | 'secrets' | 'secretsAndParameters' | 'fileSystems' }
  | { readonly kind: 'logGroups'; readonly region: string | undefined }
  | { readonly kind: 'accessPoints'; readonly fileSystemId: string };

/** By place, with `*` for an index. */
const REQUESTS = new Map(
  Object.entries<(scene: Scene) => RemoteRequest | undefined>({
    'containerDefinitions/*/image': () => ({ kind: 'images' }),
    executionRoleArn: () => ({ kind: 'roles' }),
    taskRoleArn: () => ({ kind: 'roles' }),
    'containerDefinitions/*/secrets/*/valueFrom': () => ({ kind: 'secretsAndParameters' }),
    'containerDefinitions/*/logConfiguration/secretOptions/*/valueFrom': () => ({
      kind: 'secretsAndParameters',
    }),
    'containerDefinitions/*/repositoryCredentials/credentialsParameter': () => ({ kind: 'secrets' }),
    'volumes/*/fsxWindowsFileServerVolumeConfiguration/authorizationConfig/credentialsParameter': () => ({
      kind: 'secretsAndParameters',
    }),
    'containerDefinitions/*/logConfiguration/options/awslogs-group': ({ above }) => {
      const region = above(1).member('awslogs-region');
      return region.unknown ? undefined : { kind: 'logGroups', region: region.text || undefined };
    },
    'volumes/*/efsVolumeConfiguration/fileSystemId': () => ({ kind: 'fileSystems' }),
    'volumes/*/efsVolumeConfiguration/authorizationConfig/accessPointId': ({ above }) => {
      const fileSystemId = above(2).member('fileSystemId').text;
      return fileSystemId ? { kind: 'accessPoints', fileSystemId } : undefined;
    },
  }),
);

/** What of AWS fits here; `undefined` where nothing does. */
export function remoteRequestAt(scene: Scene, pattern: string): RemoteRequest | undefined {
  return scene.place.kind === 'value' ? REQUESTS.get(pattern)?.(scene) : undefined;
}

/** Asks for the values that fit, and says whether these are all. */
export async function suggestRemote(
  request: RemoteRequest,
  place: Place,
  remote: RemoteValues,
): Promise<RemoteList<Suggestion>> {
  switch (request.kind) {
    case 'images':
      return suggestImages(place, remote);
    case 'roles':
      return mapList(await remote.roles(), ({ arn, name, description }) =>
        named(arn, name, [description ?? 'IAM role']),
      );
    case 'secrets':
      return suggestSecrets(remote);
    case 'secretsAndParameters': {
      const [secrets, parameters] = await Promise.all([suggestSecrets(remote), suggestParameters(remote)]);
      return {
        values: [...secrets.values, ...parameters.values],
        complete: secrets.complete && parameters.complete,
      };
    }
    case 'fileSystems':
      return mapList(await remote.fileSystems(), ({ id, name, sizeBytes }) =>
        named(id, id, [...(name ? [name] : []), ...bytes(sizeBytes)], name),
      );
    case 'accessPoints':
      return mapList(await remote.accessPoints(request.fileSystemId), ({ id, name, rootDirectory }) =>
        named(id, id, [...(name ? [name] : []), ...(rootDirectory ? [rootDirectory] : [])], name),
      );
    case 'logGroups':
      return request.region === undefined || request.region === remote.region
        ? mapList(await remote.logGroups(), (value) => ({ value, kind: 'resource', details: ['log group'] }))
        : { values: [], complete: true };
  }
}

/** Repositories; behind the `:` of one its tags, behind the `@` its digests, newest first. */
async function suggestImages(place: Place, remote: RemoteValues): Promise<RemoteList<Suggestion>> {
  const repositories = await remote.repositories();
  const chosen = chosenRepository(place, repositories.values);
  if (!chosen) {
    return mapList(repositories, ({ name, uri }) => ({
      // A tag comes next.
      value: `${uri}:`,
      label: name,
      kind: 'image',
      details: [uri.slice(0, Math.max(0, uri.length - name.length - 1))],
      keywords: name,
      goesOn: true,
    }));
  }
  const { repository, separator, span } = chosen;
  const images = await remote.images(repository);
  const newest = [...images.values].sort(
    (one, other) => (other.pushedAt?.getTime() ?? 0) - (one.pushedAt?.getTime() ?? 0),
  );
  const values = newest.flatMap(({ digest, tags, pushedAt, sizeBytes }): Suggestion[] => {
    const details = [...bytes(sizeBytes), ...(pushedAt ? [pushedAt] : [])];
    return separator === '@'
      ? [{ value: digest, label: digest, kind: 'image', span, details: [tagsOf(tags), ...details] }]
      : tags.map((tag) => ({ value: tag, label: tag, kind: 'image', span, details, documentation: digest }));
  });
  return { values, complete: images.complete && repositories.complete };
}

/** The repository that is written out left of the cursor, and the piece of the text that names one of its images. */
function chosenRepository(
  { typed, content, span }: Place,
  repositories: readonly RemoteRepository[],
): { repository: RemoteRepository; separator: ':' | '@'; span: TextSpan } | undefined {
  const repository = repositories.find(
    ({ uri }) => typed.startsWith(uri) && /^(?::[\w.-]*)?@|^:/.test(typed.slice(uri.length)),
  );
  // Without quotes, a piece would stay without them.
  if (!repository || content.offset === span.offset) {
    return undefined;
  }
  const behind = typed.slice(repository.uri.length);
  const separator = behind.includes('@') ? '@' : ':';
  const start = content.offset + repository.uri.length + behind.indexOf(separator) + 1;
  const length = content.offset + content.length - start;
  return { repository, separator, span: { offset: start, length } };
}

function tagsOf(tags: readonly string[]): string {
  return tags.length === 0 ? 'untagged' : tags.join(', ');
}

async function suggestSecrets(remote: RemoteValues): Promise<RemoteList<Suggestion>> {
  return mapList(await remote.secrets(), ({ arn, name, description }) =>
    named(arn, name, ['secret', ...(description ? [description] : [])]),
  );
}

/** By ARN, which is good in every region; by name where the service did not say the ARN. */
async function suggestParameters(remote: RemoteValues): Promise<RemoteList<Suggestion>> {
  return mapList(await remote.parameters(), ({ arn, name, type }) =>
    named(arn ?? name, name, ['parameter', ...(type ? [type] : [])]),
  );
}

/** Something that is written as its ARN or id, and found by its name as well. */
function named(value: string, label: string, details: readonly Detail[], keywords = label): Suggestion {
  return { value, label, details, keywords, kind: 'resource' };
}

function bytes(amount: number | undefined): Detail[] {
  return amount === undefined ? [] : [{ bytes: amount }];
}

function mapList<T>(
  { values, complete }: RemoteList<T>,
  suggest: (value: T) => Suggestion,
): RemoteList<Suggestion> {
  return { values: values.map(suggest), complete };
}
