import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  InvalidLayerPartException,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { connectRegistry, imageManifest, sha256 } from '../support/registryClient';
import { useSandbox } from '../support/sandboxClients';

const MEBIBYTE = 1024 * 1024;

describe('ECR layers of the sandbox', () => {
  const sandbox = useSandbox();
  const repositoryName = 'layers';

  before(async () => {
    await sandbox.ecr.send(new CreateRepositoryCommand({ repositoryName }));
  });

  const initiate = async (): Promise<string> => {
    const { uploadId } = await sandbox.ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
    assert.ok(uploadId);
    return uploadId;
  };

  const uploadPart = (uploadId: string, partFirstByte: number, layerPartBlob: Uint8Array) =>
    sandbox.ecr.send(
      new UploadLayerPartCommand({
        repositoryName,
        uploadId,
        partFirstByte,
        partLastByte: partFirstByte + layerPartBlob.length - 1,
        layerPartBlob,
      }),
    );

  const complete = (uploadId: string, ...layerDigests: string[]) =>
    sandbox.ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests }));

  const upload = async (content: Uint8Array): Promise<void> => {
    const uploadId = await initiate();
    await uploadPart(uploadId, 0, content);
    await complete(uploadId, sha256(content));
  };

  it('are uploaded in parts, put into an image, and pulled by an engine or by address', async () => {
    const layer = randomBytes(5 * MEBIBYTE + 100);
    const uploadId = await initiate();
    const part = await uploadPart(uploadId, 0, layer.subarray(0, 5 * MEBIBYTE));
    assert.equal(part.lastByteReceived, 5 * MEBIBYTE - 1);
    await uploadPart(uploadId, 5 * MEBIBYTE, layer.subarray(5 * MEBIBYTE));
    const completed = await complete(uploadId, sha256(layer));
    assert.equal(completed.layerDigest, sha256(layer));
    await upload(Buffer.from('{}'));
    const manifest = imageManifest('{}', layer);
    await sandbox.ecr.send(
      new PutImageCommand({ repositoryName, imageManifest: JSON.stringify(manifest), imageTag: 'v1' }),
    );
    const registry = await connectRegistry(sandbox.endpoint, sandbox.ecr);
    assert.equal((await registry.send('GET', `${repositoryName}/manifests/v1`)).status, 200);

    const { downloadUrl } = await sandbox.ecr.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: sha256(layer) }),
    );
    assert.ok(downloadUrl);
    const downloaded = await fetch(downloadUrl);
    assert.ok(layer.equals(Buffer.from(await downloaded.arrayBuffer())));
    const elsewhere = downloadUrl.replace(sha256(layer), sha256('{}'));
    assert.equal((await fetch(elsewhere)).status, 403, 'the address is for one blob');
    assert.equal((await fetch(downloadUrl, { method: 'DELETE' })).status, 403);
  });

  it('refuse a part that does not follow, and say where the upload stands', async () => {
    const uploadId = await initiate();
    await uploadPart(uploadId, 0, randomBytes(10));
    await assert.rejects(uploadPart(uploadId, 20, randomBytes(10)), (error: unknown) => {
      assert.ok(error instanceof InvalidLayerPartException);
      assert.equal(error.lastValidByteReceived, 9);
      assert.equal(error.uploadId, uploadId);
      assert.equal(error.repositoryName, repositoryName);
      return true;
    });
  });

  it('refuse an upload that is not whole', async () => {
    await assert.rejects(complete('no-such-upload', sha256('')), { name: 'UploadNotFoundException' });
    await assert.rejects(complete(await initiate(), sha256('')), { name: 'EmptyUploadException' });
    const small = await initiate();
    await uploadPart(small, 0, randomBytes(10));
    await uploadPart(small, 10, randomBytes(10));
    await assert.rejects(complete(small, sha256('')), { name: 'LayerPartTooSmallException' });
    const other = await initiate();
    await uploadPart(other, 0, Buffer.from('content'));
    await assert.rejects(complete(other, sha256('another')), { name: 'InvalidLayerException' });
    await complete(other, sha256('content'));
    const again = await initiate();
    await uploadPart(again, 0, Buffer.from('content'));
    await assert.rejects(complete(again, sha256('content')), { name: 'LayerAlreadyExistsException' });
  });

  it('tell which are there', async () => {
    await upload(Buffer.from('present'));
    const { layers, failures } = await sandbox.ecr.send(
      new BatchCheckLayerAvailabilityCommand({
        repositoryName,
        layerDigests: [sha256('present'), sha256('absent'), 'nonsense'],
      }),
    );
    assert.deepEqual(layers, [
      { layerDigest: sha256('present'), layerAvailability: 'AVAILABLE', layerSize: 7 },
      { layerDigest: sha256('absent'), layerAvailability: 'UNAVAILABLE' },
    ]);
    assert.deepEqual(
      failures?.map(({ failureCode }) => failureCode),
      ['InvalidLayerDigest'],
    );
    await assert.rejects(
      sandbox.ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: sha256('absent') })),
      { name: 'LayersNotFoundException' },
    );
  });

  it('need a token that lasts twelve hours', async () => {
    const { authorizationData } = await sandbox.ecr.send(new GetAuthorizationTokenCommand({}));
    assert.equal(authorizationData?.length, 1);
    const [data] = authorizationData;
    assert.equal(data?.proxyEndpoint, `http://${sandbox.registry}`);
    const hours = ((data.expiresAt?.getTime() ?? 0) - Date.now()) / 3_600_000;
    assert.ok(hours > 11.9 && hours <= 12, String(hours));
    assert.match(Buffer.from(data.authorizationToken ?? '', 'base64').toString(), /^AWS:[\w.-]+$/);
  });
});
