import { removeAll, replaceValue, setMember } from '../document/edits';
import type { ValueView } from '../document/valueView';
import { freeName } from './freeName';
import { keyed } from './keyed';
import { apiInput, apiType, guide } from './sources';
import type { Finding, Rule } from './rule';
import { allContainersKnown, headOf, labelOf } from './task';
import { VALID_NAME, validName } from './validName';

const IMAGE_CHARACTERS = /^[A-Za-z0-9_.:/#@-]+$/;
const LONGEST_IMAGE = 255;
/** Leaves room for a number behind it. */
const LONGEST_STEM = 250;
const MOST_CONTAINERS = 10;

/** The family, and what makes a container one. */
export const containerRules: readonly Rule[] = [
  {
    id: 'family',
    severity: 'error',
    source: apiInput('family'),
    *check(task) {
      const { definition, family } = task;
      const usable = task.containers
        .map((one) => one.member('name').text)
        .find((name) => name && VALID_NAME.test(name));
      const name = family.text;
      if (family.absent) {
        yield {
          span: { offset: definition.span.offset, length: 1 },
          message: 'The definition has no family, under which ECS counts its revisions. Add "family".',
          fix: {
            title: `Add family "${usable ?? 'app'}"`,
            edits: () => setMember(definition, 'family', usable ?? 'app'),
          },
        };
      } else if (name !== undefined && !VALID_NAME.test(name)) {
        yield invalidName(family, 'Family', usable ?? 'app');
      }
    },
  },
  {
    id: 'container-count',
    severity: 'error',
    source: guide('service-quotas'),
    *check(task) {
      const list = task.definition.member('containerDefinitions');
      if (list.isArray && list.items().length === 0) {
        yield { span: list.span, message: 'The definition has no container. Add at least one.' };
      }
      const extra = task.containers[MOST_CONTAINERS];
      if (extra) {
        yield {
          span: headOf(extra),
          message: `${task.containers.length} containers, and a definition may have ${MOST_CONTAINERS}. Move some to another task.`,
        };
      }
    },
  },
  {
    id: 'container-name',
    severity: 'error',
    source: apiType('ContainerDefinition', 'name'),
    *check(task) {
      for (const [index, container] of task.containers.entries()) {
        const name = container.member('name');
        const suggestion = task.containers.length === 1 ? 'app' : `app-${index + 1}`;
        if (name.absent) {
          yield {
            span: headOf(container),
            message: `${labelOf(container)} has no name. Add "name".`,
            fix: {
              title: `Add name "${suggestion}"`,
              edits: () => setMember(container, 'name', suggestion),
            },
          };
        } else if (name.text !== undefined && !VALID_NAME.test(name.text)) {
          yield invalidName(name, 'Container name', suggestion);
        }
      }
    },
  },
  {
    id: 'container-name-unique',
    severity: 'error',
    source: apiType('ContainerDefinition', 'name'),
    *check(task) {
      const names = task.containers.map((container) => container.member('name'));
      const taken = names.map(({ text }) => text);
      // What cannot be a name has to become one first.
      const valid = names.filter(({ text }) => text !== undefined && VALID_NAME.test(text));
      for (const { item: view, key: name, earlier } of keyed(valid, ({ text }) => text)) {
        if (!earlier) {
          continue;
        }
        const free = freeName(name.slice(0, LONGEST_STEM), taken);
        taken.push(free);
        yield {
          span: view.span,
          message: `Two containers are called "${name}". Give each a name of its own.`,
          related: { span: earlier.span, message: 'The other one' },
          fix: { title: `Rename to "${free}"`, edits: () => replaceValue(view, free) },
        };
      }
    },
  },
  {
    id: 'essential-container',
    severity: 'error',
    source: apiType('ContainerDefinition', 'essential'),
    *check(task) {
      const [first] = task.containers;
      const none = task.containers.every((container) => container.member('essential').flag === false);
      if (first && none && allContainersKnown(task)) {
        const essential = first.member('essential');
        yield {
          span: essential.span,
          message:
            'No container is essential, so the task could never end. Set "essential" to true for the main one (true is also the default).',
          fix: { title: 'Make this container essential', edits: () => replaceValue(essential, true) },
        };
      }
    },
  },
  {
    id: 'image-missing',
    severity: 'error',
    source: apiType('ContainerDefinition', 'image'),
    *check({ containers }) {
      for (const container of containers) {
        if (container.member('image').absent) {
          yield {
            span: headOf(container),
            message: `${labelOf(container)} has no image. Add "image", as repository:tag or repository@digest.`,
          };
        }
      }
    },
  },
  {
    id: 'image-empty',
    severity: 'warning',
    source: apiType('ContainerDefinition', 'image'),
    *check({ containers }) {
      for (const container of containers) {
        const image = container.member('image');
        if (image.text === '') {
          yield {
            span: image.span,
            message: 'The image is empty: ECS refuses it unless a pipeline fills it in before.',
          };
        }
      }
    },
  },
  {
    id: 'image-reference',
    severity: 'error',
    source: apiType('ContainerDefinition', 'image'),
    *check({ containers }) {
      for (const container of containers) {
        const image = container.member('image');
        const problem = image.text ? imageProblem(image.text) : undefined;
        if (problem) {
          yield { span: image.span, message: problem };
        }
      }
    },
  },
  {
    id: 'environment-value',
    severity: 'error',
    source: apiType('KeyValuePair', 'value'),
    *check({ containers }) {
      for (const value of containers.flatMap(environmentOf).map((entry) => entry.member('value'))) {
        if (value.number !== undefined || value.flag !== undefined) {
          const { offset, length } = value.span;
          // As it is written: 1.10 is not 1.1, and a long number has more digits than can be counted with.
          const literal = value.document.text.slice(offset, offset + length);
          yield {
            span: value.span,
            message: `An environment value is text: ${literal} needs quotes.`,
            fix: { title: `Write "${literal}"`, edits: () => replaceValue(value, literal) },
          };
        } else if (value.isObject || value.isArray) {
          yield {
            span: value.span,
            message: 'An environment value is text. Write this as a string of JSON.',
          };
        }
      }
    },
  },
  {
    id: 'environment-duplicate',
    severity: 'warning',
    source: apiType('ContainerDefinition', 'environment'),
    *check({ containers }) {
      for (const container of containers) {
        const entries = keyed(environmentOf(container), (entry) => entry.member('name').text);
        for (const { item, key: name, earlier } of entries) {
          if (earlier) {
            yield {
              span: item.member('name').span,
              message: `"${name}" is set twice in this container, and which value counts is not documented. Remove one.`,
              related: { span: earlier.member('name').span, message: 'Set here first' },
              fix: { title: `Remove the first "${name}"`, edits: () => removeAll([earlier]) },
            };
          }
        }
      }
    },
  },
  {
    id: 'environment-file',
    severity: 'error',
    source: apiType('EnvironmentFile', 'value'),
    *check({ containers }) {
      for (const files of containers.map((container) => container.member('environmentFiles').items())) {
        const extra = files[10];
        if (extra) {
          yield {
            span: extra.span,
            message: `${files.length} environment files, and ECS takes 10. Merge some.`,
          };
        }
        for (const value of files.map((file) => file.member('value'))) {
          if (value.text !== undefined && !value.text.startsWith('arn:')) {
            yield {
              span: value.span,
              message: `"${value.text}" is not an ARN. Write arn:aws:s3:::bucket/path/file.env.`,
            };
          }
        }
      }
    },
  },
  {
    id: 'environment-file-name',
    severity: 'warning',
    source: apiType('EnvironmentFile', 'value'),
    *check({ containers }) {
      const files = containers.flatMap((container) => container.member('environmentFiles').items());
      for (const value of files.map((file) => file.member('value'))) {
        if (value.text?.startsWith('arn:') && !value.text.endsWith('.env')) {
          yield {
            span: value.span,
            message: `The name of an environment file ends in ".env": ${value.text}`,
          };
        }
      }
    },
  },
  {
    id: 'version-consistency',
    severity: 'error',
    source: apiType('ContainerDefinition', 'versionConsistency'),
    *check({ containers }) {
      for (const view of containers.map((container) => container.member('versionConsistency'))) {
        if (view.known && view.text !== 'enabled' && view.text !== 'disabled') {
          yield { span: view.span, message: 'versionConsistency is "enabled" or "disabled".' };
        }
      }
    },
  },
  {
    id: 'fault-injection',
    severity: 'error',
    source: apiInput('enableFaultInjection'),
    *check({ definition }) {
      const view = definition.member('enableFaultInjection');
      if (view.known && view.flag === undefined) {
        yield { span: view.span, message: 'enableFaultInjection is true or false, without quotes.' };
      }
    },
  },
];

/** The entries of a container's environment. */
export function environmentOf(container: ValueView): readonly ValueView[] {
  return container.member('environment').items();
}

function invalidName(view: ValueView, what: string, fallback: string): Finding {
  const text = view.text ?? '';
  const valid = validName(text) || fallback;
  return {
    span: view.span,
    message: `${what} ${text.length > 60 ? `of ${text.length} characters` : `"${text}"`}: 1 to 255 letters, digits, "-" and "_" are allowed.`,
    fix: { title: `Change to "${valid}"`, edits: () => replaceValue(view, valid) },
  };
}

/** What ECS refuses in an image reference; the registry's own rules are stricter, and come later. */
function imageProblem(image: string): string | undefined {
  if (!IMAGE_CHARACTERS.test(image)) {
    const wrong = [...image].find((character) => !IMAGE_CHARACTERS.test(character)) ?? '';
    return `An image may not contain ${JSON.stringify(wrong)}: letters, digits and - _ . : / # @ are allowed.`;
  }
  const [name = '', digest, ...more] = image.split('@');
  if (digest !== undefined) {
    const valid = more.length === 0 && name !== '' && /^sha256:[0-9a-f]{64}$/i.test(digest);
    return valid
      ? undefined
      : `"@${digest.slice(0, 80)}" is no digest: write @sha256: and 64 hexadecimal digits.`;
  }
  return image.length > LONGEST_IMAGE
    ? `The image has ${image.length} characters; ${LONGEST_IMAGE} are allowed.`
    : undefined;
}
