/** The parts of `arn:partition:service:region:account:resource`. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All that follows the fifth colon, as "service/cluster/name". */
  readonly resource: string;
}

/** @returns `undefined` when the text is not an ARN */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/.exec(text);
  if (!match) {
    return undefined;
  }
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match;
  return { partition, service, region, account, resource };
}

/** The last segment of an ARN's resource ("…:task/cluster/0123" gives "0123"), or the text when it is no ARN. */
export function resourceName(arnOrName: string): string {
  const resource = parseArn(arnOrName)?.resource ?? arnOrName;
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** The name of a parameter by its ARN: "…:parameter/a/b" is "/a/b", "…:parameter/a" is "a". */
export function parameterName({ resource }: Arn): string {
  return resource.replace(/^parameter(?=\/.+\/)|^parameter\//, '');
}
