import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { awsVariables } from './awsVariables';

/** A home folder of its own for each test of the current `describe`, with nothing in it. */
export interface AwsHome {
  readonly folder: string;
  /** Writes `~/.aws/config` and `~/.aws/credentials`, and sets the variables, all others of AWS unset. */
  files(files: { config?: string; credentials?: string; variables?: Readonly<Record<string, string>> }): void;
  /** Writes a file, by its path in the folder or whole, and gives its whole path. */
  write(path: string, text: string): string;
  /** Where the AWS CLI keeps the token of a session or start URL. */
  tokenFile(id: string): string;
}

export function useAwsHome(): AwsHome {
  const variables = awsVariables();
  const original = process.env.HOME;
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aws-home-'));
    process.env.HOME = folder;
    home.files({});
  });
  afterEach(() => {
    process.env.HOME = original;
    rmSync(folder, { recursive: true });
  });
  const home: AwsHome = {
    get folder() {
      return folder;
    },
    files: ({ config = '', credentials = '', variables: more = {} }) => {
      home.write('.aws/config', config);
      home.write('.aws/credentials', credentials);
      variables.set({ AWS_EC2_METADATA_DISABLED: 'true', ...more });
    },
    write: (path, text) => {
      const file = resolve(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      return file;
    },
    tokenFile: (id) => join(folder, '.aws/sso/cache', `${createHash('sha1').update(id).digest('hex')}.json`),
  };
  return home;
}
