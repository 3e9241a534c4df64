import { Healthcheck } from 'dockerfile-ast';
import { expand, readStages, type BuiltStage, type Variables } from './dockerfileStages';
import { WIDEST_RANGE } from '../rules/portRules';
import { readHealthCheck, type HealthCheck } from './readHealthCheck';

/** A port, or a range of them, that an image listens on. */
export interface ExposedPorts {
  readonly low: number;
  readonly high: number;
  readonly protocol: 'tcp' | 'udp';
}

/** What a Dockerfile says that matters to ECS. */
export interface DockerfileFacts {
  readonly ports: readonly ExposedPorts[];
  readonly healthCheck: HealthCheck | undefined;
  readonly user: string | undefined;
  readonly architecture: 'X86_64' | 'ARM64';
  /** A value of `operatingSystemFamily`. */
  readonly system: string;
  /** What could not be taken over as it stands, and why; one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads what the image of a Dockerfile listens on, how it is checked, who it runs as and where it runs.
 *
 * @param target the stage that is built, by name or number; the last one when left out
 * @throws UserError('invalidInput') when it has no FROM, or no such stage
 */
export function readDockerfile(text: string, target?: string): DockerfileFacts {
  const stage = readStages(text.replace(/^\uFEFF/, ''), target);
  const notes: string[] = [];
  let ports: ExposedPorts[] = [];
  let healthCheck: HealthCheck | undefined;
  let user: string | undefined;
  for (const { instruction, variables } of stage.instructions) {
    if (instruction instanceof Healthcheck) {
      healthCheck = readHealthCheck(instruction, variables, notes);
    } else if (instruction.getKeyword() === 'EXPOSE') {
      ports = [...ports, ...readPorts(instruction.getArgumentsContent() ?? '', variables, notes)];
    } else if (instruction.getKeyword() === 'USER') {
      const written = instruction.getArgumentsContent() ?? '';
      user = expand(written, variables) || undefined;
      if (user === undefined) {
        notes.push(`USER ${written}: only the build knows its value.`);
      }
    }
  }
  const platform = readPlatform(stage, notes);
  return { ports: withoutOverlap(ports, notes), healthCheck, user, ...platform, notes };
}

function readPorts(written: string, variables: Variables, notes: string[]): ExposedPorts[] {
  return written.split(/\s+/).flatMap((token) => {
    const text = expand(token, variables);
    const [, from, to = from, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(text ?? '') ?? [];
    const [low, high] = [Number(from), Number(to)];
    if (text === undefined) {
      notes.push(`EXPOSE ${token}: only the build knows its value.`);
    } else if (from === undefined || low < 1 || high < low || high > 65_535) {
      notes.push(`EXPOSE ${token}: this is no port.`);
    } else if (!/^(?:tcp|udp)$/i.test(protocol)) {
      notes.push(`EXPOSE ${token}: ECS maps tcp and udp.`);
    } else if (high - low + 1 > WIDEST_RANGE) {
      notes.push(`EXPOSE ${token}: a task may have ${WIDEST_RANGE} ports in ranges.`);
    } else {
      return [{ low, high, protocol: protocol.toLowerCase() as ExposedPorts['protocol'] }];
    }
    return [];
  });
}

/** ECS takes a port in one mapping only, so that of two which share ports the wider one stays. */
function withoutOverlap(ports: readonly ExposedPorts[], notes: string[]): ExposedPorts[] {
  const widestFirst = [...ports].sort((one, other) => other.high - other.low - (one.high - one.low));
  const kept: ExposedPorts[] = [];
  for (const { low, high, protocol } of widestFirst) {
    const other = kept.find((each) => each.protocol === protocol && each.low <= high && low <= each.high);
    if (!other) {
      kept.push({ low, high, protocol });
    } else if (low < other.low || high > other.high) {
      notes.push(`EXPOSE ${low}-${high}: shares ports with ${other.low}-${other.high}.`);
    }
  }
  return kept.sort((one, other) => one.low - other.low);
}

function readPlatform(
  { platform, baseImage = '' }: BuiltStage,
  notes: string[],
): Pick<DockerfileFacts, 'architecture' | 'system'> {
  const [system, architecture] = platform?.toLowerCase().split('/') ?? [];
  if (system === 'windows' || /windows|nanoserver/i.test(baseImage)) {
    const year = /ltsc(2019|2022|2025)/i.exec(baseImage)?.[1] ?? '2022';
    return { architecture: 'X86_64', system: `WINDOWS_SERVER_${year}_CORE` };
  }
  if (architecture !== undefined && architecture !== 'amd64' && architecture !== 'arm64') {
    notes.push(`Platform ${platform}: ECS runs amd64 and arm64.`);
  }
  return { architecture: architecture === 'arm64' ? 'ARM64' : 'X86_64', system: 'LINUX' };
}
