import assert from 'node:assert/strict';
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  ListImagesCommand,
  paginateDescribeImages,
  paginateListImages,
  PutImageCommand,
  StartImageScanCommand,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { poll } from '../../src/base/delay';
import {
  connectRegistry,
  imageManifest,
  OCI_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
  sha256,
  type RegistryClient,
} from '../support/registryClient';
import { useSandbox } from '../support/sandboxClients';

describe('ECR images of the sandbox', () => {
  const sandbox = useSandbox();
  let registry: RegistryClient;

  before(async () => {
    registry = await connectRegistry(sandbox.endpoint, sandbox.ecr);
  });

  const createRepository = async (repositoryName: string, immutable = false): Promise<void> => {
    await sandbox.ecr.send(
      new CreateRepositoryCommand({
        repositoryName,
        imageTagMutability: immutable ? 'IMMUTABLE' : 'MUTABLE',
      }),
    );
  };

  /** Pushes an index of the images that the digests name, with what is known of them. */
  const pushIndex = async (repository: string, tag: string, images: readonly string[]): Promise<string> => {
    const manifests = images.map((digest) => ({ mediaType: OCI_MANIFEST, digest, size: 100 }));
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
    const response = await registry.pushManifest(repository, tag, index);
    assert.equal(response.status, 201, await response.text());
    return sha256(JSON.stringify(index));
  };

  const listImages = async (repositoryName: string): Promise<ImageIdentifier[]> =>
    (await sandbox.ecr.send(new ListImagesCommand({ repositoryName }))).imageIds ?? [];

  const deleteImages = (repositoryName: string, imageIds: ImageIdentifier[]) =>
    sandbox.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));

  it('are described with what was pushed', async () => {
    await createRepository('described');
    const digest = await registry.pushImage('described', 'v1', 'twelve bytes');
    await registry.pushImage('described', 'latest', 'twelve bytes');
    const { imageDetails } = await sandbox.ecr.send(
      new DescribeImagesCommand({ repositoryName: 'described' }),
    );
    assert.equal(imageDetails?.length, 1);
    const [detail] = imageDetails;
    assert.equal(detail?.imageDigest, digest);
    assert.deepEqual(detail.imageTags, ['latest', 'v1']);
    assert.equal(detail.imageSizeInBytes, '{}twelve bytes'.length);
    assert.equal(detail.imageManifestMediaType, OCI_MANIFEST);
    assert.equal(detail.artifactMediaType, OCI_CONFIG);
    assert.equal(detail.registryId, '000000000000');
    assert.equal(detail.repositoryName, 'described');
    assert.ok(Math.abs(Date.now() - (detail.imagePushedAt?.getTime() ?? 0)) < 60_000);
    assert.equal(detail.lastRecordedPullTime, undefined);
    await registry.send('GET', 'described/manifests/v1');
    const pulled = await sandbox.ecr.send(
      new DescribeImagesCommand({ repositoryName: 'described', imageIds: [{ imageTag: 'v1' }] }),
    );
    assert.ok(pulled.imageDetails?.[0]?.lastRecordedPullTime);
  });

  it('are refused in the words of ECR when they do not exist', async () => {
    await createRepository('missing');
    await assert.rejects(
      sandbox.ecr.send(
        new DescribeImagesCommand({ repositoryName: 'missing', imageIds: [{ imageTag: 'v9' }] }),
      ),
      {
        name: 'ImageNotFoundException',
        message:
          "The image with imageId {imageDigest:'null', imageTag:'v9'} does not exist within the repository with name 'missing' in the registry with id '000000000000'",
      },
    );
  });

  it('are listed by tag, and without one when they have none; in pages and by tag status', async () => {
    await createRepository('listed');
    const first = await registry.pushImage('listed', 'a', '1');
    await registry.pushImage('listed', 'b', '1');
    await registry.pushImage('listed', 'moved', '2');
    const untagged = sha256(JSON.stringify(imageManifest('{}', '2')));
    await registry.pushImage('listed', 'moved', '3');
    const all: ImageIdentifier[] = [];
    for await (const page of paginateListImages(
      { client: sandbox.ecr, pageSize: 1 },
      { repositoryName: 'listed' },
    )) {
      assert.equal(page.imageIds?.length, 1);
      all.push(...page.imageIds);
    }
    assert.deepEqual(all.map(({ imageTag = '-' }) => imageTag).sort(), ['-', 'a', 'b', 'moved']);
    assert.deepEqual(
      all.filter(({ imageDigest }) => imageDigest === first).map(({ imageTag }) => imageTag),
      ['a', 'b'],
    );
    const only = await sandbox.ecr.send(
      new ListImagesCommand({ repositoryName: 'listed', filter: { tagStatus: 'UNTAGGED' } }),
    );
    assert.deepEqual(only.imageIds, [{ imageDigest: untagged }]);
    const tagged: unknown[] = [];
    for await (const page of paginateDescribeImages(
      { client: sandbox.ecr, pageSize: 1 },
      { repositoryName: 'listed', filter: { tagStatus: 'TAGGED' } },
    )) {
      tagged.push(...(page.imageDetails ?? []));
    }
    assert.equal(tagged.length, 2);
  });

  it('are got with their manifest, and with failures for the others', async () => {
    await createRepository('got');
    const imageDigest = await registry.pushImage('got', 'v1', 'layer');
    const { images, failures } = await sandbox.ecr.send(
      new BatchGetImageCommand({
        repositoryName: 'got',
        imageIds: [
          { imageTag: 'v1' },
          { imageTag: 'none' },
          {},
          { imageDigest: 'nonsense' },
          { imageDigest: sha256('other'), imageTag: 'v1' },
        ],
      }),
    );
    assert.equal(images?.length, 1);
    assert.deepEqual(images[0]?.imageId, { imageDigest, imageTag: 'v1' });
    assert.equal(sha256(images[0].imageManifest ?? ''), imageDigest);
    assert.equal(images[0].imageManifestMediaType, OCI_MANIFEST);
    assert.deepEqual(
      failures?.map(({ failureCode }) => failureCode),
      ['ImageNotFound', 'MissingDigestAndTag', 'InvalidImageDigest', 'ImageNotFound'],
    );
    const other = await sandbox.ecr.send(
      new BatchGetImageCommand({
        repositoryName: 'got',
        imageIds: [{ imageTag: 'v1' }],
        acceptedMediaTypes: ['application/vnd.docker.distribution.manifest.v2+json'],
      }),
    );
    assert.equal(other.images?.length, 0);
    assert.equal(other.failures?.length, 1);
  });

  it('lose a tag at a time, and go with the last', async () => {
    await createRepository('untagged');
    const imageDigest = await registry.pushImage('untagged', 'a', 'x');
    await registry.pushImage('untagged', 'b', 'x');
    const first = await deleteImages('untagged', [{ imageTag: 'a' }]);
    assert.deepEqual(first.imageIds, [{ imageDigest, imageTag: 'a' }]);
    assert.deepEqual(await listImages('untagged'), [{ imageDigest, imageTag: 'b' }]);
    await deleteImages('untagged', [{ imageTag: 'b' }]);
    assert.deepEqual(await listImages('untagged'), []);
    assert.equal((await registry.send('GET', `untagged/blobs/${sha256('x')}`)).status, 404);
  });

  it('go by digest with all their tags, and every failure is reported', async () => {
    await createRepository('deleted');
    const imageDigest = await registry.pushImage('deleted', 'a', 'x');
    await registry.pushImage('deleted', 'b', 'x');
    const { imageIds, failures } = await deleteImages('deleted', [
      { imageDigest },
      { imageTag: 'none' },
      { imageDigest: 'sha256:short' },
      {},
    ]);
    assert.deepEqual(imageIds, [
      { imageDigest, imageTag: 'a' },
      { imageDigest, imageTag: 'b' },
    ]);
    assert.deepEqual(failures, [
      {
        imageId: { imageTag: 'none' },
        failureCode: 'ImageNotFound',
        failureReason: 'Requested image not found',
      },
      {
        imageId: { imageDigest: 'sha256:short' },
        failureCode: 'InvalidImageDigest',
        failureReason:
          "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
      },
      {
        imageId: {},
        failureCode: 'MissingDigestAndTag',
        failureReason: 'Invalid request parameters: both tag and digest cannot be null',
      },
    ]);
  });

  it('stay while an index lists them, unless the index goes in the same request', async () => {
    await createRepository('indexed');
    const child = await registry.pushImage('indexed', 'child', 'x');
    const index = await pushIndex('indexed', 'all', [child]);
    const refused = await deleteImages('indexed', [{ imageDigest: child }]);
    assert.deepEqual(refused.failures, [
      {
        imageId: { imageDigest: child },
        failureCode: 'ImageReferencedByManifestList',
        failureReason: `Requested image referenced by manifest list: [${index}]`,
      },
    ]);
    const both = await deleteImages('indexed', [{ imageDigest: child }, { imageDigest: index }]);
    assert.deepEqual(both.failures, []);
    assert.deepEqual(await listImages('indexed'), []);
  });

  it('share layers: what another image needs stays', async () => {
    await createRepository('sharing');
    await createRepository('sharing/elsewhere');
    await registry.pushImage('sharing', 'a', 'shared');
    await registry.pushBlob('sharing', '{"b":1}');
    await registry.pushManifest('sharing', 'b', imageManifest('{"b":1}', 'shared'));
    await registry.pushImage('sharing/elsewhere', 'c', 'shared');
    const status = async (path: string): Promise<number> => (await registry.send('GET', path)).status;
    await deleteImages('sharing', [{ imageTag: 'a' }]);
    assert.equal(await status(`sharing/blobs/${sha256('shared')}`), 200);
    assert.equal(await status(`sharing/blobs/${sha256('{}')}`), 404);
    assert.equal(await status(`sharing/elsewhere/blobs/${sha256('{}')}`), 200);
    await deleteImages('sharing', [{ imageTag: 'b' }]);
    assert.equal(await status(`sharing/blobs/${sha256('shared')}`), 404);
    assert.equal(await status(`sharing/elsewhere/blobs/${sha256('shared')}`), 200);
  });

  it('keep a layer that a push was just told to be there', async () => {
    await createRepository('racing');
    await registry.pushImage('racing', 'old', 'base');
    assert.equal((await registry.send('HEAD', `racing/blobs/${sha256('base')}`)).status, 200);
    await deleteImages('racing', [{ imageTag: 'old' }]);
    await registry.pushBlob('racing', '{"new":1}');
    const pushed = await registry.pushManifest('racing', 'new', imageManifest('{"new":1}', 'base'));
    assert.equal(pushed.status, 201);
    assert.equal((await registry.send('GET', `racing/blobs/${sha256('base')}`)).status, 200);
  });

  it('are put, and pulled by what was put', async () => {
    const repositoryName = 'put';
    await createRepository(repositoryName);
    await registry.pushImage(repositoryName, 'v1', 'x');
    const imageManifestText = JSON.stringify(imageManifest('{}', 'x'));
    const put = (more: object, imageManifestGiven = imageManifestText) =>
      sandbox.ecr.send(new PutImageCommand({ repositoryName, imageManifest: imageManifestGiven, ...more }));
    const { image } = await put({ imageTag: 'v2' });
    assert.deepEqual(image?.imageId, { imageDigest: sha256(imageManifestText), imageTag: 'v2' });
    const pulled = await registry.send('GET', `${repositoryName}/manifests/v2`);
    assert.equal(await pulled.text(), imageManifestText);
    await assert.rejects(put({ imageTag: 'v2' }), {
      name: 'ImageAlreadyExistsException',
      message: `Image with digest '${sha256(imageManifestText)}' and tag 'v2' already exists in the repository with name 'put' in registry with id '000000000000'`,
    });
    await assert.rejects(put({}), { name: 'ImageAlreadyExistsException' });
    await assert.rejects(put({ imageTag: 'v3', imageDigest: sha256('y') }), {
      name: 'ImageDigestDoesNotMatchException',
    });
    await assert.rejects(put({ imageTag: 'v3' }, JSON.stringify(imageManifest('{}', 'none'))), {
      name: 'LayersNotFoundException',
      message: `Layers with digests '[${sha256('none')}]' required for pushing image into repository with name 'put' in the registry with id '000000000000' do not exist`,
    });
    const index = {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [{ mediaType: OCI_MANIFEST, digest: sha256('n'), size: 1 }],
    };
    await assert.rejects(put({ imageTag: 'v3' }, JSON.stringify(index)), {
      name: 'ReferencedImagesNotFoundException',
    });
    await assert.rejects(put({ imageTag: 'v3' }, 'no manifest'), { name: 'InvalidParameterException' });
    await assert.rejects(put({ imageTag: 'no tag' }), { name: 'InvalidParameterException' });
    const untyped = { ...imageManifest('{}', 'x'), mediaType: undefined };
    await assert.rejects(put({ imageTag: 'v3' }, JSON.stringify(untyped)), {
      name: 'InvalidParameterException',
      message: /mediatype not provided/,
    });
    const typed = await put(
      { imageTag: 'v3', imageManifestMediaType: OCI_MANIFEST },
      JSON.stringify(untyped),
    );
    assert.equal(typed.image?.imageManifestMediaType, OCI_MANIFEST);
  });

  it('do not take an immutable tag from another', async () => {
    await createRepository('immutable', true);
    await registry.pushImage('immutable', 'v1', '1');
    await registry.pushBlob('immutable', '2');
    await assert.rejects(
      sandbox.ecr.send(
        new PutImageCommand({
          repositoryName: 'immutable',
          imageManifest: JSON.stringify(imageManifest('{}', '2')),
          imageTag: 'v1',
        }),
      ),
      {
        name: 'ImageTagAlreadyExistsException',
        message:
          "The image tag 'v1' already exists in the 'immutable' repository and cannot be overwritten because the tag is immutable.",
      },
    );
  });

  it('are scanned without findings', async () => {
    const target = { repositoryName: 'scanned', imageId: { imageTag: 'v1' } };
    await createRepository('scanned');
    await registry.pushImage('scanned', 'v1', 'x');
    await assert.rejects(sandbox.ecr.send(new DescribeImageScanFindingsCommand(target)), {
      name: 'ScanNotFoundException',
    });
    await sandbox.ecr.send(new StartImageScanCommand(target));
    const found = await poll(
      async () => {
        const answer = await sandbox.ecr.send(new DescribeImageScanFindingsCommand(target));
        return answer.imageScanStatus?.status === 'IN_PROGRESS' ? undefined : answer;
      },
      { interval: 20 },
    );
    assert.equal(found.imageScanStatus?.status, 'COMPLETE');
    assert.deepEqual(found.imageScanFindings?.findings, []);
    assert.ok(found.imageScanFindings.imageScanCompletedAt);
    await assert.rejects(sandbox.ecr.send(new StartImageScanCommand(target)), {
      name: 'LimitExceededException',
    });
  });
});
