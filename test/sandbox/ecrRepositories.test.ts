import assert from 'node:assert/strict';
import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryCommand,
  DeleteRepositoryPolicyCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetLifecyclePolicyPreviewCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  paginateDescribeRepositories,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  StartLifecyclePolicyPreviewCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type CreateRepositoryCommandInput,
  type Repository,
} from '@aws-sdk/client-ecr';
import { poll } from '../../src/base/delay';
import { connectRegistry } from '../support/registryClient';
import { useSandbox } from '../support/sandboxClients';

describe('ECR repositories of the sandbox', () => {
  const sandbox = useSandbox();

  const create = async (input: CreateRepositoryCommandInput): Promise<Repository> => {
    const { repository } = await sandbox.ecr.send(new CreateRepositoryCommand(input));
    assert.ok(repository);
    return repository;
  };

  const describeNames = async (repositoryNames: string[]): Promise<Repository[]> =>
    (await sandbox.ecr.send(new DescribeRepositoriesCommand({ repositoryNames }))).repositories ?? [];

  it('are created with the defaults of ECR, and described as created', async () => {
    const repository = await create({ repositoryName: 'team/web' });
    assert.equal(repository.repositoryArn, 'arn:aws:ecr:eu-central-1:000000000000:repository/team/web');
    assert.equal(repository.repositoryUri, `${sandbox.registry}/team/web`);
    assert.equal(repository.registryId, '000000000000');
    assert.equal(repository.imageTagMutability, 'MUTABLE');
    assert.deepEqual(repository.imageScanningConfiguration, { scanOnPush: false });
    assert.deepEqual(repository.encryptionConfiguration, { encryptionType: 'AES256' });
    assert.ok(Math.abs(Date.now() - (repository.createdAt?.getTime() ?? 0)) < 60_000);
    assert.deepEqual(await describeNames(['team/web']), [repository]);
  });

  it('are created with all settings', async () => {
    const repository = await create({
      repositoryName: 'configured',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: { encryptionType: 'KMS' },
      tags: [{ Key: 'team', Value: 'blue' }],
    });
    assert.equal(repository.imageTagMutability, 'IMMUTABLE_WITH_EXCLUSION');
    assert.deepEqual(repository.imageTagMutabilityExclusionFilters, [
      { filterType: 'WILDCARD', filter: 'dev-*' },
    ]);
    assert.deepEqual(repository.imageScanningConfiguration, { scanOnPush: true });
    assert.equal(repository.encryptionConfiguration?.encryptionType, 'KMS');
    assert.match(
      repository.encryptionConfiguration.kmsKey ?? '',
      /^arn:aws:kms:eu-central-1:000000000000:key\//,
    );
  });

  it('are not created twice, nor with a name that ECR refuses', async () => {
    await create({ repositoryName: 'once' });
    await assert.rejects(create({ repositoryName: 'once' }), {
      name: 'RepositoryAlreadyExistsException',
      message: "The repository with name 'once' already exists in the registry with id '000000000000'",
    });
    for (const repositoryName of ['Upper', 'a', '-dash', 'a//b', 'a/', '../etc', 'x'.repeat(257)]) {
      await assert.rejects(
        create({ repositoryName }),
        { name: 'InvalidParameterException' },
        `accepted: ${repositoryName}`,
      );
    }
    await assert.rejects(
      create({ repositoryName: 'filters', imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }),
      { name: 'InvalidParameterException' },
    );
  });

  it('are refused in the words of ECR when they do not exist', async () => {
    await assert.rejects(describeNames(['no/such']), {
      name: 'RepositoryNotFoundException',
      message: "The repository with name 'no/such' does not exist in the registry with id '000000000000'",
    });
    await assert.rejects(
      sandbox.ecr.send(
        new DescribeRepositoriesCommand({ repositoryNames: ['once'], registryId: '123456789012' }),
      ),
      { name: 'RepositoryNotFoundException', message: /registry with id '123456789012'/ },
    );
  });

  it('are described page by page, each once, in one region', async () => {
    const { ecr } = sandbox.clients({ region: 'ap-southeast-2' });
    const names = Array.from({ length: 7 }, (_, index) => `page/r${index}`);
    for (const repositoryName of names) {
      await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    }
    const pages: number[] = [];
    const found: (string | undefined)[] = [];
    for await (const page of paginateDescribeRepositories({ client: ecr, pageSize: 3 }, {})) {
      pages.push(page.repositories?.length ?? 0);
      found.push(...(page.repositories ?? []).map(({ repositoryName }) => repositoryName));
    }
    assert.deepEqual(pages, [3, 3, 1]);
    assert.deepEqual(found.sort(), names);
  });

  it('refuse page sizes out of bounds, a wrong token, and page sizes beside names', async () => {
    for (const input of [
      { maxResults: 0 },
      { maxResults: 1001 },
      { nextToken: 'nonsense' },
      { maxResults: 1, repositoryNames: ['once'] },
    ]) {
      await assert.rejects(
        sandbox.ecr.send(new DescribeRepositoriesCommand(input)),
        { name: 'InvalidParameterException' },
        JSON.stringify(input),
      );
    }
  });

  it('are deleted when empty, or by force with all that is in them', async () => {
    await create({ repositoryName: 'full' });
    const registry = await connectRegistry(sandbox.endpoint, sandbox.ecr);
    const digest = await registry.pushImage('full', 'v1', 'content');
    await assert.rejects(sandbox.ecr.send(new DeleteRepositoryCommand({ repositoryName: 'full' })), {
      name: 'RepositoryNotEmptyException',
      message:
        "The repository with name 'full' in registry with id '000000000000' cannot be deleted because it still contains images",
    });
    const { repository } = await sandbox.ecr.send(
      new DeleteRepositoryCommand({ repositoryName: 'full', force: true }),
    );
    assert.equal(repository?.repositoryName, 'full');
    await assert.rejects(describeNames(['full']), { name: 'RepositoryNotFoundException' });
    await create({ repositoryName: 'full' });
    assert.equal((await registry.send('GET', `full/manifests/${digest}`)).status, 404);
    await sandbox.ecr.send(new DeleteRepositoryCommand({ repositoryName: 'full' }));
  });

  it('change their tag mutability and scanning', async () => {
    await create({ repositoryName: 'changing' });
    await sandbox.ecr.send(
      new PutImageTagMutabilityCommand({
        repositoryName: 'changing',
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
        imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'v*' }],
      }),
    );
    await sandbox.ecr.send(
      new PutImageScanningConfigurationCommand({
        repositoryName: 'changing',
        imageScanningConfiguration: { scanOnPush: true },
      }),
    );
    const [changed] = await describeNames(['changing']);
    assert.equal(changed?.imageTagMutability, 'MUTABLE_WITH_EXCLUSION');
    assert.equal(changed.imageScanningConfiguration?.scanOnPush, true);
    await sandbox.ecr.send(
      new PutImageTagMutabilityCommand({ repositoryName: 'changing', imageTagMutability: 'IMMUTABLE' }),
    );
    const [plain] = await describeNames(['changing']);
    assert.equal(plain?.imageTagMutabilityExclusionFilters, undefined);
  });

  it('have tags', async () => {
    const { repositoryArn: resourceArn } = await create({
      repositoryName: 'tagged',
      tags: [{ Key: 'a', Value: '1' }],
    });
    const list = async () => (await sandbox.ecr.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    await sandbox.ecr.send(
      new TagResourceCommand({
        resourceArn,
        tags: [
          { Key: 'a', Value: '2' },
          { Key: 'b', Value: '' },
        ],
      }),
    );
    assert.deepEqual(await list(), [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '' },
    ]);
    await sandbox.ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'never'] }));
    assert.deepEqual(await list(), [{ Key: 'b', Value: '' }]);
    await assert.rejects(
      sandbox.ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'aws:x', Value: '' }] })),
      { name: 'InvalidTagParameterException' },
    );
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    await assert.rejects(sandbox.ecr.send(new TagResourceCommand({ resourceArn, tags: many })), {
      name: 'TooManyTagsException',
    });
    await assert.rejects(
      sandbox.ecr.send(new ListTagsForResourceCommand({ resourceArn: `${resourceArn}-none` })),
      { name: 'RepositoryNotFoundException' },
    );
  });

  it('have a lifecycle policy, and say what it would do', async () => {
    const repositoryName = 'lifecycle';
    const keepOne = JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
          action: { type: 'expire' },
        },
      ],
    });
    await create({ repositoryName });
    await assert.rejects(sandbox.ecr.send(new GetLifecyclePolicyCommand({ repositoryName })), {
      name: 'LifecyclePolicyNotFoundException',
    });
    await assert.rejects(sandbox.ecr.send(new GetLifecyclePolicyPreviewCommand({ repositoryName })), {
      name: 'LifecyclePolicyPreviewNotFoundException',
    });
    await assert.rejects(
      sandbox.ecr.send(
        new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: '{"rules":[{}]}' }),
      ),
      { name: 'InvalidParameterException', message: /greater than or equal to 100/ },
    );
    await assert.rejects(
      sandbox.ecr.send(
        new PutLifecyclePolicyCommand({
          repositoryName,
          lifecyclePolicyText: `{"rules":[{}]${' '.repeat(100)}}`,
        }),
      ),
      { name: 'InvalidParameterException', message: /Lifecycle policy validation failure/ },
    );
    await sandbox.ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: keepOne }));
    const got = await sandbox.ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
    assert.equal(got.lifecyclePolicyText, keepOne);

    const registry = await connectRegistry(sandbox.endpoint, sandbox.ecr);
    const old = await registry.pushImage(repositoryName, 'old', '1');
    await registry.pushImage(repositoryName, 'new', '22');
    const started = await sandbox.ecr.send(new StartLifecyclePolicyPreviewCommand({ repositoryName }));
    assert.equal(started.status, 'IN_PROGRESS');
    await assert.rejects(sandbox.ecr.send(new StartLifecyclePolicyPreviewCommand({ repositoryName })), {
      name: 'LifecyclePolicyPreviewInProgressException',
    });
    const getPreview = new GetLifecyclePolicyPreviewCommand({ repositoryName });
    const { status, previewResults } = await sandbox.ecr.send(getPreview);
    assert.deepEqual([status, previewResults], ['IN_PROGRESS', undefined]);
    const preview = await poll(
      async () => {
        const answer = await sandbox.ecr.send(getPreview);
        return answer.status === 'IN_PROGRESS' ? undefined : answer;
      },
      { interval: 20 },
    );
    assert.equal(preview.status, 'COMPLETE');
    assert.deepEqual(
      preview.previewResults?.map(({ imageDigest, imageTags, action }) => [
        imageDigest,
        imageTags,
        action?.type,
      ]),
      [[old, ['old'], 'EXPIRE']],
    );
    assert.equal(preview.summary?.expiringImageTotalCount, 1);

    await sandbox.ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName }));
    await assert.rejects(sandbox.ecr.send(new DeleteLifecyclePolicyCommand({ repositoryName })), {
      name: 'LifecyclePolicyNotFoundException',
    });
  });

  it('have a policy', async () => {
    const repositoryName = 'policy';
    const statement = { Effect: 'Allow', Principal: '*', Action: ['ecr:GetDownloadUrlForLayer'] };
    const policyText = JSON.stringify({ Version: '2012-10-17', Statement: statement });
    await create({ repositoryName });
    await assert.rejects(sandbox.ecr.send(new GetRepositoryPolicyCommand({ repositoryName })), {
      name: 'RepositoryPolicyNotFoundException',
      message:
        "Repository policy does not exist for the repository with name 'policy' in the registry with id '000000000000'",
    });
    for (const wrong of [
      'no JSON',
      'null',
      '{}',
      '{"Statement":[]}',
      JSON.stringify({ Statement: [{ Effect: 'Allow' }] }),
      JSON.stringify({ Statement: [statement, { ...statement, Effect: 'Perhaps' }] }),
      JSON.stringify({ Statement: { ...statement, NotAction: 'ecr:*' } }),
    ]) {
      await assert.rejects(
        sandbox.ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: wrong })),
        {
          name: 'InvalidParameterException',
          message:
            "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'",
        },
      );
    }
    await sandbox.ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
    const got = await sandbox.ecr.send(new GetRepositoryPolicyCommand({ repositoryName }));
    assert.equal(got.policyText, policyText);
    await sandbox.ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName }));
    await assert.rejects(sandbox.ecr.send(new DeleteRepositoryPolicyCommand({ repositoryName })), {
      name: 'RepositoryPolicyNotFoundException',
    });
  });

  it('belong to the registry of the account', async () => {
    const { registryId, replicationConfiguration } = await sandbox.ecr.send(new DescribeRegistryCommand({}));
    assert.equal(registryId, '000000000000');
    assert.deepEqual(replicationConfiguration, { rules: [] });
  });

  it('are there after a restart', async () => {
    await create({ repositoryName: 'lasting' });
    const registry = await connectRegistry(sandbox.endpoint, sandbox.ecr);
    await registry.pushImage('lasting', 'v1', 'kept');
    await sandbox.restart();
    assert.equal((await describeNames(['lasting'])).length, 1);
    const again = await connectRegistry(sandbox.endpoint, sandbox.ecr);
    assert.equal((await again.send('GET', 'lasting/manifests/v1')).status, 200);
  });
});
