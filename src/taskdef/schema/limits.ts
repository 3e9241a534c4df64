import { PLACEHOLDER } from '../document/placeholders';
import { HEALTH_LIMITS } from '../rules/healthRules';
import { VALID_NAME } from '../rules/validName';
import type { EditorSchema } from './editorSchema';

type Limits = Readonly<Record<string, Readonly<Record<string, EditorSchema>>>>;

const NAME = matching(VALID_NAME.source, 'Up to 255 letters, digits, hyphens and underscores are allowed.');

/**
 * Ranges by structure and member, which the SDK's types do not have but its documentation gives
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html and the pages of its
 * types). A range counts for numbers and a pattern for text, so that a placeholder can stand for either.
 */
export const LIMITS: Limits = {
  TaskDefinition: {
    family: NAME,
    containerDefinitions: { minItems: 1, maxItems: 10 },
    tags: { maxItems: 50 },
    placementConstraints: { maxItems: 10 },
  },
  ContainerDefinition: {
    name: NAME,
    cpu: { minimum: 0 },
    memory: { minimum: 6 },
    memoryReservation: { minimum: 6 },
    startTimeout: { minimum: 2 },
    stopTimeout: { minimum: 2 },
    environmentFiles: { maxItems: 10 },
    credentialSpecs: { maxItems: 1 },
  },
  PortMapping: {
    containerPort: { minimum: 1, maximum: 65_535 },
    hostPort: { minimum: 0, maximum: 65_535 },
    name: matching(
      '^[a-z0-9_][a-z0-9_-]{0,63}$',
      'Up to 64 lower-case letters, digits, hyphens and underscores are allowed; a hyphen may not come first.',
    ),
    containerPortRange: matching('^\\d+-\\d+$', 'Expected a range of ports, as "8000-8010".'),
  },
  HealthCheck: Object.fromEntries(
    Object.entries(HEALTH_LIMITS).map(([name, { least, most }]) => [name, { minimum: least, maximum: most }]),
  ),
  ContainerRestartPolicy: {
    restartAttemptPeriod: { minimum: 60, maximum: 1800 },
    ignoredExitCodes: { maxItems: 50 },
  },
  LinuxParameters: {
    swappiness: { minimum: 0, maximum: 100 },
    maxSwap: { minimum: 0 },
    sharedMemorySize: { minimum: 0 },
  },
  EphemeralStorage: { sizeInGiB: { minimum: 21, maximum: 200 } },
  EFSVolumeConfiguration: { transitEncryptionPort: { minimum: 1, maximum: 65_535 } },
  Tag: { key: { minLength: 1, maxLength: 128 }, value: { maxLength: 256 } },
};

function matching(pattern: string, patternErrorMessage: string): EditorSchema {
  return { pattern: `${pattern}|${PLACEHOLDER}`, patternErrorMessage };
}
