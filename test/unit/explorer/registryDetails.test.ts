import assert from 'node:assert/strict';
import type { Repository } from '@aws-sdk/client-ecr';
import type { EcrGateway } from '../../../src/aws/ecrGateway';
import { UserError } from '../../../src/base/errors';
import { STARTER_LIFECYCLE_POLICY } from '../../../src/ecr/lifecyclePolicy';
import type { ImageNode, RepositoryNode } from '../../../src/explorer/explorerNode';
import { detailsOfRepository, loadFacts } from '../../../src/explorer/registryDetails';

const context = { label: 'prod', region: 'eu-west-1', source: { kind: 'default' as const } };
const repositoryNode = (repository: Repository): RepositoryNode => ({
  kind: 'repository',
  id: 'web',
  context,
  name: 'web',
  uri: 'registry/web',
  repository,
});
const imageNode = (image: object, members?: readonly ImageNode[]): ImageNode => ({
  kind: 'image',
  id: 'image',
  context,
  repositoryName: 'web',
  repositoryUri: 'registry/web',
  digest: 'sha256:1',
  tags: [],
  image,
  ...(members && { members }),
});
const { signal } = new AbortController();
const load = (node: RepositoryNode | ImageNode, ecr: Partial<EcrGateway>): ReturnType<typeof loadFacts> =>
  loadFacts(node, () => ecr as EcrGateway, signal);

describe('details of a repository', () => {
  const facts = (repository: Repository): Record<string, string> =>
    Object.fromEntries(detailsOfRepository(repositoryNode(repository), ['Context', 'here']).facts);

  it('say how its tags, scans and encryption are set', () => {
    assert.deepEqual(
      facts({
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [
          { filterType: 'WILDCARD', filter: 'latest' },
          { filterType: 'WILDCARD', filter: 'dev-*' },
        ],
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'KMS', kmsKey: 'arn:aws:kms:key' },
      }),
      {
        URI: 'registry/web',
        Tags: 'immutable, but for latest, dev-*',
        'Scan on push': 'yes',
        Encryption: 'KMS',
        'KMS key': 'arn:aws:kms:key',
        Context: 'here',
      },
    );
    assert.equal(facts({ imageTagMutability: 'MUTABLE' }).Tags, 'mutable');
    assert.equal(facts({ imageTagMutability: 'IMMUTABLE' }).Tags, 'immutable');
  });

  it('have its policies once they are asked for, or why they could not be read', async () => {
    const node = repositoryNode({});
    assert.deepEqual(
      await load(node, {
        lifecyclePolicy: () => Promise.resolve(STARTER_LIFECYCLE_POLICY),
        repositoryPolicy: () => Promise.resolve('{}'),
      }),
      [
        ['Lifecycle policy', 'expire untagged images that were pushed more than 14 days ago'],
        ['Repository policy', 'yes'],
      ],
    );
    assert.deepEqual(
      await load(node, {
        lifecyclePolicy: () => Promise.resolve(undefined),
        repositoryPolicy: () => Promise.reject(new UserError('accessDenied', 'Not permitted.')),
      }),
      [
        ['Lifecycle policy', 'none'],
        ['Repository policy', 'could not be read: Not permitted.'],
      ],
    );
    await assert.rejects(
      load(node, {
        lifecyclePolicy: () => Promise.reject(new UserError('cancelled', 'Cancelled.')),
        repositoryPolicy: () => Promise.resolve(undefined),
      }) ?? Promise.resolve(),
      { reason: 'cancelled' },
    );
  });
});

describe('details of an image', () => {
  it('have its scan once it is asked for, where the listing does not say it', async () => {
    const counts = { CRITICAL: 1, LOW: 2 };
    const scan = (): Promise<{ status: string; counts: Record<string, number> }> =>
      Promise.resolve({ status: 'COMPLETE', counts });
    assert.deepEqual(await load(imageNode({}), { scan }), [['Scan', '1 critical, 2 low']]);
    assert.deepEqual(await load(imageNode({}), { scan: () => Promise.resolve(undefined) }), [
      ['Scan', 'none'],
    ]);
    const said = imageNode({ imageScanFindingsSummary: { findingSeverityCounts: counts } });
    assert.equal(load(said, { scan }), undefined);
    assert.equal(load(imageNode({}, []), { scan }), undefined);
  });
});
