import { randomBytes } from 'node:crypto';
import { ServiceError } from '../protocol/serviceError';
import { listByKey } from '../state/listByKey';
import type { Store } from '../state/store';

export interface TargetGroupRecord {
  readonly name: string;
  readonly arn: string;
  readonly protocol: string;
  readonly port: number;
  readonly vpcId: string;
  readonly targetType: string;
  readonly healthCheckPath: string;
}

export interface TargetGroupCatalog {
  find(region: string, name: string): TargetGroupRecord | undefined;
  /** @throws ServiceError ValidationError for what is no ARN, TargetGroupNotFound */
  require(region: string, arn: string): TargetGroupRecord;
  /** In the order of their names. */
  list(region: string): TargetGroupRecord[];
  put(region: string, record: TargetGroupRecord): void;
}

/** What ARNs of target groups look like; the part behind the name is the service's own. */
const ARN = /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:targetgroup\/([A-Za-z0-9-]{1,32})\/[0-9a-f]{16}$/;

export function openTargetGroupCatalog(store: Store): TargetGroupCatalog {
  const records = store.collection<TargetGroupRecord>('elbv2.targetGroups');
  return {
    find: (region, name) => records.get(`${region}/${name}`),
    require: (region, arn) => {
      const [, name] = ARN.exec(arn) ?? [];
      if (name === undefined) {
        throw new ServiceError('ValidationError', `'${arn}' is not a valid target group ARN`);
      }
      const found = records.get(`${region}/${name}`);
      if (found?.arn !== arn) {
        throw targetGroupNotFound();
      }
      return found;
    },
    list: (region) => listByKey(records, `${region}/`, ({ name }) => name),
    put: (region, record) => records.put(`${region}/${record.name}`, record),
  };
}

export function targetGroupNotFound(): ServiceError {
  return new ServiceError('TargetGroupNotFound', 'One or more target groups not found');
}

export function newTargetGroupArn(region: string, accountId: string, name: string): string {
  const id = randomBytes(8).toString('hex');
  return `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${name}/${id}`;
}
