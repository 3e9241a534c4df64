import { Arg, DockerfileParser, Env, From, type Instruction } from 'dockerfile-ast';
import { UserError } from '../../base/errors';

/** What the variables of a Dockerfile stand for; `undefined` for those that only the build is told. */
export type Variables = ReadonlyMap<string, string | undefined>;

export interface StageInstruction {
  readonly instruction: Instruction;
  /** What an ARG or ENV before it has set. */
  readonly variables: Variables;
}

/** What decides how the image behaves: the stage that is built, and before it those that it is based on. */
export interface BuiltStage {
  readonly instructions: readonly StageInstruction[];
  /** As `--platform` gives it: "linux/arm64". */
  readonly platform: string | undefined;
  /** The image that the first of the stages is built on. */
  readonly baseImage: string | undefined;
}

interface Stage extends BuiltStage {
  readonly name: string | undefined;
  /** What a stage on top of this one inherits: its ENV, not its ARG. */
  readonly environment: Variables;
}

/**
 * Reads a Dockerfile up to the stage that is built: `target`, by name or number, or the last one.
 * Rules: https://docs.docker.com/reference/dockerfile/ (environment replacement, scope of ARG, FROM).
 *
 * @throws UserError('invalidInput') when there is no FROM, or no such stage
 */
export function readStages(text: string, target: string | undefined): BuiltStage {
  const global = new Map<string, string | undefined>();
  const stages: Stage[] = [];
  let open: { arguments: Map<string, string | undefined>; stage: StageBuilder } | undefined;
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction instanceof From) {
      const stage = beginStage(instruction, stages, global);
      stages.push(stage);
      open = { arguments: new Map(), stage };
    } else if (instruction instanceof Arg) {
      const property = instruction.getProperty();
      const value = property?.getValue() ?? undefined;
      if (property && open) {
        const seen = visible(open);
        const given = value === undefined ? global.get(property.getName()) : expand(value, seen);
        open.arguments.set(property.getName(), given);
      } else if (property) {
        global.set(property.getName(), value === undefined ? undefined : expand(value, global));
      }
    } else if (instruction instanceof Env && open) {
      const seen = visible(open);
      for (const property of instruction.getProperties()) {
        open.stage.environment.set(property.getName(), expand(property.getValue() ?? '', seen));
      }
    } else if (open) {
      open.stage.instructions.push({ instruction, variables: visible(open) });
    }
  }
  return chosen(stages, target);
}

interface StageBuilder extends Stage {
  readonly environment: Map<string, string | undefined>;
  readonly instructions: StageInstruction[];
}

function beginStage(from: From, stages: readonly Stage[], global: Variables): StageBuilder {
  const image = expand(from.getImage() ?? '', global);
  const base = stages.findLast(({ name }) => name !== undefined && name === image?.toLowerCase());
  const platform = from.getPlatformFlag()?.getValue();
  return {
    name: from.getBuildStage()?.toLowerCase(),
    platform: (platform ? expand(platform, global) : undefined) ?? base?.platform,
    baseImage: base ? base.baseImage : image,
    environment: new Map(base?.environment),
    instructions: [...(base?.instructions ?? [])],
  };
}

function chosen(stages: readonly Stage[], target: string | undefined): BuiltStage {
  const last = stages.at(-1);
  if (!last) {
    throw new UserError('invalidInput', 'The Dockerfile has no FROM, and so describes no image.');
  }
  if (target === undefined) {
    return last;
  }
  const stage =
    stages.findLast(({ name }) => name === target.toLowerCase()) ??
    (/^\d+$/.test(target) ? stages[Number(target)] : undefined);
  if (!stage) {
    throw new UserError('invalidInput', `The Dockerfile has no such stage: ${target}`);
  }
  return stage;
}

/** An ENV counts before an ARG of the same name. */
function visible(open: { arguments: Variables; stage: { environment: Variables } }): Variables {
  return new Map([...open.arguments, ...open.stage.environment]);
}

const VARIABLE =
  /\\(?<escaped>.)|\$(?<plain>[A-Za-z_]\w*)|\$\{(?<name>[A-Za-z_]\w*)(?:(?<colon>:)?(?<operator>[-+])(?<word>[^}]*))?\}/g;

/** The text with its variables replaced, without quotes; `undefined` when one is not known before the build. */
export function expand(text: string, variables: Variables): string | undefined {
  let known = true;
  const expanded = text.replace(VARIABLE, (...match) => {
    const { escaped, plain, name, colon, operator, word } = match.at(-1) as Record<
      string,
      string | undefined
    >;
    if (escaped !== undefined) {
      return escaped;
    }
    const value = variables.get(plain ?? name ?? '');
    const isSet = colon ? value !== undefined && value !== '' : value !== undefined;
    if (operator === '+') {
      return isSet ? (expand(word ?? '', variables) ?? '') : '';
    }
    const fallback = operator === '-' && !isSet ? expand(word ?? '', variables) : value;
    known &&= fallback !== undefined;
    return fallback ?? '';
  });
  return known ? expanded.replace(/["']/g, '') : undefined;
}
