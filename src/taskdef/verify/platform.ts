import type { TextSpan } from '../document/textSpan';
import type { Task } from '../rules/task';

/** What the images of a definition have to run on. */
export interface WantedPlatform {
  /** In the words of image manifests: "linux", "windows". */
  readonly os: string;
  /** "amd64", "arm64" */
  readonly architecture: string;
  /** False where nothing in the file says so, and an EC2 instance may be of another architecture. */
  readonly certain: boolean;
  /** Where the file says so. */
  readonly span: TextSpan | undefined;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

/**
 * The platform of a definition: `runtimePlatform`, by default Linux on X86_64.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
 *
 * @returns `undefined` where it cannot be known, as beside a placeholder
 */
export function wantedPlatform(task: Task): WantedPlatform | undefined {
  const platform = task.definition.member('runtimePlatform');
  const cpu = platform.member('cpuArchitecture');
  const system = platform.member('operatingSystemFamily');
  if ([platform, cpu, system].some(({ unknown }) => unknown)) {
    return undefined;
  }
  const name = cpu.absent ? 'X86_64' : cpu.text;
  const architecture =
    name !== undefined && Object.hasOwn(ARCHITECTURES, name) ? ARCHITECTURES[name] : undefined;
  if (architecture === undefined) {
    return undefined;
  }
  return {
    os: task.windows ? 'windows' : 'linux',
    architecture,
    certain: !cpu.absent || task.fargate !== undefined,
    span: (cpu.absent ? system : cpu).written ? (cpu.absent ? system : cpu).span : undefined,
  };
}

/** @param platforms each "os/architecture" or "os/architecture/variant" */
export function runsOn(platforms: readonly string[], { os, architecture }: WantedPlatform): boolean {
  return platforms.some((platform) => {
    const [offeredOs, offeredArchitecture] = platform.split('/');
    return offeredOs === os && offeredArchitecture === architecture;
  });
}
