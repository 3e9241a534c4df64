import type { Answer, Lookups } from '../../../../src/taskdef/lookups';

/** What AWS has, as plain data: a key is what a definition names, of log groups "region/name". */
export interface FakeAws {
  readonly image?: Answers<'image'>;
  readonly scan?: Answers<'scan'>;
  readonly role?: Answers<'role'>;
  readonly mayCreateLogGroup?: Answers<'mayCreateLogGroup'>;
  readonly secret?: Answers<'secret'>;
  readonly parameter?: Answers<'parameter'>;
  readonly logGroup?: Answers<'logGroup'>;
  readonly fileSystem?: Answers<'fileSystem'>;
  readonly accessPoint?: Answers<'accessPoint'>;
}

type Answers<K extends keyof Lookups> = Readonly<Record<string, Awaited<ReturnType<Lookups[K]>>>>;

/** Looks things up in plain data, remembers what was asked, and counts how many questions wait at once. */
export class FakeLookups implements Lookups {
  readonly asked: string[] = [];
  most = 0;
  private waiting = 0;

  constructor(private readonly aws: FakeAws) {}

  readonly image: Lookups['image'] = (uri) => this.find('image', uri);
  readonly scan: Lookups['scan'] = (uri) => this.find('scan', uri);
  readonly role: Lookups['role'] = (role) => this.find('role', role);
  readonly mayCreateLogGroup: Lookups['mayCreateLogGroup'] = (role) => this.find('mayCreateLogGroup', role);
  readonly secret: Lookups['secret'] = (secret) => this.find('secret', secret);
  readonly parameter: Lookups['parameter'] = (name) => this.find('parameter', name);
  readonly logGroup: Lookups['logGroup'] = (name, region) => this.find('logGroup', `${region}/${name}`);
  readonly fileSystem: Lookups['fileSystem'] = (id) => this.find('fileSystem', id);
  readonly accessPoint: Lookups['accessPoint'] = (id) => this.find('accessPoint', id);

  private async find<F>(kind: keyof FakeAws, key: string): Promise<Answer<F>> {
    this.asked.push(`${kind} ${key}`);
    this.most = Math.max(this.most, ++this.waiting);
    await new Promise((resolve) => setImmediate(resolve));
    this.waiting -= 1;
    const answer = (this.aws[kind] as Readonly<Record<string, Answer<F>>> | undefined)?.[key];
    return answer ?? { kind: 'absent', because: `AWS has no ${kind} ${key}.` };
  }
}

export function found<F>(facts: F): { readonly kind: 'found'; readonly facts: F } {
  return { kind: 'found', facts };
}

export const NOT_PERMITTED = { kind: 'unknown', reason: 'notPermitted', permission: 'x:Describe' } as const;
