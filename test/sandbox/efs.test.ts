import assert from 'node:assert/strict';
import {
  AccessPointAlreadyExists,
  AccessPointNotFound,
  BadRequest,
  CreateAccessPointCommand,
  CreateFileSystemCommand,
  DeleteAccessPointCommand,
  DeleteFileSystemCommand,
  DescribeAccessPointsCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
  FileSystemAlreadyExists,
  FileSystemNotFound,
  paginateDescribeAccessPoints,
  paginateDescribeFileSystems,
} from '@aws-sdk/client-efs';
import { useSandbox } from '../support/sandboxClients';

describe('EFS of the sandbox', () => {
  const sandbox = useSandbox();
  const create = async (CreationToken: string, more: object = {}): Promise<string> => {
    const made = await sandbox.efs.send(new CreateFileSystemCommand({ CreationToken, ...more }));
    return made.FileSystemId ?? '';
  };
  const describeFileSystem = async (FileSystemId: string) =>
    (await sandbox.efs.send(new DescribeFileSystemsCommand({ FileSystemId }))).FileSystems?.[0];

  const ask = (path: string, service: string) =>
    fetch(`${sandbox.endpoint}${path}`, {
      headers: {
        authorization:
          `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEEXAMPLE/20300101/eu-central-1/${service}/aws4_request, ` +
          'SignedHeaders=host, Signature=0',
      },
    });

  it('describes a file system by its id and its ARN', async () => {
    const made = await sandbox.efs.send(
      new CreateFileSystemCommand({
        CreationToken: 'data',
        Encrypted: true,
        ThroughputMode: 'elastic',
        Tags: [{ Key: 'Name', Value: 'web data' }],
      }),
    );
    assert.equal(made.$metadata.httpStatusCode, 201);
    assert.equal(made.LifeCycleState, 'creating');
    assert.match(made.FileSystemId ?? '', /^fs-[0-9a-f]{17}$/);
    for (const id of [made.FileSystemId ?? '', made.FileSystemArn ?? '']) {
      const described = await describeFileSystem(id);
      assert.equal(
        described?.FileSystemArn,
        `arn:aws:elasticfilesystem:eu-central-1:000000000000:file-system/${made.FileSystemId}`,
      );
      assert.ok(described.CreationTime instanceof Date);
      assert.deepEqual(
        [described.Name, described.LifeCycleState, described.Encrypted, described.ThroughputMode],
        ['web data', 'available', true, 'elastic'],
      );
      assert.equal(described.SizeInBytes?.Value, 6144);
    }
  });

  it('lists file systems in pages, each once, of their region only', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, (_, index) => create(`paged-${index}`)));
    const found: (string | undefined)[] = [];
    const sizes: number[] = [];
    for await (const { FileSystems = [] } of paginateDescribeFileSystems(
      { client: sandbox.efs, pageSize: 5 },
      {},
    )) {
      sizes.push(FileSystems.length);
      found.push(...FileSystems.map(({ FileSystemId }) => FileSystemId));
    }
    assert.ok(sizes.slice(0, -1).every((size) => size === 5));
    assert.equal(new Set(found).size, found.length);
    assert.ok(made.every((id) => found.includes(id)));
    const elsewhere = sandbox.clients({ region: 'us-east-1' });
    assert.deepEqual((await elsewhere.efs.send(new DescribeFileSystemsCommand({}))).FileSystems, []);
  });

  it('makes one file system of a creation token, and names it when asked again', async () => {
    const id = await create('once');
    await assert.rejects(
      create('once'),
      (error) =>
        error instanceof FileSystemAlreadyExists &&
        error.$metadata.httpStatusCode === 409 &&
        error.FileSystemId === id,
    );
    const { FileSystems } = await sandbox.efs.send(new DescribeFileSystemsCommand({ CreationToken: 'once' }));
    assert.deepEqual(
      FileSystems?.map(({ FileSystemId }) => FileSystemId),
      [id],
    );
  });

  it('says of what is not there, and of what is no id, what EFS says', async () => {
    await assert.rejects(
      describeFileSystem('fs-00000000000000000'),
      (error) =>
        error instanceof FileSystemNotFound &&
        error.$metadata.httpStatusCode === 404 &&
        error.ErrorCode === 'FileSystemNotFound' &&
        error.message === "File system 'fs-00000000000000000' does not exist.",
    );
    await assert.rejects(describeFileSystem('data'), {
      name: 'ValidationException',
      message: /^1 validation error detected: Value 'data' at 'fileSystemId' failed .*fs-\[0-9a-f\]\{8,40\}/,
    });
    await assert.rejects(
      sandbox.efs.send(new DescribeAccessPointsCommand({ AccessPointId: 'fsap-00000000000000000' })),
      AccessPointNotFound,
    );
    await assert.rejects(
      sandbox.efs.send(new DescribeFileSystemsCommand({ FileSystemId: 'fs-00000000', CreationToken: 'x' })),
      BadRequest,
    );
    await assert.rejects(sandbox.efs.send(new DescribeFileSystemsCommand({ Marker: 'abc' })), BadRequest);
    await assert.rejects(sandbox.efs.send(new DescribeMountTargetsCommand({})), {
      message: /does not serve this operation: DescribeMountTargets/,
    });
  });

  describe('with access points', () => {
    let fileSystem: string;
    before(async () => (fileSystem = await create('with access points')));
    const createPoint = (ClientToken: string, more: object = {}) =>
      sandbox.efs.send(new CreateAccessPointCommand({ ClientToken, FileSystemId: fileSystem, ...more }));

    it('describes one', async () => {
      const made = await createPoint('uploads', {
        PosixUser: { Uid: 1000, Gid: 1000 },
        RootDirectory: { Path: '/uploads' },
        Tags: [{ Key: 'Name', Value: 'Uploads' }],
      });
      const { AccessPoints = [] } = await sandbox.efs.send(
        new DescribeAccessPointsCommand({ AccessPointId: made.AccessPointId }),
      );
      assert.deepEqual(AccessPoints, [
        {
          ClientToken: 'uploads',
          Name: 'Uploads',
          Tags: [{ Key: 'Name', Value: 'Uploads' }],
          AccessPointId: made.AccessPointId,
          AccessPointArn: `arn:aws:elasticfilesystem:eu-central-1:000000000000:access-point/${made.AccessPointId}`,
          FileSystemId: fileSystem,
          PosixUser: { Uid: 1000, Gid: 1000 },
          RootDirectory: { Path: '/uploads' },
          OwnerId: '000000000000',
          LifeCycleState: 'available',
        },
      ]);
    });

    it('makes one of a client token, on a file system that is there, for a path', async () => {
      const { AccessPointId } = await createPoint('single');
      await assert.rejects(
        createPoint('single'),
        (error) => error instanceof AccessPointAlreadyExists && error.AccessPointId === AccessPointId,
      );
      await assert.rejects(createPoint('x', { FileSystemId: 'fs-00000000' }), FileSystemNotFound);
      await assert.rejects(createPoint('x', { RootDirectory: { Path: 'uploads' } }), {
        name: 'ValidationException',
      });
    });

    it('lists those of a file system in pages, and none after it is deleted', async () => {
      const FileSystemId = await create('many');
      await Promise.all(
        Array.from({ length: 7 }, (_, index) => createPoint(`point-${index}`, { FileSystemId })),
      );
      const sizes: number[] = [];
      for await (const { AccessPoints = [] } of paginateDescribeAccessPoints(
        { client: sandbox.efs, pageSize: 3 },
        { FileSystemId },
      )) {
        sizes.push(AccessPoints.length);
      }
      assert.deepEqual(sizes, [3, 3, 1]);
      const deleted = await sandbox.efs.send(new DeleteFileSystemCommand({ FileSystemId }));
      assert.equal(deleted.$metadata.httpStatusCode, 204);
      await assert.rejects(
        sandbox.efs.send(new DescribeAccessPointsCommand({ FileSystemId })),
        FileSystemNotFound,
      );
      const { AccessPoints = [] } = await sandbox.efs.send(new DescribeAccessPointsCommand({}));
      assert.ok(AccessPoints.every((point) => point.FileSystemId !== FileSystemId));
    });

    it('has a deleted one no more', async () => {
      const { AccessPointId } = await createPoint('short-lived');
      await sandbox.efs.send(new DeleteAccessPointCommand({ AccessPointId }));
      await assert.rejects(
        sandbox.efs.send(new DeleteAccessPointCommand({ AccessPointId })),
        AccessPointNotFound,
      );
    });
  });

  it('answers requests that are of no operation, or signed for another service, as the protocol asks', async () => {
    const unknown = await ask('/2015-02-01/nothing', 'elasticfilesystem');
    assert.deepEqual(
      [unknown.status, unknown.headers.get('x-amzn-errortype')],
      [404, 'UnknownOperationException'],
    );
    assert.equal((await ask('/2015-02-01/file-systems', 'ecs')).status, 403);
    assert.equal((await ask('/2015-02-01/file-systems?MaxItems=many', 'elasticfilesystem')).status, 400);
    assert.equal((await ask('/2015-02-01/file-systems/', 'elasticfilesystem')).status, 200);
    const unsigned = await fetch(`${sandbox.endpoint}/2015-02-01/file-systems`);
    assert.equal(unsigned.headers.get('x-amzn-errortype'), 'MissingAuthenticationTokenException');
  });

  it('reads a query with what stands behind a question mark in it', async () => {
    const FileSystemId = await create('what?ever');
    const answer = await ask('/2015-02-01/file-systems?CreationToken=what?ever', 'elasticfilesystem');
    const { FileSystems } = (await answer.json()) as { FileSystems: { FileSystemId: string }[] };
    assert.deepEqual(
      FileSystems.map((found) => found.FileSystemId),
      [FileSystemId],
    );
  });

  it('keeps file systems through a restart', async () => {
    const FileSystemId = await create('lasting');
    await sandbox.restart();
    const { FileSystems } = await sandbox
      .clients({})
      .efs.send(new DescribeFileSystemsCommand({ FileSystemId }));
    assert.equal(FileSystems?.[0]?.CreationToken, 'lasting');
  });
});
