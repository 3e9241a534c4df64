import { parameterName, parseArn, resourceName } from '../../aws/arn';
import { consoleUrl, secretName, type ConsoleResource } from '../../aws/consoleUrl';
import type { Reference } from '../../taskdef/references';
import { ecrPlaceOf } from './imagePlace';

/** Roles belong to no region: where the console of their partition shows them. */
const HOME_REGIONS: ReadonlyMap<string, string> = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-eusc', 'eusc-de-east-1'],
]);

/**
 * The page in the AWS console of what a definition refers to, by the text alone.
 * @param region where a reference leads that names none; without it, these have no page
 */
export function referenceUrl(reference: Reference, region: string | undefined): string | undefined {
  const target = targetOf(reference, region);
  return target?.region ? consoleUrl(target.resource, target.region) : undefined;
}

interface ConsoleTarget {
  readonly resource: ConsoleResource;
  readonly region: string | undefined;
}

function targetOf(reference: Reference, region: string | undefined): ConsoleTarget | undefined {
  switch (reference.kind) {
    case 'image': {
      const place = ecrPlaceOf(reference.uri);
      return (
        place && {
          resource: { kind: 'repository', account: place.account, name: place.repository },
          region: place.region,
        }
      );
    }
    case 'role': {
      const arn = parseArn(reference.role);
      const home = arn ? HOME_REGIONS.get(arn.partition) : region;
      return { resource: { kind: 'role', name: resourceName(reference.role) }, region: home };
    }
    case 'secret': {
      const arn = parseArn(reference.secret);
      return arn
        ? { resource: { kind: 'secret', name: secretName(arn) }, region: arn.region }
        : { resource: { kind: 'secret', name: reference.secret }, region };
    }
    case 'parameter': {
      const arn = parseArn(reference.parameter);
      const name = arn ? parameterName(arn) : reference.parameter;
      return { resource: { kind: 'parameter', name }, region: arn?.region ?? region };
    }
    case 'logGroup':
      return { resource: { kind: 'logGroup', name: reference.name }, region: reference.region ?? region };
    case 'fileSystem':
    case 'accessPoint':
      return { resource: { kind: reference.kind, id: reference.id }, region };
  }
}
