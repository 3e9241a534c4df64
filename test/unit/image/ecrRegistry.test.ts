import assert from 'node:assert/strict';
import { ecrRegistryOf, referenceInto } from '../../../src/image/ecrRegistry';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('an image of a repository', () => {
  it('is known by every host of the same registry', () => {
    for (const host of [
      HOST,
      '123456789012.dkr.ecr-fips.eu-west-1.amazonaws.com',
      '123456789012.dkr-ecr.eu-west-1.on.aws',
    ]) {
      assert.equal(referenceInto(`${HOST}/team/web`, `${host}/team/web:v1`)?.tag, 'v1', host);
      assert.equal(referenceInto(`${HOST}/team/web`, `${host}/team/web@${DIGEST}`)?.digest, DIGEST, host);
    }
    assert.equal(referenceInto('127.0.0.1:5000/web', '127.0.0.1:5000/web:v1')?.tag, 'v1');
  });

  it('is none of another account, region, registry or repository', () => {
    for (const image of [
      '000000000000.dkr.ecr.eu-west-1.amazonaws.com/team/web:v1',
      '123456789012.dkr.ecr.eu-west-2.amazonaws.com/team/web:v1',
      `${HOST}/team/web-other:v1`,
      `${HOST}/web:v1`,
      'team/web:v1',
      'docker.io/team/web:v1',
      '127.0.0.1:5000/team/web:v1',
      'not a reference',
    ]) {
      assert.equal(referenceInto(`${HOST}/team/web`, image), undefined, image);
    }
  });
});

describe('a registry of ECR', () => {
  it('is known by its host, in every partition', () => {
    for (const host of [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
      '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
      '123456789012.dkr-ecr.us-east-1.on.aws',
    ]) {
      assert.equal(ecrRegistryOf(host)?.account, '123456789012', host);
    }
    for (const host of ['', 'docker.io', 'public.ecr.aws', '127.0.0.1:5000', 'ghcr.io']) {
      assert.equal(ecrRegistryOf(host), undefined, host);
    }
  });
});
