/** A step of a build that has begun. */
export interface BuildProgress {
  /** Counted from 1, within the stage where the builder counts so. */
  readonly current: number;
  readonly total: number;
  /** The instruction, as the builder prints it. */
  readonly text: string;
}

/** Where and why a build has failed, from what the builder printed. */
export interface BuildFailure {
  /** The builder's own last word, on one line. */
  readonly message: string;
  /** The line of the Dockerfile, counted from 1, where the builder names it. */
  readonly line?: number;
  /** The step that was under way, where it names only that. */
  readonly step?: BuildStep;
}

export interface BuildStep {
  /** The instruction's text with its continuation lines joined. */
  readonly text: string;
  /** Which instruction of the whole file it is, counted from 1, where the builder counts so. */
  readonly number?: number;
}

// docker's classic builder:  Step 3/5 : RUN make
const CLASSIC = /^Step (\d+)\/(\d+) : (.*)$/;
// buildah, thus podman:      [1/2] STEP 3/5: RUN make
const BUILDAH = /^(?:\[\d+\/\d+\] )?STEP (\d+)\/(\d+): (.*)$/;
// BuildKit, plain progress:  #7 [linux/amd64 build 3/5] RUN make
const BUILDKIT = /^#\d+ \[(?:[^\]]* )?(\d+)\/(\d+)\] (.*)$/;

/** Reads one line of any builder's output; `undefined` when it begins no step. */
export function parseBuildProgress(line: string): BuildProgress | undefined {
  const match = CLASSIC.exec(line) ?? BUILDAH.exec(line) ?? BUILDKIT.exec(line);
  return match?.[1] && match[2] && match[3] !== undefined
    ? { current: Number(match[1]), total: Number(match[2]), text: match[3] }
    : undefined;
}

// BuildKit quotes the Dockerfile and marks the lines at fault:   4 | >>> COPY missing.txt /x
const MARKED_LINE = /^\s*(\d+) \| >>> /;
const PARSE_ERROR = /\bparse error (?:on )?line (\d+)\b/i;
// Older BuildKit only names the step:    > [build 3/5] RUN make:
const FAILED_STEP = /^ > \[(?:[^\]]* )?\d+\/\d+\] (.*):$/;
const ERROR_LINE = /^(?:\w+: )?(?:error\b|(?:copy|add) failed: |the command '.*' returned a non-zero code)/i;
// Go's loggers put these before what they say.
const LOG_PREFIX = /^(?:time="[^"]*" level=(?:fatal|error) msg=|FATA\[\d+\] )/;

/**
 * Reads the lines of a build that ended with an error.
 * @param lines the output of both streams, in the order of their arrival, at least the last few hundred lines
 */
export function parseBuildFailure(lines: readonly string[]): BuildFailure {
  const message = tidy(lines.findLast((line) => ERROR_LINE.test(line)) ?? lastWord(lines));
  const line =
    lines.map((each) => MARKED_LINE.exec(each)?.[1]).find((number) => number !== undefined) ??
    PARSE_ERROR.exec(message)?.[1];
  if (line !== undefined) {
    return { message, line: Number(line) };
  }
  const step = findFailedStep(lines);
  return step ? { message, step } : { message };
}

function findFailedStep(lines: readonly string[]): BuildStep | undefined {
  for (const line of lines.toReversed()) {
    const failed = FAILED_STEP.exec(line) ?? BUILDAH.exec(line);
    const text = failed?.at(-1);
    if (text !== undefined) {
      return { text };
    }
    const classic = CLASSIC.exec(line);
    if (classic?.[3] !== undefined) {
      return { text: classic[3], number: Number(classic[1]) };
    }
    if (/^(?:\[\d+\/\d+\] )?COMMIT\b/.test(line)) {
      return undefined;
    }
  }
  return undefined;
}

function lastWord(lines: readonly string[]): string {
  return lines.findLast((line) => !/^(?:-+|#\d+ .*|\s*\d+ \|.*)$/.test(line)) ?? 'no reason given';
}

function tidy(message: string): string {
  return (
    message
      .trim()
      .replace(LOG_PREFIX, '')
      // buildah prints its own data structure after the reason.
      .replace(/ &imagebuilder\.Step\{.*$/s, '')
      .replace(/^(?:error response from daemon|error): /i, '')
  );
}

/** Whether a program of another processor architecture could not be run. */
export function isForeignArchitecture(lines: readonly string[]): boolean {
  return lines.some((line) => /exec format error/i.test(line));
}
