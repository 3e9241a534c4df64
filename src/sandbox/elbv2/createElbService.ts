import type { ServiceTarget } from '../ecs/serviceTargets';
import type { OperationHandler, RequestScope, ServiceDefinition } from '../operation';
import { createConstraints } from '../protocol/constraints';
import { cutKeyPage } from '../protocol/keyPage';
import { ServiceError } from '../protocol/serviceError';
import type { Store } from '../state/store';
import {
  newTargetGroupArn,
  openTargetGroupCatalog,
  targetGroupNotFound,
  type TargetGroupCatalog,
  type TargetGroupRecord,
} from './targetGroupCatalog';

/** Which tasks of services are behind a target group. */
export type FindTargets = (region: string, targetGroupArn: string) => readonly ServiceTarget[];

/** Elastic Load Balancing: target groups and the health of what services put behind them. Nothing is balanced. */
export function createElbService(store: Store, targets: FindTargets): ServiceDefinition {
  return {
    signingName: 'elasticloadbalancing',
    operations: createTargetGroupOperations(openTargetGroupCatalog(store), targets),
  };
}

interface CreateTargetGroupInput {
  readonly Name: string;
  readonly Protocol?: string;
  readonly Port?: number;
  readonly VpcId?: string;
  readonly TargetType?: string;
  readonly HealthCheckPath?: string;
}

interface DescribeTargetGroupsInput {
  readonly LoadBalancerArn?: string;
  readonly TargetGroupArns?: readonly string[];
  readonly Names?: readonly string[];
  readonly Marker?: string;
  readonly PageSize?: number;
}

const check = createConstraints('ValidationError');

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html and neighbours */
function createTargetGroupOperations(
  groups: TargetGroupCatalog,
  targets: FindTargets,
): Record<string, OperationHandler> {
  return {
    CreateTargetGroup: (input: CreateTargetGroupInput, { region, accountId }: RequestScope) => {
      const { Name: name, Protocol: protocol = 'HTTP', Port: port = 80 } = input;
      checkName(name);
      check.oneOf('protocol', protocol, ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'GENEVE']);
      check.range('port', port, 1, 65_535);
      const wanted = {
        protocol,
        port,
        vpcId: input.VpcId ?? '',
        targetType: input.TargetType ?? 'instance',
        healthCheckPath: input.HealthCheckPath ?? '/',
      };
      const before = groups.find(region, name);
      if (before && JSON.stringify({ ...before, ...wanted }) !== JSON.stringify(before)) {
        throw new ServiceError(
          'DuplicateTargetGroupName',
          `A target group with the same name '${name}' exists, but with different settings`,
        );
      }
      const group = before ?? { name, arn: newTargetGroupArn(region, accountId, name), ...wanted };
      groups.put(region, group);
      return { TargetGroups: [describeGroup(group)] };
    },

    DescribeTargetGroups: (input: DescribeTargetGroupsInput, { region }: RequestScope) => {
      check.range('pageSize', input.PageSize ?? 400, 1, 400);
      const { items, next } = cutKeyPage(
        chooseGroups(groups, region, input),
        ({ name }) => name,
        input.PageSize ?? 400,
        input.Marker,
        () => new ServiceError('ValidationError', 'The specified marker is not valid.'),
      );
      return { TargetGroups: items.map(describeGroup), NextMarker: next };
    },

    DescribeTargetHealth: (input: { readonly TargetGroupArn: string }, { region }: RequestScope) => {
      const { arn } = groups.require(region, input.TargetGroupArn);
      return { TargetHealthDescriptions: targets(region, arn).map(describeTarget) };
    },
  };
}

/** @throws ServiceError ValidationError */
function checkName(name: string): void {
  if (name.length > 32) {
    throw new ServiceError(
      'ValidationError',
      `The target group name '${name}' cannot be longer than '32' characters`,
    );
  }
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw new ServiceError(
      'ValidationError',
      `The target group name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    );
  }
}

function chooseGroups(
  groups: TargetGroupCatalog,
  region: string,
  { TargetGroupArns: arns, Names: names }: DescribeTargetGroupsInput,
): readonly TargetGroupRecord[] {
  const all = groups.list(region);
  const wanted = [
    ...(arns ?? []).map((arn) => groups.require(region, arn)),
    ...(names ?? []).map((name) => {
      const found = groups.find(region, name);
      if (!found) {
        throw targetGroupNotFound();
      }
      return found;
    }),
  ];
  return arns || names ? all.filter((group) => wanted.some(({ arn }) => arn === group.arn)) : all;
}

function describeGroup(group: TargetGroupRecord): object {
  const http = group.protocol.startsWith('HTTP');
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    Port: group.port,
    VpcId: group.vpcId,
    HealthCheckProtocol: http ? group.protocol : 'TCP',
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: http ? 5 : 10,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    ...(http && {
      HealthCheckPath: group.healthCheckPath,
      Matcher: { HttpCode: '200' },
      ProtocolVersion: 'HTTP1',
    }),
    LoadBalancerArns: [],
    TargetType: group.targetType,
    IpAddressType: 'ipv4',
  };
}

/** By the API reference's TargetHealth: a reason and a description for all but healthy targets. */
const HEALTH: Readonly<Record<ServiceTarget['stage'], object>> = {
  starting: {
    State: 'initial',
    Reason: 'Elb.RegistrationInProgress',
    Description: 'Target registration is in progress',
  },
  running: { State: 'healthy' },
  unhealthy: {
    State: 'unhealthy',
    Reason: 'Target.FailedHealthChecks',
    Description: 'Health checks failed',
  },
  ending: {
    State: 'draining',
    Reason: 'Target.DeregistrationInProgress',
    Description: 'Target deregistration is in progress',
  },
};

function describeTarget({ address, port, availabilityZone, stage }: ServiceTarget): object {
  return {
    Target: { Id: address, Port: port, AvailabilityZone: availabilityZone },
    HealthCheckPort: String(port),
    TargetHealth: HEALTH[stage],
  };
}
