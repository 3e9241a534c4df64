import { removeAll, setMember } from '../document/edits';
import type { TextSpan } from '../document/textSpan';
import type { ValueView } from '../document/valueView';
import { environmentOf } from './containerRules';
import { logsWith } from './logRules';
import type { Rule } from './rule';
import { guide } from './sources';
import { labelOf, type Task } from './task';

const ROLE_PAGE = guide('task_execution_IAM_role');
const PRIVATE_IMAGE = /^(\d{12})\.dkr[.-]ecr[.-]/;

/** What ECS itself needs permission for, and secrets. */
export const roleRules: readonly Rule[] = [
  {
    id: 'execution-role',
    severity: 'error',
    source: ROLE_PAGE,
    *check(task) {
      const role = task.definition.member('executionRoleArn');
      const reason = isMissing(role) ? reasonForRole(task) : undefined;
      if (reason) {
        yield {
          span: reason.span,
          message: `${reason.message}: ECS needs a role for it. Add "executionRoleArn".`,
          fix: {
            title: 'Add executionRoleArn',
            guess: true,
            edits: () => setMember(task.definition, 'executionRoleArn', roleStub(task)),
          },
        };
      }
    },
  },
  {
    id: 'execution-role-registry',
    severity: 'warning',
    source: guide('private-auth'),
    *check(task) {
      const missing = isMissing(task.definition.member('executionRoleArn'));
      for (const container of task.containers) {
        const credentials = container.member('repositoryCredentials');
        if (task.fargate && missing && credentials.known) {
          yield {
            span: credentials.keySpan,
            message: 'To read the credentials of a registry, ECS needs a role. Add "executionRoleArn".',
          };
        }
      }
    },
  },
  {
    id: 'environment-secret',
    severity: 'error',
    source: guide('specifying-sensitive-data'),
    *check({ containers }) {
      for (const container of containers) {
        const variables = new Map(
          environmentOf(container).map((entry) => [entry.member('name').text, entry]),
        );
        for (const secret of container.member('secrets').items()) {
          const name = secret.member('name');
          const variable = name.text === undefined ? undefined : variables.get(name.text);
          if (variable) {
            yield {
              span: variable.member('name').span,
              message: `"${name.text}" is a variable and a secret of ${labelOf(container)}; it can be only one. Remove the variable.`,
              related: { span: name.span, message: 'The secret' },
              fix: {
                title: `Remove the variable "${name.text}"`,
                edits: () => removeAll([variable]),
              },
            };
          }
        }
      }
    },
  },
  {
    id: 'secret-value-from',
    severity: 'warning',
    source: guide('specifying-sensitive-data'),
    *check({ containers }) {
      const secrets = containers.flatMap((container) => [
        ...container.member('secrets').items(),
        ...container.member('logConfiguration').member('secretOptions').items(),
      ]);
      for (const view of secrets.map((secret) => secret.member('valueFrom'))) {
        const problem = view.text === undefined ? undefined : referenceProblem(view.text);
        if (problem) {
          yield { span: view.span, message: problem };
        }
      }
    },
  },
];

function isMissing(role: ValueView): boolean {
  return role.absent || role.text === '';
}

function reasonForRole(task: Task): { readonly span: TextSpan; readonly message: string } | undefined {
  for (const container of task.containers) {
    const [secret] = [
      ...container.member('secrets').items(),
      ...container.member('logConfiguration').member('secretOptions').items(),
    ];
    if (secret) {
      const name = secret.member('name');
      return { span: (name.node ? name : secret).span, message: `${labelOf(container)} reads a secret` };
    }
  }
  if (!task.fargate) {
    return undefined;
  }
  const [log] = logsWith(task, 'awslogs');
  if (log) {
    return { span: log.member('logDriver').span, message: 'Fargate writes logs to CloudWatch' };
  }
  const image = task.containers
    .map((container) => container.member('image'))
    .find(({ text }) => text !== undefined && PRIVATE_IMAGE.test(text));
  return image && { span: image.span, message: 'Fargate pulls from a private repository' };
}

/** Everything that the file lets one know about the role; the account is the images' where they say it. */
function roleStub(task: Task): string {
  const accounts = task.containers.map(
    (container) => PRIVATE_IMAGE.exec(container.member('image').text ?? '')?.[1],
  );
  return `arn:aws:iam::${accounts.find(Boolean) ?? '<ACCOUNT_ID>'}:role/ecsTaskExecutionRole`;
}

/** What is wrong with a reference to a secret or parameter. */
function referenceProblem(text: string): string | undefined {
  if (!text.startsWith('arn:')) {
    return /^[\w.\-/]+$/.test(text)
      ? undefined
      : `"${text}" is neither an ARN nor the name of a parameter in Parameter Store.`;
  }
  const [, , service, , , kind, , ...rest] = text.split(':');
  if (service === 'ssm') {
    return /^parameter\/.+/.test(kind ?? '')
      ? undefined
      : 'A parameter is arn:aws:ssm:region:account:parameter/name.';
  }
  if (service !== 'secretsmanager' || kind !== 'secret') {
    return 'A value comes from Secrets Manager (arn:aws:secretsmanager:…:secret:name) or Parameter Store (arn:aws:ssm:…:parameter/name).';
  }
  const [, stage, version] = rest;
  if (rest.length !== 0 && rest.length !== 3) {
    return 'Behind the name of a secret come three parts, which may be empty: …:secret:name:json-key:version-stage:version-id';
  }
  return stage && version
    ? 'A version stage and a version id exclude each other. Leave one empty.'
    : undefined;
}
