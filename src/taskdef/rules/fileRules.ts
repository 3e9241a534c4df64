import { findNodeAtOffset, type Node } from 'jsonc-parser';
import { removeAll } from '../document/edits';
import { toCamelCase } from '../document/camelCase';
import type { TaskDefinitionDocument } from '../document/taskDefinitionDocument';
import { isUnwrappable, unwrap } from '../document/unwrap';
import { READ_ONLY_MEMBERS } from '../readTaskDefinition';
import { ValueView } from '../document/valueView';
import type { TextSpan } from '../document/textSpan';
import { apiInput, guide } from './sources';
import type { Rule } from './rule';

const HEAD: TextSpan = { offset: 0, length: 1 };

/** What a file is, rather than what its definition says. */
export const fileRules: readonly Rule[] = [
  {
    id: 'describe-wrapper',
    severity: 'warning',
    source: apiInput('containerDefinitions'),
    *check({ document, definition }) {
      if (document.kind === 'wrapper') {
        yield {
          span: definition.keySpan,
          message:
            '"taskDefinition" is how ECS describes a definition, not how it registers one. Take the object out of it.',
          fix: isUnwrappable(document)
            ? { title: 'Unwrap taskDefinition', edits: () => unwrap(document) }
            : undefined,
        };
      }
    },
  },
  {
    id: 'read-only-member',
    severity: 'warning',
    source: apiInput('containerDefinitions'),
    *check({ definition }) {
      const found = definition.members().filter(({ name }) => READ_ONLY_MEMBERS.has(name));
      const [first] = found;
      if (first) {
        const names = found.map(({ name }) => `"${name}"`).join(', ');
        yield {
          span: first.value.keySpan,
          message: `${names}: added by ECS when it describes a revision, and refused when one is registered. Remove ${found.length > 1 ? 'them' : 'it'}.`,
          fix: {
            title: 'Remove read-only fields',
            edits: () => removeAll(found.map(({ value }) => value)),
          },
        };
      }
    },
  },
  {
    id: 'null-member',
    severity: 'information',
    source: apiInput('containerDefinitions'),
    *check({ document }) {
      // Most files hold none, and the whole tree need not be walked to see it.
      const found = document.text.includes('null') ? nullsIn(document.root) : [];
      const nulls = found.map((node) => ValueView.of(document, node));
      const [first] = nulls;
      if (first) {
        const more = nulls.length > 1 ? ` This file has ${nulls.length} of them.` : '';
        yield {
          span: first.span,
          message: `null means the same as leaving it out, and the AWS CLI refuses it.${more} Remove null fields.`,
          fix: { title: 'Remove null fields', edits: () => removeAll(nulls) },
        };
      }
    },
  },
  {
    id: 'pascal-case',
    severity: 'warning',
    source: guide('task_definition_parameters'),
    *check({ document }) {
      if (document.kind === 'pascalCase') {
        const first = document.root?.children?.[0]?.children?.[0];
        yield {
          span: first ? { offset: first.offset, length: first.length } : HEAD,
          message:
            'PascalCase is how CloudFormation writes a definition; ECS, its CLI and the deploy actions take camelCase. Convert the names.',
          fix: { title: 'Convert to camelCase', edits: () => toCamelCase(document) },
        };
      }
    },
  },
  {
    id: 'unfilled-skeleton',
    severity: 'hint',
    source: guide('create-task-definition'),
    *check({ document, family }) {
      if (document.kind === 'skeleton') {
        yield {
          span: family.span,
          message:
            'This is a skeleton with every member and no value. Fill in what you need, and remove the rest.',
        };
      }
    },
  },
  {
    id: 'unquoted-placeholder',
    severity: 'information',
    source: guide('task_definition_parameters'),
    *check({ document }) {
      const [offset] = document.fillers;
      const first = document.root && offset !== undefined && findNodeAtOffset(document.root, offset);
      if (first) {
        yield {
          span: { offset: first.offset, length: first.length },
          message: `A placeholder without quotes (${document.fillers.size} in this file): the file becomes JSON when it is filled in. Until then its value is not checked.`,
        };
      }
    },
  },
  {
    id: 'definition-size',
    severity: 'warning',
    source: guide('service-quotas'),
    *check({ document, definition }) {
      const size = definition.node ? sentSize(document, definition.node) : 0;
      if (size > MAX_BYTES) {
        yield {
          span: { offset: definition.span.offset, length: 1 },
          message: `The definition has ${size} bytes without blanks; ECS takes 65536 (64 KiB). Move environment into files in S3, or split the task.`,
        };
      }
    },
  },
];

const MAX_BYTES = 64 * 1024;

/** Bytes of a value as it is sent: in UTF-8, without blanks and comments between its tokens. */
function sentSize(document: TaskDefinitionDocument, node: Node): number {
  const text = document.text.slice(node.offset, node.offset + node.length);
  const beyondAscii = Buffer.byteLength(text) - text.length;
  return compactLength(node) + beyondAscii;
}

function compactLength({ type, length, children }: Node): number {
  if (!children) {
    return length;
  }
  const inside = children.reduce((sum, child) => sum + compactLength(child), 0);
  // A colon in a property; two brackets, and commas between what is in them.
  return type === 'property' ? inside + 1 : inside + 2 + Math.max(0, children.length - 1);
}

function nullsIn(node: Node | undefined, found: Node[] = []): Node[] {
  if (node?.type === 'null') {
    found.push(node);
  }
  node?.children?.forEach((child) => nullsIn(child, found));
  return found;
}
