import assert from 'node:assert/strict';
import { contextOfAnswers } from '../../src/editor/contexts/contextOfAnswers';
import type { Services } from '../../src/editor/services';
import { useAwsHome } from '../support/awsHome';

const CONFIG = `
[default]
region = eu-west-3

[profile work]
region = eu-west-1
`;

describe('The region of a context that is not open, when none is named', () => {
  const home = useAwsHome();
  const services = {
    contexts: { all: () => [], current: () => undefined },
    sandbox: { start: () => Promise.resolve({ endpoint: 'http://127.0.0.1:4566' }) },
  } as unknown as Services;
  const regionOf = async (profile: string): Promise<string> =>
    (await contextOfAnswers(services, { context: { profile } })).region;

  it('is that of the environment for no other profile than the default one', async () => {
    home.files({ config: CONFIG, variables: { AWS_REGION: 'ap-south-1' } });
    assert.equal(await regionOf('sandbox'), 'us-east-1');
    assert.equal(await regionOf('work'), 'eu-west-1');
    assert.equal(await regionOf('default'), 'ap-south-1');
    assert.equal(await regionOf('default credentials'), 'ap-south-1');
  });

  it('is that of the default profile for the default credentials', async () => {
    home.files({ config: CONFIG });
    assert.equal(await regionOf('default'), 'eu-west-3');
    assert.equal(await regionOf('default credentials'), 'eu-west-3');
  });
});
