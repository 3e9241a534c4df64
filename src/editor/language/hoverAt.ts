import type { AwsContext } from '../../aws/context';
import { parseTaskDefinition } from '../../taskdef/document/taskDefinitionDocument';
import type { TextSpan } from '../../taskdef/document/textSpan';
import { describeReference } from '../../taskdef/hover/describeReference';
import { describeSizeAt } from '../../taskdef/hover/describeSize';
import type { HoverText } from '../../taskdef/hover/hoverText';
import type { Answer, Lookups, ScanFacts } from '../../taskdef/lookups';
import { keyOf, lookUp, referenceAt, type LookedUp } from '../../taskdef/references';
import { viewTask } from '../../taskdef/rules/task';
import { referenceUrl } from './referenceUrl';

export interface HoverContent {
  readonly span: TextSpan;
  readonly text: HoverText;
  /** The page in the AWS console. */
  readonly url: string | undefined;
}

interface Described {
  readonly lookedUp: LookedUp;
  readonly scan: Answer<ScanFacts> | undefined;
}

/** What was asked lately, under one context. */
export class HoverAnswers {
  private readonly asked = new Map<string, { readonly until: number; readonly answer: Promise<Described> }>();

  /** @param lifetime milliseconds for which an answer stands */
  constructor(
    readonly context: AwsContext,
    private readonly lookups: Lookups,
    private readonly lifetime: number,
  ) {}

  /** Asks without a signal: what one hover no longer waits for, the next one will. */
  get(reference: LookedUp['reference']): Promise<Described> {
    const now = Date.now();
    for (const [key, { until }] of this.asked) {
      if (until <= now) {
        this.asked.delete(key);
      }
    }
    const key = keyOf(reference);
    const known = this.asked.get(key);
    if (known) {
      return known.answer;
    }
    const answer = this.ask(reference);
    this.asked.set(key, { until: now + this.lifetime, answer });
    answer.catch(() => this.asked.delete(key));
    return answer;
  }

  private async ask(reference: LookedUp['reference']): Promise<Described> {
    const lookedUp = await lookUp(reference, this.lookups);
    const scan =
      reference.kind === 'image' && lookedUp.answer.kind === 'found'
        ? await this.lookups.scan(reference.uri)
        : undefined;
    return { lookedUp, scan };
  }
}

/**
 * What a hover over an offset of a text says.
 * @param answers left out where no context is open: then only what the text says itself is known
 * @param region of which the console's pages are, where a reference names none; `undefined` for no pages
 */
export async function hoverAt(
  text: string,
  offset: number,
  answers: HoverAnswers | undefined,
  region: string | undefined,
): Promise<HoverContent | undefined> {
  const task = viewTask(parseTaskDefinition(text));
  const size = describeSizeAt(task, offset);
  if (size) {
    return { ...size, url: undefined };
  }
  const reference = referenceAt(task, offset);
  if (!reference || !answers) {
    return undefined;
  }
  const { lookedUp, scan } = await answers.get(reference);
  const described = describeReference(lookedUp, scan);
  return (
    described && {
      span: reference.span,
      text: described,
      url: region === undefined ? undefined : referenceUrl(reference, region),
    }
  );
}
