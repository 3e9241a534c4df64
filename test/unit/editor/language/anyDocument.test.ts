import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AwsContext } from '../../../../src/aws/context';
import { HoverAnswers, hoverAt } from '../../../../src/editor/language/hoverAt';
import { linksIn } from '../../../../src/editor/language/linksIn';
import { parseTaskDefinition } from '../../../../src/taskdef/document/taskDefinitionDocument';
import type { Lookups } from '../../../../src/taskdef/lookups';
import { verify } from '../../../../src/taskdef/verify/verify';
import { holdsForTyped, TYPED_DOCUMENTS, TYPED_PIECES, typedInto } from '../../../support/typing';

const TEXT = `{
  "family": "web", "cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"],
  "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
  "taskRoleArn": "app", "executionRoleArn": "arn:aws:iam::123456789012:role/exec",
  "containerDefinitions": [
    {"name": "a", "image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1", "cpu": 128, "memory": 256,
     "secrets": [
       {"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-3:123456789012:secret:db-AbCdEf:k::"},
       {"name": "B", "valueFrom": "arn:aws:ssm:eu-west-3:123456789012:parameter/a/b"}, {"name": "C", "valueFrom": "c"}],
     "logConfiguration": {"logDriver": "awslogs",
       "options": {"awslogs-group": "/ecs/web", "awslogs-region": "eu-west-2", "awslogs-create-group": "true"}}},
    {"name": "b", "image": "nginx", "logConfiguration": {"logDriver": "syslog"}}],
  "volumes": [{"name": "data", "efsVolumeConfiguration":
    {"fileSystemId": "fs-1", "authorizationConfig": {"accessPointId": "fsap-1"}}}]
}`;

const context: AwsContext = { label: 'work', source: { kind: 'default' }, region: 'eu-west-1' };

/** Any text but those that a message must not have been made of. */
const WORDS = fc.string().filter((text) => !/undefined|NaN|\[object/.test(text));

/** What AWS says of everything, whatever is asked; its own texts may be odd too. */
const ANSWER = fc.oneof(
  fc.record({ kind: fc.constant('absent'), because: WORDS }),
  fc.record({
    kind: fc.constant('unknown'),
    reason: fc.constantFrom(
      'notPermitted',
      'otherAccount',
      'otherRegistry',
      'pulledThrough',
      'unreadable',
      'failed',
    ),
    permission: WORDS,
    account: WORDS,
    registry: WORDS,
    message: WORDS,
  }),
  fc.record({
    kind: fc.constant('found'),
    facts: fc.record({
      name: WORDS,
      id: WORDS,
      fileSystemId: fc.constantFrom('fs-1', 'fs-2'),
      digest: WORDS,
      repository: WORDS,
      tags: fc.array(WORDS),
      state: fc.option(WORDS, { nil: undefined }),
      status: fc.constantFrom('COMPLETE', 'FAILED'),
      counts: fc.dictionary(WORDS, fc.nat()),
      trustPolicy: fc.oneof(
        fc.anything(),
        fc.record({
          Statement: fc.array(fc.record({ Effect: fc.constant('Allow'), Principal: fc.anything() })),
        }),
      ),
      platforms: fc.constantFrom<object>(
        { kind: 'found', facts: ['linux/amd64', '', '/'] },
        { kind: 'unknown', reason: 'failed', message: 'No.' },
      ),
    }),
  }),
);

const lookupsWith = (answer: object): Lookups => {
  const always = (): Promise<never> => Promise.resolve(answer as never);
  return {
    image: always,
    scan: always,
    role: always,
    mayCreateLogGroup: always,
    secret: always,
    parameter: always,
    logGroup: always,
    fileSystem: always,
    accessPoint: always,
  };
};

const PIECES = fc.oneof(
  TYPED_PIECES,
  fc.constantFrom('arn:', 'arn:aws:iam', '\\ud800', '@sha256:', '"image": 1,', '://', '..', '/', '%'),
);

describe('Whatever a task definition refers to, and whatever AWS says', () => {
  it(`verifying, hovering and linking throw nothing (${TYPED_DOCUMENTS} documents)`, async function () {
    this.timeout(TYPED_DOCUMENTS * 20);
    let answered = 0;
    await holdsForTyped(
      fc.asyncProperty(
        typedInto(fc.constant(TEXT), PIECES),
        ANSWER,
        fc.nat(TEXT.length),
        async (text, answer, offset) => {
          const lookups = lookupsWith(answer);
          const { findings, checked } = await verify(parseTaskDefinition(text), lookups);
          answered += checked > 0 ? 1 : 0;
          for (const { span, message, rule } of findings) {
            assert.ok(
              span.offset >= 0 && span.offset + span.length <= text.length,
              `${rule} is out of bounds`,
            );
            assert.doesNotMatch(message, /undefined|NaN|\[object/, rule);
          }
          await hoverAt(text, offset, new HoverAnswers(context, lookups, 0), context.region);
          for (const link of linksIn(text, context, true)) {
            assert.ok(link.span.offset >= 0 && link.span.offset + link.span.length <= text.length);
            const url = link.kind === 'console' ? new URL(link.url) : undefined;
            assert.ok(!url || /\.console\.(aws\.amazon\.com|amazonaws\S+)$/.test(url.host), url?.host);
          }
        },
      ),
      () => `${answered} documents with answers`,
    );
    assert.ok(answered > TYPED_DOCUMENTS / 8, 'the documents are not worth asking about');
  });
});
