import assert from 'node:assert/strict';
import { parameterName, parseArn } from '../../../src/aws/arn';
import { consoleUrl, secretName, type ConsoleResource } from '../../../src/aws/consoleUrl';

describe('The address of a resource in the AWS console', () => {
  const cases: readonly (readonly [resource: ConsoleResource, path: string])[] = [
    [
      { kind: 'repository', account: '123456789012', name: 'team/web' },
      'ecr/repositories/private/123456789012/team/web?region=eu-west-1',
    ],
    [
      { kind: 'image', account: '123456789012', repository: 'team/web', digest: 'sha256:ab' },
      'ecr/repositories/private/123456789012/team/web/_/image/sha256%3Aab/details?region=eu-west-1',
    ],
    [{ kind: 'cluster', name: 'main' }, 'ecs/v2/clusters/main/services?region=eu-west-1'],
    [
      { kind: 'service', cluster: 'main', name: 'web' },
      'ecs/v2/clusters/main/services/web/health?region=eu-west-1',
    ],
    [
      { kind: 'task', cluster: 'main', id: '0123abcd' },
      'ecs/v2/clusters/main/tasks/0123abcd/configuration?region=eu-west-1',
    ],
    [{ kind: 'family', name: 'web' }, 'ecs/v2/task-definitions/web?region=eu-west-1'],
    [
      { kind: 'revision', family: 'web', revision: 12 },
      'ecs/v2/task-definitions/web/12/containers?region=eu-west-1',
    ],
    [{ kind: 'role', name: 'app+task' }, 'iam/home?region=eu-west-1#/roles/details/app%2Btask'],
    [
      { kind: 'logGroup', name: '/ecs/web' },
      'cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fecs$252Fweb',
    ],
    [{ kind: 'secret', name: 'prod/db' }, 'secretsmanager/secret?name=prod%2Fdb&region=eu-west-1'],
    [
      { kind: 'parameter', name: '/prod/db' },
      'systems-manager/parameters/%252Fprod%252Fdb/description?region=eu-west-1',
    ],
    [{ kind: 'fileSystem', id: 'fs-1' }, 'efs/home?region=eu-west-1#/file-systems/fs-1'],
    [{ kind: 'accessPoint', id: 'fsap-1' }, 'efs/home?region=eu-west-1#/access-points/fsap-1'],
    [
      { kind: 'deployments', cluster: 'main', service: 'web' },
      'ecs/v2/clusters/main/services/web/deployments?region=eu-west-1',
    ],
    [{ kind: 'subnet', id: 'subnet-1' }, 'vpcconsole/home?region=eu-west-1#SubnetDetails:subnetId=subnet-1'],
    [{ kind: 'securityGroup', id: 'sg-1' }, 'ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-1'],
    [
      { kind: 'targetGroup', arn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/1' },
      'ec2/home?region=eu-west-1#TargetGroup:targetGroupArn=arn%3Aaws%3Aelasticloadbalancing%3Aeu-west-1%3A123456789012%3Atargetgroup%2Fweb%2F1',
    ],
  ];
  for (const [resource, path] of cases) {
    it(`leads to: ${resource.kind}`, () => {
      assert.equal(consoleUrl(resource, 'eu-west-1'), `https://eu-west-1.console.aws.amazon.com/${path}`);
    });
  }

  it('is in the partition of the region', () => {
    const hosts = ['us-east-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1'].map(
      (region) => new URL(consoleUrl({ kind: 'role', name: 'r' }, region) ?? '').host,
    );
    assert.deepEqual(hosts, [
      'us-east-1.console.aws.amazon.com',
      'cn-north-1.console.amazonaws.cn',
      'us-gov-west-1.console.amazonaws-us-gov.com',
      'eusc-de-east-1.console.amazonaws-eusc.eu',
    ]);
  });

  it('is none in an isolated partition', () => {
    for (const region of ['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1']) {
      assert.equal(consoleUrl({ kind: 'role', name: 'r' }, region), undefined);
    }
  });

  it('lets no text choose another host or another page', () => {
    assert.equal(consoleUrl({ kind: 'role', name: 'r' }, 'evil.example/'), undefined);
    const name = '../../x?a=b#c)<b>"\ud800';
    for (const kind of ['role', 'logGroup', 'secret', 'parameter'] as const) {
      const url = consoleUrl({ kind, name }, 'us-east-1') ?? '';
      assert.equal(new URL(url).host, 'us-east-1.console.aws.amazon.com');
      assert.doesNotMatch(url, /[<>"\s]|\.\.\//);
    }
  });

  it('names a secret without the six characters behind its name', () => {
    const arn = parseArn('arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf');
    assert.equal(arn && secretName(arn), 'prod/db');
  });

  it('names a parameter with the slash before it where its name has others', () => {
    const names = ['parameter/prod/db', 'parameter/db'].map((resource) => {
      const arn = parseArn(`arn:aws:ssm:eu-west-1:123456789012:${resource}`);
      return arn && parameterName(arn);
    });
    assert.deepEqual(names, ['/prod/db', 'db']);
  });
});
