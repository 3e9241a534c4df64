import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getLanguageService, TextDocument, type LanguageService } from 'vscode-json-languageservice';
import { STARTER_LIFECYCLE_POLICY } from '../../../src/ecr/lifecyclePolicy';
import { starterRepositoryPolicy } from '../../../src/ecr/repositoryPolicy';
import { parseLifecyclePolicy } from '../../../src/sandbox/ecr/lifecyclePolicy';

function serviceOf(name: string): LanguageService {
  const file = join(__dirname, '..', '..', '..', 'schemas', `${name}.schema.json`);
  const schema = JSON.parse(readFileSync(file, 'utf8')) as object;
  const service = getLanguageService({});
  service.configure({ schemas: [{ uri: 'inmemory://schema', fileMatch: ['*.json'], schema }] });
  return service;
}

async function problemsOf(service: LanguageService, text: string): Promise<string[]> {
  const document = TextDocument.create('inmemory://policy.json', 'json', 1, text);
  const found = await service.doValidation(document, service.parseJSONDocument(document));
  return found.map(({ message }) => (typeof message === 'string' ? message : message.value));
}

describe('the schema of lifecycle policies', () => {
  const service = serviceOf('lifecycle-policy');
  const expire = { type: 'expire' };
  const archive = { type: 'transition', targetStorageClass: 'archive' };
  const count = { countType: 'imageCountMoreThan', countNumber: 3 };
  const days = { countUnit: 'days', countNumber: 90 };
  const pulled = { tagStatus: 'any', countType: 'sinceImagePulled', ...days };
  const archived = {
    tagStatus: 'any',
    storageClass: 'archive',
    countType: 'sinceImageTransitioned',
    ...days,
  };
  const policy = (selection: object, action: object = expire, rulePriority: unknown = 1): string =>
    JSON.stringify({ rules: [{ rulePriority, selection, action }] });

  const GOOD: readonly string[] = [
    STARTER_LIFECYCLE_POLICY,
    policy({ tagStatus: 'any', ...count }),
    policy({ tagStatus: 'tagged', tagPatternList: ['*a*b*c*'], ...count }),
    policy({ tagStatus: 'tagged', tagPrefixList: ['v'], ...count }, archive),
    policy({ tagStatus: 'untagged', storageClass: 'standard', countType: 'sinceImagePushed', ...days }),
    policy(pulled, archive),
    policy(archived),
  ];

  for (const text of GOOD) {
    it(`takes what ECR takes: ${text.replace(/\s+/g, '').slice(27)}`, async () => {
      assert.deepEqual(await problemsOf(service, text), []);
      parseLifecyclePolicy(text);
    });
  }

  const BAD: readonly (readonly [string, string, RegExp])[] = [
    ['no rules', '{"rules": []}', /too few items|fewer/i],
    ['a priority of 0', policy({ tagStatus: 'any', ...count }, expire, 0), /below the minimum/],
    ['another tag status', policy({ tagStatus: 'some', ...count }), /Valid values: "tagged"/],
    ['tagged without tags', policy({ tagStatus: 'tagged', ...count }), /Missing property "tagPatternList"/],
    [
      'both lists of tags',
      policy({ tagStatus: 'tagged', tagPatternList: ['a'], tagPrefixList: ['a'], ...count }),
      /Either tagPatternList or tagPrefixList, not both/,
    ],
    [
      'tags for any',
      policy({ tagStatus: 'any', tagPrefixList: ['v'], ...count }),
      /belongs to the tagStatus/,
    ],
    [
      'five wildcards',
      policy({ tagStatus: 'tagged', tagPatternList: ['*a*b*c*d*'], ...count }),
      /at most four wildcards/,
    ],
    [
      'days without a unit',
      policy({ tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 1 }),
      /countUnit/,
    ],
    ['a unit of images', policy({ tagStatus: 'any', ...count, countUnit: 'days' }), /must not be given/],
    ['half an image', policy({ tagStatus: 'any', ...count, countNumber: 0.5 }), /integer/],
    ['another action', policy({ tagStatus: 'any', ...count }, { type: 'delete' }), /Valid values: "expire"/],
    [
      'archiving to nowhere',
      policy({ tagStatus: 'any', ...count }, { type: 'transition' }),
      /targetStorageClass/,
    ],
    [
      'deleting to somewhere',
      policy({ tagStatus: 'any', ...count }, { ...archive, type: 'expire' }),
      /goes with the type "transition"/,
    ],
    ['deleting what was not pulled', policy(pulled), /can only be archived/],
    ['archiving what is archived', policy(archived, archive), /can only be deleted/],
    ['archived images before 90 days', policy({ ...archived, countNumber: 89 }), /below the minimum of 90/],
    ['archived images of no class', policy({ ...archived, storageClass: undefined }), /storageClass/],
    [
      'archived images by number',
      policy({ tagStatus: 'any', storageClass: 'archive', ...count }),
      /goes with the countType/,
    ],
  ];

  for (const [what, text, message] of BAD) {
    it(`says what ECR refuses: ${what}`, async () => {
      const problems = await problemsOf(service, text);
      assert.ok(
        problems.some((problem) => message.test(problem)),
        JSON.stringify(problems),
      );
      assert.throws(() => parseLifecyclePolicy(text), { code: 'InvalidParameterException' });
    });
  }

  it('describes every member', async () => {
    const document = TextDocument.create('inmemory://policy.json', 'json', 1, policy(archived));
    const json = service.parseJSONDocument(document);
    for (const name of ['rules', 'rulePriority', 'selection', 'tagStatus', 'countType', 'action', 'type']) {
      const position = document.positionAt(document.getText().indexOf(`"${name}"`) + 2);
      const hover = await service.doHover(document, position, json);
      assert.match(JSON.stringify(hover?.contents), /Amazon ECR user guide/, name);
    }
  });
});

describe('the schema of repository policies', () => {
  const service = serviceOf('repository-policy');
  const statement = { Effect: 'Allow', Principal: '*', Action: 'ecr:BatchGetImage' };
  const policy = (Statement: unknown): string => JSON.stringify({ Version: '2012-10-17', Statement });

  for (const text of [
    starterRepositoryPolicy({ registryId: '123456789012' }),
    policy(statement),
    policy([{ ...statement, Action: ['ecr:Get*', '*'], Condition: { StringEquals: { a: 'b' } } }]),
    policy({ Effect: 'Deny', NotPrincipal: { AWS: ['1'] }, NotAction: 'ecr:*', Sid: 'x' }),
  ]) {
    it(`takes ${text.replace(/\s+/g, '').slice(24, 90)}`, async () => {
      assert.deepEqual(await problemsOf(service, text), []);
    });
  }

  for (const [text, message] of [
    [policy({ ...statement, Effect: 'Perhaps' }), /Valid values: "Allow"/],
    [policy({ Effect: 'Allow', Action: 'ecr:*' }), /Missing property "Principal"/],
    [policy({ ...statement, NotAction: 'ecr:*' }), /Either Action or NotAction, not both/],
    [policy({ ...statement, Action: 's3:GetObject' }), /An action of ECR/],
    [policy({ ...statement, Action: 7 }), /Incorrect type/],
    [policy({ ...statement, Resource: '*' }), /Resource is not allowed/],
    ['{}', /Missing property "Statement"/],
  ] as const) {
    it(`says what is wrong with ${text.slice(24)}`, async () => {
      const problems = await problemsOf(service, text);
      assert.ok(
        problems.some((problem) => message.test(problem)),
        JSON.stringify(problems),
      );
    });
  }
});
