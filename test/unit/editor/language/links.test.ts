import assert from 'node:assert/strict';
import type { AwsContext } from '../../../../src/aws/context';
import { locateImage } from '../../../../src/editor/language/imagePlace';
import { linksIn } from '../../../../src/editor/language/linksIn';

const context: AwsContext = {
  label: 'work',
  source: { kind: 'profile', profile: 'work' },
  region: 'eu-west-1',
};
const sandbox: AwsContext = { ...context, endpoint: 'http://127.0.0.1:4566' };

const TEXT = JSON.stringify({
  family: 'web',
  executionRoleArn: 'arn:aws-us-gov:iam::123456789012:role/path/exec',
  containerDefinitions: [
    { name: 'a', image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:1' },
    { name: 'b', image: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/web:1' },
    { name: 'c', image: 'nginx' },
    {
      name: 'd',
      image: '127.0.0.1:4566/web',
      secrets: [
        { name: 'A', valueFrom: 'arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-AbCdEf:key::' },
        { name: 'B', valueFrom: 'arn:aws:ssm:eu-west-3:123456789012:parameter/a/b' },
        { name: 'C', valueFrom: 'plain' },
      ],
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-2' },
      },
    },
  ],
  volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
});

const targets = (text: string, from: AwsContext | undefined, hasConsole: boolean): string[] =>
  linksIn(text, from, hasConsole).map((link) =>
    link.kind === 'repository' ? `tree ${link.image}` : link.url.replace('https://', ''),
  );

describe('The links of a definition', () => {
  it('lead to the tree where the image is of the region, else to the console', () => {
    assert.deepEqual(targets(TEXT, context, true), [
      'tree 123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:1',
      'cn-north-1.console.amazonaws.cn/ecr/repositories/private/123456789012/team/web?region=cn-north-1',
      'us-gov-west-1.console.amazonaws-us-gov.com/iam/home?region=us-gov-west-1#/roles/details/exec',
      'eu-west-3.console.aws.amazon.com/secretsmanager/secret?name=db&region=eu-west-3',
      'eu-west-3.console.aws.amazon.com/systems-manager/parameters/%252Fa%252Fb/description?region=eu-west-3',
      'eu-west-1.console.aws.amazon.com/systems-manager/parameters/plain/description?region=eu-west-1',
      'eu-west-2.console.aws.amazon.com/cloudwatch/home?region=eu-west-2#logsV2:log-groups/log-group/$252Fecs$252Fweb',
      'eu-west-1.console.aws.amazon.com/efs/home?region=eu-west-1#/file-systems/fs-1',
    ]);
  });

  it('lead only to the tree behind an endpoint that is not AWS', () => {
    assert.deepEqual(targets(TEXT, sandbox, false), [
      'tree 123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web:1',
      'tree 127.0.0.1:4566/web',
    ]);
  });

  it('need no profile where the text says it all', () => {
    assert.deepEqual(
      targets(TEXT, undefined, true).map((url) => url.split('/')[1]),
      ['ecr', 'ecr', 'iam', 'secretsmanager', 'systems-manager', 'cloudwatch'],
    );
  });
});

describe('The place of an image', () => {
  const place = (uri: string, from = context): unknown => {
    const located = locateImage(uri, from);
    return located.kind === 'ecr'
      ? [located.account, located.region, located.repository, located.name]
      : located.kind === 'elsewhere'
        ? located.registry
        : located.kind;
  };

  it('is read from the host of a private registry', () => {
    const account = '123456789012';
    assert.deepEqual(place(`${account}.dkr.ecr.us-east-2.amazonaws.com/a/b`), [
      account,
      'us-east-2',
      'a/b',
      'latest',
    ]);
    assert.deepEqual(place(`${account}.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a:1`), [
      account,
      'us-gov-west-1',
      'a',
      '1',
    ]);
    assert.deepEqual(place(`${account}.dkr-ecr.us-east-1.on.aws/a:1`), [account, 'us-east-1', 'a', '1']);
    assert.deepEqual(place(`${account}.dkr.ecr.us-east-1.localhost.localstack.cloud:4566/a:1`), [
      account,
      'us-east-1',
      'a',
      '1',
    ]);
    const digest = `sha256:${'0'.repeat(64)}`;
    assert.deepEqual(place(`${account}.dkr.ecr.us-east-1.amazonaws.com/a:1@${digest}`), [
      account,
      'us-east-1',
      'a',
      digest,
    ]);
  });

  it('is elsewhere for public images, and for another server on this machine', () => {
    assert.equal(place('nginx'), 'docker.io');
    assert.equal(place('public.ecr.aws/nginx/nginx:1'), 'public.ecr.aws');
    assert.equal(place('127.0.0.1:5000/web', sandbox), '127.0.0.1:5000');
    assert.deepEqual(place('127.0.0.1:4566/web', sandbox), [undefined, 'eu-west-1', 'web', 'latest']);
    assert.equal(place('No Image'), 'unreadable');
  });
});
