/** What is known of why a task stopped, as text to recognise a cause in. */
export interface FailureSigns {
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  /** Of the container that failed. */
  readonly containerReason: string | undefined;
  readonly exitCode: number | undefined;
  /** Its last lines. */
  readonly lines: readonly string[];
}

interface Cause {
  /** Found in the reasons that ECS gives. */
  readonly reason?: RegExp;
  /** Found in what the container wrote. */
  readonly line?: RegExp;
  readonly exitCode?: number;
  readonly hint: string;
}

/**
 * Well-known causes, the most telling first. Texts are those of the Amazon ECS developer guide, "Stopped
 * tasks error messages" and "Troubleshooting", and of container engines.
 */
const CAUSES: readonly Cause[] = [
  {
    reason: /exec format error/i,
    line: /exec format error/i,
    hint: 'The image was built for another processor architecture than the task runs on. Build it for the platform of the task definition’s runtimePlatform (linux/amd64 or linux/arm64).',
  },
  {
    reason:
      /CannotPull\w*Error.*(image Manifest does not contain descriptor matching platform|no matching manifest|no match for platform)/is,
    hint: 'The image has no variant for the architecture that the task runs on. Build it for the platform of the task definition’s runtimePlatform.',
  },
  {
    reason: /CannotPull\w*Error.*(not found|manifest unknown|does not exist)/is,
    hint: 'There is no such image or tag in the repository. Check the image’s name and tag, or push it.',
  },
  {
    reason: /CannotPull\w*Error.*(toomanyrequests|rate limit)/is,
    hint: 'The registry limits how often images are pulled. Wait, sign in to that registry, or keep a copy of the image in ECR.',
  },
  {
    reason: /CannotPull\w*Error.*(no space left|disk)/is,
    hint: 'There is no room left for the image on the host. Enlarge its storage or the task’s ephemeralStorage.',
  },
  {
    reason:
      /CannotPull\w*Error.*(i\/o timeout|context (deadline exceeded|canceled)|request canceled|dial tcp)/is,
    hint: 'The registry cannot be reached from the task’s network. Check its subnet’s route (NAT gateway or VPC endpoints), its security group and whether it gets a public address.',
  },
  {
    reason: /CannotPull\w*Error.*(denied|unauthorized|403|authorization|no basic auth)/is,
    hint: 'The task may not pull the image. Check the execution role’s ECR permissions and the repository’s policy.',
  },
  {
    reason: /CannotPull\w*Error|failed to pull image/i,
    hint: 'The image cannot be pulled. Check its name and tag, the execution role’s permissions and the way from the task’s network to the registry.',
  },
  {
    reason: /ResourceInitializationError.*(secret|ssm|parameter|decrypt)/is,
    hint: 'A secret of the task definition cannot be read. Check that it exists in this region, and that the execution role may read and decrypt it and can reach Secrets Manager or Systems Manager from its network.',
  },
  {
    reason: /ResourceInitializationError.*(log group|logs?\b|cloudwatch)/is,
    hint: 'The log group of the awslogs driver cannot be used. Create it, or set awslogs-create-group to true and give the execution role logs:CreateLogGroup and logs:CreateLogStream.',
  },
  {
    reason: /ResourceInitializationError.*(efs|mount|volume)/is,
    hint: 'A volume cannot be mounted. Check the file system, its mount targets and the security groups between it and the task.',
  },
  {
    reason: /ResourceInitializationError/i,
    hint: 'The task could not be set up before its containers started. Check the execution role and the task’s way to the AWS services.',
  },
  {
    reason: /OutOfMemory/i,
    hint: 'The container used more memory than it may. Raise the memory of the container or task, or find what takes it.',
  },
  {
    reason: /health check/i,
    hint: 'The health check failed. Check its command or path and port, whether the program listens on all addresses (0.0.0.0), and whether startPeriod or the health check grace period gives it the time to start.',
  },
  {
    reason: /(port is already allocated|address already in use|bind for .* failed|RESOURCE:PORTS)/i,
    line: /(EADDRINUSE|address already in use)/i,
    hint: 'A port is already used. Let the host port be chosen (hostPort 0), or stop what uses it.',
  },
  {
    reason:
      /(executable file not found|no such file or directory|permission denied).*|CannotStartContainerError/is,
    hint: 'The container’s program cannot be started. Check that command and entryPoint name a file that is in the image and executable.',
  },
  {
    reason: /container instance.*(terminated|disconnected)|Host EC2/i,
    hint: 'The host that the task ran on went away. ECS starts another task.',
  },
  {
    reason: /spot/i,
    hint: 'Spot capacity was taken back. ECS starts another task as soon as there is capacity.',
  },
  {
    exitCode: 137,
    hint: 'The container was killed (exit code 137): for too much memory, or because it did not end in time when asked to.',
  },
  {
    exitCode: 139,
    hint: 'The program crashed with a memory access error (exit code 139).',
  },
  {
    exitCode: 126,
    hint: 'The container’s command cannot be executed (exit code 126). Check its permissions and its first line.',
  },
  {
    exitCode: 127,
    hint: 'The container’s command was not found (exit code 127). Check command and entryPoint, and what is in the image.',
  },
  {
    exitCode: 143,
    hint: 'The container was asked to end (exit code 143).',
  },
  {
    exitCode: 0,
    hint: 'An essential container ended by itself (exit code 0). A service’s essential containers have to go on running; a task that is to end belongs to “run task”, or the container is not essential.',
  },
];

/** The cause in plain words and what to do; `undefined` when it is not a well-known one. */
export function hintFor(signs: FailureSigns): string | undefined {
  const reasons = [signs.stoppedReason, signs.containerReason].filter((reason) => reason !== undefined);
  const found = CAUSES.find(
    ({ reason, line, exitCode }) =>
      (reason !== undefined && reasons.some((text) => reason.test(text))) ||
      (line !== undefined && signs.lines.some((text) => line.test(text))) ||
      (exitCode !== undefined && exitCode === signs.exitCode),
  );
  if (found) {
    return found.hint;
  }
  if (signs.exitCode !== undefined) {
    return `An essential container ended with exit code ${signs.exitCode}: its last lines say why.`;
  }
  return undefined;
}
