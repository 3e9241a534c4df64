import assert from 'node:assert/strict';
import type { EcrGateway } from '../../../src/aws/ecrGateway';
import { STARTER_LIFECYCLE_POLICY } from '../../../src/ecr/lifecyclePolicy';
import { previewLifecycle, type PreviewedImage } from '../../../src/ecr/previewLifecycle';
import { writePreviewReport } from '../../../src/ecr/previewReport';

const now = new Date('2026-01-20T00:00:00Z');
const subject = { repository: 'team/web', place: 'prod · eu', policy: STARTER_LIFECYCLE_POLICY, saved: true };
const image = (parts: Partial<PreviewedImage>): PreviewedImage => ({
  digest: `sha256:${'a'.repeat(64)}`,
  tags: [],
  pushedAt: new Date('2026-01-01T00:00:00Z'),
  size: 1_500_000,
  action: 'expire',
  rulePriority: 1,
  ...parts,
});

describe('the preview of a lifecycle policy', () => {
  it('says how many images would go, how large, and by which rule', () => {
    const text = writePreviewReport(
      subject,
      [image({}), image({ tags: ['v1', 'v_2'], size: undefined })],
      now,
    );
    assert.match(text, /would now \*\*delete 2 images \(1\.5 MB\)\*\*/);
    assert.ok(text.includes('| ‹untagged› | `sha256:aaaaaaaaaaaa` | 1\\.5 MB | 19 days ago | 1 |'), text);
    assert.ok(text.includes('| v1\\, v\\_2 | `sha256:aaaaaaaaaaaa` |  | 19 days ago | 1 |'), text);
    assert.match(text, /\*\*1\*\* expire untagged images that were pushed more than 14 days ago: 2 images/);
  });

  it('tells what is archived from what is deleted, and a policy that is not saved', () => {
    const text = writePreviewReport(
      { ...subject, saved: false },
      [image({}), image({ action: 'archive', rulePriority: 2 })],
      now,
    );
    assert.match(
      text,
      /editor, which is not saved, would now \*\*delete 1 image \(.*\)\*\* and \*\*archive 1 image/,
    );
    assert.match(text, /^## Would be deleted$[^]*^## Would be archived$/m);
  });

  it('says it where nothing would go', () => {
    const text = writePreviewReport(subject, [], now);
    assert.match(text, /would delete nothing now/);
    assert.doesNotMatch(text, /^## Would be/m);
  });

  const fake = (status: string, policy = STARTER_LIFECYCLE_POLICY): EcrGateway =>
    ({
      startLifecyclePreview: () => Promise.resolve(true),
      async *lifecyclePreview() {
        yield await Promise.resolve({ status, policy, results: [] });
      },
    }) as unknown as EcrGateway;

  for (const status of ['EXPIRED', 'FAILED']) {
    it(`fails when ECR says ${status}`, async () => {
      await assert.rejects(previewLifecycle(fake(status), 'web', STARTER_LIFECYCLE_POLICY), {
        reason: 'serviceUnavailable',
        message: new RegExp(status),
      });
    });
  }

  it('is none of another policy, however that is written', async () => {
    const compact = JSON.stringify(JSON.parse(STARTER_LIFECYCLE_POLICY));
    assert.deepEqual(await previewLifecycle(fake('COMPLETE', compact), 'web', STARTER_LIFECYCLE_POLICY), []);
    await assert.rejects(previewLifecycle(fake('COMPLETE', '{}'), 'web', STARTER_LIFECYCLE_POLICY), {
      reason: 'conflict',
    });
  });
});
