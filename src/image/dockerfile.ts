import { basename, dirname } from 'node:path';

/** Finds the files that `isDockerfileName` accepts, as far as a glob can say it. */
export const DOCKERFILE_GLOB =
  '**/{[Dd]ockerfile,[Dd]ockerfile.*,*.[Dd]ockerfile,[Cc]ontainerfile,[Cc]ontainerfile.*,*.[Cc]ontainerfile}';

/** Whether people give this name to a Dockerfile: `Dockerfile`, `api.Dockerfile`, `Dockerfile.dev`, … */
export function isDockerfileName(path: string): boolean {
  const name = basename(path);
  // `Dockerfile.dockerignore` belongs to the Dockerfile beside it.
  return (
    /^(?:.+\.)?(?:docker|container)file$|^(?:docker|container)file\..+$/i.test(name) &&
    !/\.(?:docker|container)ignore$/i.test(name)
  );
}

/** The folder that a Dockerfile copies from when nothing else is said: its own. */
export function defaultBuildContext(dockerfile: string): string {
  return dirname(dockerfile);
}

/** An instruction of a Dockerfile. */
export interface Instruction {
  /** Where it begins, counted from 1. */
  readonly line: number;
  /** Its text with continuation lines joined, comments left out, and white space as single blanks. */
  readonly text: string;
}

/**
 * The instructions of a Dockerfile in their order.
 * Rules: https://docs.docker.com/reference/dockerfile/ (format, escape directive, here-documents).
 */
export function parseInstructions(text: string): Instruction[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n/);
  const escape = /^\s*#\s*escape\s*=\s*`/im.test(text) ? '`' : '\\';
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length; index++) {
    if (isBlankOrComment(lines[index])) {
      continue;
    }
    const begin = index;
    const parts: string[] = [];
    for (; index < lines.length; index++) {
      const line = lines[index] ?? '';
      if (parts.length > 0 && isBlankOrComment(line)) {
        continue;
      }
      const continued = line.trimEnd().endsWith(escape);
      parts.push(continued ? line.trimEnd().slice(0, -1) : line);
      if (!continued) {
        break;
      }
    }
    const joined = collapse(parts.join(' '));
    instructions.push({ line: begin + 1, text: joined });
    index = skipHereDocuments(joined, lines, index);
  }
  return instructions;
}

/**
 * The instruction that a builder's step stands for: the one with the same text or, where builders rewrite the
 * text, the one with the same number.
 */
export function findInstruction(
  text: string,
  step: { readonly text: string; readonly number?: number },
): Instruction | undefined {
  const instructions = parseInstructions(text);
  const numbered = step.number === undefined ? undefined : instructions[step.number - 1];
  const wanted = collapse(step.text);
  if (numbered?.text === wanted) {
    return numbered;
  }
  return instructions.find((each) => each.text === wanted) ?? numbered;
}

function isBlankOrComment(line: string | undefined): boolean {
  return line === undefined || /^\s*(?:#.*)?$/.test(line);
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** @returns the index of the last line that belongs to the instruction */
function skipHereDocuments(instruction: string, lines: readonly string[], index: number): number {
  if (!/^(?:run|copy|add)\s/i.test(instruction)) {
    return index;
  }
  let last = index;
  for (const match of instruction.matchAll(/<<-?\s*(["']?)(\w+)\1/g)) {
    const end = lines.findIndex((line, at) => at > last && line.replace(/^\t+/, '') === match[2]);
    last = end < 0 ? last : end;
  }
  return last;
}
