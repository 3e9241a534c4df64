import assert from 'node:assert/strict';
import {
  GetRegistryScanningConfigurationCommand,
  PutRegistryScanningConfigurationCommand,
} from '@aws-sdk/client-ecr';
import { createSession, type AwsSession } from '../../src/aws/session';
import { readScan, scanImage } from '../../src/ecr/scanFindings';
import { useSandbox } from '../support/sandboxClients';
import { sandboxContext } from '../support/sandboxContext';
import { TinyImages } from '../support/tinyImage';

describe('scans of images', () => {
  const sandbox = useSandbox();
  let session: AwsSession;
  let digest: string;
  let index: string;

  before(async () => {
    session = createSession(sandboxContext(sandbox.endpoint));
    await session.ecr.createRepository({ repositoryName: 'clean' });
    await session.ecr.createRepository({
      repositoryName: 'web',
      tags: [{ Key: 'sandbox:findings', Value: '1203' }],
    });
    await new TinyImages(await session.ecr.authorization(), 'clean').push('clean', 'v1');
    const images = new TinyImages(await session.ecr.authorization(), 'web');
    digest = await images.push('one', 'v1');
    index = await images.pushIndex({ amd64: digest }, 'many');
  });
  after(() => session.dispose());

  it('are none before the first one', async () => {
    assert.equal(await readScan(session.ecr, 'web', { imageTag: 'v1' }), undefined);
  });

  it('find what there is, over all pages, the worst first', async () => {
    const result = await scanImage(session.ecr, 'web', { imageDigest: digest }, { interval: 20 });
    assert.equal(result.status, 'COMPLETE');
    assert.match(result.statusDescription ?? '', /examples/);
    assert.equal(result.findings.length, 1203);
    assert.equal(new Set(result.findings.map(({ name }) => name)).size, 1203);
    const severities = [...new Set(result.findings.map(({ severity }) => severity))];
    assert.deepEqual(severities, ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL']);
    const [worst] = result.findings;
    assert.equal(worst?.url, `https://www.cve.org/CVERecord?id=${worst?.name}`);
    assert.equal(worst?.score, 9.8);
    assert.ok(worst?.packages[0]?.name);
    assert.deepEqual(await readScan(session.ecr, 'web', { imageTag: 'v1' }), result);
    const image = await session.ecr.image('web', { imageDigest: digest });
    const counts = image?.imageScanFindingsSummary?.findingSeverityCounts ?? {};
    assert.equal(
      Object.values(counts).reduce((sum, count) => sum + count, 0),
      1203,
    );
  });

  it('find nothing in a repository that does not ask for examples', async () => {
    const { findings } = await scanImage(session.ecr, 'clean', { imageTag: 'v1' }, { interval: 20 });
    assert.deepEqual(findings, []);
  });

  it('are refused within a day of the last one, and for an index, saying what to do', async () => {
    await assert.rejects(scanImage(session.ecr, 'web', { imageDigest: digest }), {
      reason: 'conflict',
      message: /once in 24 hours.*Show Scan Findings.*LimitExceededException/s,
    });
    await assert.rejects(scanImage(session.ecr, 'web', { imageDigest: index }), {
      reason: 'requestRefused',
      message: /platforms of a multi-platform image one by one/,
    });
    await assert.rejects(scanImage(session.ecr, 'web', { imageTag: 'none' }), { reason: 'notFound' });
  });

  it("are Amazon Inspector's own affair where the registry has enhanced scanning", async () => {
    await sandbox.ecr.send(new PutRegistryScanningConfigurationCommand({ scanType: 'ENHANCED' }));
    const { scanningConfiguration } = await sandbox.ecr.send(new GetRegistryScanningConfigurationCommand({}));
    assert.deepEqual(scanningConfiguration, { scanType: 'ENHANCED', rules: [] });
    try {
      await assert.rejects(scanImage(session.ecr, 'web', { imageDigest: digest }), {
        reason: 'requestRefused',
        message: /enhanced scanning.*Show Scan Findings/s,
      });
      const result = await readScan(session.ecr, 'web', { imageDigest: digest });
      assert.equal(result?.status, 'ACTIVE');
      assert.equal(result.findings.length, 1203);
      const fixes = new Set(result.findings.map(({ packages }) => packages[0]?.fixedIn));
      assert.ok(fixes.has('none') && fixes.has('3.0.14-1'), [...fixes].join());
    } finally {
      await sandbox.ecr.send(new PutRegistryScanningConfigurationCommand({ scanType: 'BASIC' }));
    }
  });
});
