const LEAST_BYTES = 64 * 1024;
const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';

/**
 * The text of a valid definition for Fargate with ten containers, as long as ECS takes: most of it is what makes
 * real definitions long, environment and secrets.
 */
export function largeDefinition(): string {
  for (let variables = 1; ; variables += 1) {
    const text = `${JSON.stringify(definition(variables), null, 2)}\n`;
    if (Buffer.byteLength(text) >= LEAST_BYTES) {
      return text;
    }
  }
}

function definition(variables: number): object {
  return {
    family: 'large',
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '4096',
    memory: '16384',
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/ecsTaskExecutionRole`,
    taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/large`,
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    volumes: [{ name: 'data' }],
    containerDefinitions: Array.from({ length: 10 }, (_, index) => container(index, variables)),
  };
}

function container(index: number, variables: number): object {
  return {
    name: `part-${index}`,
    image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/part-${index}:1.${index}.0`,
    essential: index === 0,
    cpu: 256,
    memory: 1024,
    portMappings: [{ name: `http-${index}`, containerPort: 8000 + index, protocol: 'tcp' }],
    environment: Array.from({ length: variables }, (_, place) => ({
      name: `SETTING_${place}`,
      value: `https://service-${place}.example.com/path?version=${place}`,
    })),
    secrets: Array.from({ length: Math.ceil(variables / 4) }, (_, place) => ({
      name: `SECRET_${place}`,
      valueFrom: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:large/${place}-AbCdEf`,
    })),
    mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: index > 0 }],
    dependsOn: index === 0 ? [] : [{ containerName: 'part-0', condition: 'HEALTHY' }],
    healthCheck: {
      command: ['CMD-SHELL', 'wget -q -O /dev/null http://localhost/'],
      interval: 30,
      retries: 3,
    },
    ulimits: [{ name: 'nofile', softLimit: 65536, hardLimit: 65536 }],
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': '/ecs/large',
        'awslogs-region': REGION,
        'awslogs-stream-prefix': 'ecs',
      },
    },
  };
}
