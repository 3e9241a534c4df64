import assert from 'node:assert/strict';
import {
  CreateTargetGroupCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  DuplicateTargetGroupNameException,
  paginateDescribeTargetGroups,
  TargetGroupNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { createLoadBalancersGateway, type LoadBalancersGateway } from '../../src/aws/loadBalancersGateway';
import { createSession, type AwsSession } from '../../src/aws/session';
import { poll } from '../../src/base/delay';
import { sandboxContext } from '../support/sandboxContext';
import { useSandbox } from '../support/sandboxClients';

describe('Elastic Load Balancing of the sandbox', () => {
  const sandbox = useSandbox();
  const create = async (Name: string, more: object = {}): Promise<string> => {
    const { TargetGroups } = await sandbox.elb.send(new CreateTargetGroupCommand({ Name, ...more }));
    return TargetGroups?.[0]?.TargetGroupArn ?? '';
  };

  it('makes a target group, gives the same one again, and refuses another of its name', async () => {
    const settings = { Protocol: 'HTTP', Port: 8080, TargetType: 'ip', VpcId: 'vpc-1' } as const;
    const arn = await create('web', settings);
    assert.match(
      arn,
      /^arn:aws:elasticloadbalancing:eu-central-1:000000000000:targetgroup\/web\/[0-9a-f]{16}$/,
    );
    assert.equal(await create('web', settings), arn);
    await assert.rejects(create('web', { ...settings, Port: 80 }), DuplicateTargetGroupNameException);
    await assert.rejects(create('a_b'), { name: 'ValidationError', message: /can only contain characters/ });
    const { TargetGroups } = await sandbox.elb.send(new DescribeTargetGroupsCommand({ Names: ['web'] }));
    assert.deepEqual(
      TargetGroups?.map((group) => [
        group.TargetGroupName,
        group.Port,
        group.TargetType,
        group.HealthCheckPath,
      ]),
      [['web', 8080, 'ip', '/']],
    );
  });

  it('gives target groups in pages', async () => {
    await create('a');
    await create('b');
    const names: (string | undefined)[][] = [];
    for await (const page of paginateDescribeTargetGroups({ client: sandbox.elb }, { PageSize: 2 })) {
      names.push((page.TargetGroups ?? []).map(({ TargetGroupName }) => TargetGroupName));
    }
    assert.deepEqual(names, [['a', 'b'], ['web']]);
  });

  it('says that there is no such target group, and what is no ARN', async () => {
    const health = (TargetGroupArn: string): Promise<unknown> =>
      sandbox.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    const other = (await create('web2')).replace(/[0-9a-f]{16}$/, '0123456789abcdef');
    await assert.rejects(health(other), TargetGroupNotFoundException);
    await assert.rejects(health('web'), {
      name: 'ValidationError',
      message: "'web' is not a valid target group ARN",
    });
  });

  describe('behind which a service is', () => {
    let aws: AwsSession;
    let gateway: LoadBalancersGateway;
    let arn: string;

    before(async () => {
      const context = sandboxContext(sandbox.endpoint);
      aws = createSession(context);
      gateway = createLoadBalancersGateway(context);
      arn = await create('shop', { TargetType: 'ip' });
      await aws.ecs.createCluster({ clusterName: 'main' });
      await aws.ecs.registerTaskDefinition({
        family: 'shop',
        networkMode: 'awsvpc',
        containerDefinitions: [
          { name: 'app', image: 'busybox', memory: 64, portMappings: [{ containerPort: 8080 }] },
        ],
      });
      await aws.ecs.createService({
        cluster: 'main',
        serviceName: 'shop',
        taskDefinition: 'shop',
        desiredCount: 2,
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        loadBalancers: [{ targetGroupArn: arn, containerName: 'app', containerPort: 8080 }],
      });
    });
    after(() => {
      aws.dispose();
      gateway.dispose();
    });

    const states = async (): Promise<(string | undefined)[]> =>
      (await gateway.targetHealth(arn)).map(({ TargetHealth }) => TargetHealth?.State);
    const until = (wanted: readonly string[]): Promise<true> =>
      poll(async () => ((await states()).join() === wanted.join() ? true : undefined), {
        interval: 50,
        signal: AbortSignal.timeout(20_000),
      });

    it('has its running tasks as healthy targets, and none once they have stopped', async () => {
      await until(['healthy', 'healthy']);
      const [target] = await gateway.targetHealth(arn);
      assert.deepEqual(target?.Target, { Id: '127.0.0.1', Port: 8080, AvailabilityZone: 'eu-central-1a' });
      await aws.ecs.updateService({ cluster: 'main', service: 'shop', desiredCount: 0 });
      await until([]);
    });

    it('that is gone is named in the words of a person', () =>
      assert.rejects(gateway.targetHealth(arn.replace('shop', 'gone')), {
        reason: 'notFound',
        message: /read the health of the targets/,
      }));
  });
});
