import { validName } from '../rules/validName';
import type { DockerfileFacts, ExposedPorts } from './readDockerfile';

export interface NewTaskDefinition {
  readonly family: string;
  readonly image: string;
  /** Where the logs go; a placeholder when left out. */
  readonly region?: string;
  /** The role with which ECS pulls the image and writes logs; a placeholder when left out. */
  readonly executionRoleArn?: string;
  readonly facts: DockerfileFacts;
}

/** The smallest sizes that Fargate has; Windows begins at a whole vCPU. */
const LINUX_SIZE = { cpu: '256', memory: '512' };
const WINDOWS_SIZE = { cpu: '1024', memory: '2048' };

/**
 * The text of a definition for Fargate with one container, as the file is written: plain JSON without comments,
 * so that the AWS CLI takes it too.
 */
export function newTaskDefinition({ family, image, facts, ...where }: NewTaskDefinition): string {
  const windows = facts.system !== 'LINUX';
  const definition = {
    family,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    ...(windows ? WINDOWS_SIZE : LINUX_SIZE),
    runtimePlatform: { cpuArchitecture: facts.architecture, operatingSystemFamily: facts.system },
    executionRoleArn: where.executionRoleArn ?? 'arn:aws:iam::<ACCOUNT_ID>:role/ecsTaskExecutionRole',
    containerDefinitions: [
      {
        name: family,
        image,
        essential: true,
        ...(facts.ports.length > 0 ? { portMappings: facts.ports.map(portMapping) } : {}),
        // Windows containers do not have it.
        ...(facts.user !== undefined && !windows ? { user: facts.user } : {}),
        ...(facts.healthCheck ? { healthCheck: facts.healthCheck } : {}),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/ecs/${family}`,
            'awslogs-region': where.region ?? '<AWS_REGION>',
            'awslogs-stream-prefix': 'ecs',
            'awslogs-create-group': 'true',
          },
        },
      },
    ],
  };
  return `${JSON.stringify(definition, null, 2)}\n`;
}

/** A family, which is also the container's name, from that of a folder: letters, digits, "-" and "_". */
export function familyOf(folder: string): string {
  return validName(folder) || 'app';
}

function portMapping({ low, high, protocol }: ExposedPorts): object {
  return low === high ? { containerPort: low, protocol } : { containerPortRange: `${low}-${high}`, protocol };
}
