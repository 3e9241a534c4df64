import type { Arn } from './arn';

/** Something that has a page in the AWS console. */
export type ConsoleResource =
  | { readonly kind: 'repository'; readonly account: string; readonly name: string }
  | { readonly kind: 'image'; readonly account: string; readonly repository: string; readonly digest: string }
  | { readonly kind: 'cluster'; readonly name: string }
  | { readonly kind: 'service'; readonly cluster: string; readonly name: string }
  | { readonly kind: 'deployments'; readonly cluster: string; readonly service: string }
  | { readonly kind: 'task'; readonly cluster: string; readonly id: string }
  | { readonly kind: 'family'; readonly name: string }
  | { readonly kind: 'revision'; readonly family: string; readonly revision: number }
  | { readonly kind: 'role'; readonly name: string }
  | { readonly kind: 'logGroup'; readonly name: string }
  | { readonly kind: 'secret'; readonly name: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'fileSystem'; readonly id: string }
  | { readonly kind: 'accessPoint'; readonly id: string }
  | { readonly kind: 'subnet'; readonly id: string }
  | { readonly kind: 'securityGroup'; readonly id: string }
  | { readonly kind: 'targetGroup'; readonly arn: string };

/** Where the console of a partition is, by the beginning of its regions. */
const CONSOLES: readonly (readonly [RegExp, string | undefined])[] = [
  [/^cn-/, 'console.amazonaws.cn'],
  [/^us-gov-/, 'console.amazonaws-us-gov.com'],
  [/^eusc-/, 'console.amazonaws-eusc.eu'],
  // Consoles of isolated partitions have no public address.
  [/^[a-z]+-iso[a-z]?-/, undefined],
];

/**
 * The page of a resource in the AWS console.
 * @param region decides the partition too: "cn-north-1" is in China's
 * @returns `undefined` where the region's partition has no console that is known
 */
export function consoleUrl(resource: ConsoleResource, region: string): string | undefined {
  const known = CONSOLES.find(([regions]) => regions.test(region));
  const host = known ? known[1] : 'console.aws.amazon.com';
  // It becomes a part of the host.
  return host !== undefined && /^[a-z0-9-]+$/.test(region)
    ? `https://${region}.${host}/${pathOf(resource, region)}`
    : undefined;
}

/** The name of a secret by its ARN, of which it is the last part, behind it six random characters. */
export function secretName({ resource }: Arn): string {
  return resource.replace(/^secret:/, '').replace(/-[A-Za-z0-9]{6}$/, '');
}

function pathOf(resource: ConsoleResource, region: string): string {
  switch (resource.kind) {
    case 'repository':
      return `${repositoryPath(resource.account, resource.name)}?region=${region}`;
    case 'image':
      return `${repositoryPath(resource.account, resource.repository)}/_/image/${encode(resource.digest)}/details?region=${region}`;
    case 'cluster':
      return `ecs/v2/clusters/${encode(resource.name)}/services?region=${region}`;
    case 'service':
      return `ecs/v2/clusters/${encode(resource.cluster)}/services/${encode(resource.name)}/health?region=${region}`;
    case 'deployments':
      return `ecs/v2/clusters/${encode(resource.cluster)}/services/${encode(resource.service)}/deployments?region=${region}`;
    case 'task':
      return `ecs/v2/clusters/${encode(resource.cluster)}/tasks/${encode(resource.id)}/configuration?region=${region}`;
    case 'family':
      return `ecs/v2/task-definitions/${encode(resource.name)}?region=${region}`;
    case 'revision':
      return `ecs/v2/task-definitions/${encode(resource.family)}/${resource.revision}/containers?region=${region}`;
    case 'role':
      return `iam/home?region=${region}#/roles/details/${encode(resource.name)}`;
    case 'logGroup':
      return `cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${encodeTwice(resource.name).replaceAll('%', '$')}`;
    case 'secret':
      return `secretsmanager/secret?name=${encode(resource.name)}&region=${region}`;
    case 'parameter':
      return `systems-manager/parameters/${encodeTwice(resource.name)}/description?region=${region}`;
    case 'fileSystem':
      return `efs/home?region=${region}#/file-systems/${encode(resource.id)}`;
    case 'accessPoint':
      return `efs/home?region=${region}#/access-points/${encode(resource.id)}`;
    case 'subnet':
      return `vpcconsole/home?region=${region}#SubnetDetails:subnetId=${encode(resource.id)}`;
    case 'securityGroup':
      return `ec2/home?region=${region}#SecurityGroup:groupId=${encode(resource.id)}`;
    case 'targetGroup':
      return `ec2/home?region=${region}#TargetGroup:targetGroupArn=${encode(resource.arn)}`;
  }
}

function repositoryPath(account: string, name: string): string {
  return `ecr/repositories/private/${encode(account)}/${name.split('/').map(encode).join('/')}`;
}

/** Half a character, as a text may have it, cannot be encoded. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''));
}

/** The routers of these pages decode what the browser has decoded already: "/" is "%252F". */
function encodeTwice(name: string): string {
  return encode(encode(name));
}
